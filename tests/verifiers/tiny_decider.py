"""Real models of two random layers: one that chats, and one that was made to decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import LlamaConfig

LETTERS = "".join(map(chr, range(32, 127)))
CHAT = (
    "{% for message in messages %}{{ '<s>' + message['role'] + ': ' + message['content'] + '</s>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<s>assistant: ' }}{% endif %}"
)
ASKED = "{{ state.premise }}|{{ state.hypothesis }}{% for each in question.options %}|{{ each }}{% endfor %}<|mark|>"
CONTEXT = 2048
"""Characters, of which each is a token."""
WIDTH = 32


def chatting(folder: Path, chat: str | None = CHAT) -> Path:
    """A causal language model as save_pretrained writes it."""
    import torch
    from transformers import LlamaForCausalLM

    torch.manual_seed(0)
    LlamaForCausalLM(_config()).save_pretrained(folder)
    _save_tokenizer(folder, chat)
    return folder


def deciding(folder: Path) -> Path:
    """A model with a decision head, its labels three letters, its prompt its own."""
    import torch
    from transformers import JevConfig, JevForDecision
    from transformers.decision import DecisionConfig

    torch.manual_seed(0)
    offsets = {"noul": 0, "score": 2, "choice": 5}
    model = JevForDecision(
        JevConfig(text_config=_config(), hidden_size=WIDTH, num_verbalizers=8, offsets=offsets, initializer_range=1.0)
    )
    model.decision_config = DecisionConfig(
        labels={"choice": ["X", "Y", "Z"]},
        chat_template=ASKED,
    )
    model.save_pretrained(folder)
    _save_tokenizer(folder, None)
    return folder


def _config() -> LlamaConfig:
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=len(LETTERS) + 4,
        hidden_size=WIDTH,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        initializer_range=0.5,  # so that its choices are clear-cut
        tie_word_embeddings=False,
    )


def _save_tokenizer(folder: Path, chat: str | None) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from transformers import PreTrainedTokenizerFast

    signs = ["<s>", "</s>", "<unk>", "\n", *LETTERS]
    bpe = BPE({sign: number for number, sign in enumerate(signs)}, [], unk_token="<unk>")  # noqa: S106  # no secret
    special = dict(zip(("bos_token", "eos_token", "unk_token"), signs, strict=False))
    fast = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(bpe), **special)
    fast.chat_template = chat
    fast.save_pretrained(folder)
