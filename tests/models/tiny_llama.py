"""A real Llama with two random layers and a tokenizer trained on the project's article."""

from __future__ import annotations

from pathlib import Path

from asking import REAL
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer

START, END = "<|im_start|>", "<|im_end|>"
CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
CONTEXT = 256


def save(folder: Path, chat: str | None = CHAT, ends: list[int] | None = None) -> Path:
    """Save the model and its tokenizer. ``ends``: the tokens that end a text."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = byte_level(400, [START, END])
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=CONTEXT,
            initializer_range=0.5,  # so that its choices are clear-cut
            tie_word_embeddings=False,
            bos_token_id=0,
            eos_token_id=1,
        )
    )
    if ends:
        model.generation_config.eos_token_id = ends
    model.save_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=START, eos_token=END)
    fast.chat_template = chat
    fast.save_pretrained(folder)
    return folder


def byte_level(size: int, special: list[str]) -> Tokenizer:
    """A byte-level BPE tokenizer with ``size`` tokens."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator([(REAL / "article.md").read_text(encoding="utf-8")], trainer)
    return tokenizer
