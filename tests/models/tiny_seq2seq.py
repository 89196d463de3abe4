"""Real sequence-to-sequence models with a few random layers and tokenizers trained on the project's article."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiny_llama import byte_level

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

READS = 64
"""Tokens that BART, PEGASUS and T5 read at once."""
LED_READS = 256
WIDTH = 32
VOCABULARY = 400


def save(folder: Path, kind: str) -> Path:
    import torch
    from transformers import AutoConfig, AutoModelForSeq2SeqLM

    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, vocab_size=VOCABULARY, d_model=WIDTH, **_CONFIGS[kind])
    model = AutoModelForSeq2SeqLM.from_config(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 and "embed_positions" not in name:
                weights.normal_(0, 0.4)  # so that its choices are clear-cut
    model.save_pretrained(folder)
    _tokenizer(kind).save_pretrained(folder)
    return folder


def _tokenizer(kind: str) -> PreTrainedTokenizerBase:
    """A byte-level tokenizer with the kind's special tokens; PEGASUS also has one for a line break."""
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    if kind in ("bart", "led"):
        special, template = ["<s>", "<pad>", "</s>"], "<s> $A </s>"
    else:
        special, template = ["<pad>", "</s>", "<unk>"], "$A </s>"
    tokenizer = byte_level(VOCABULARY - (kind == "pegasus"), special)
    numbered = [(token, number) for number, token in enumerate(special)]
    tokenizer.post_processor = TemplateProcessing(single=template, special_tokens=numbered)
    names = {"pad_token": "<pad>", "eos_token": "</s>", **({"bos_token": "<s>"} if "<s>" in special else {})}
    longest = LED_READS if kind == "led" else READS
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=longest, **names)
    if kind == "pegasus":
        fast.add_tokens(["<n>"])
    return fast


_BART: dict[str, Any] = {
    **dict.fromkeys(["encoder_layers", "decoder_layers"], 2),
    **dict.fromkeys(["encoder_attention_heads", "decoder_attention_heads"], 4),
    **dict.fromkeys(["encoder_ffn_dim", "decoder_ffn_dim"], 64),
    "max_position_embeddings": READS,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 2,
    "forced_eos_token_id": 2,
}
_UNIGRAM: dict[str, Any] = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
_CONFIGS: dict[str, dict[str, Any]] = {
    "t5": {**_UNIGRAM, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4},
    "bart": _BART,
    "led": {
        **_BART,
        "attention_window": 16,
        "max_encoder_position_embeddings": LED_READS,
        "max_decoder_position_embeddings": READS,
    },
    "pegasus": {**_BART, **_UNIGRAM, "forced_eos_token_id": 1},
}
