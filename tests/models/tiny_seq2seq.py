"""Real sequence-to-sequence models with a few random layers and tokenizers trained on the project's article."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asking import REAL
from tiny_llama import byte_level

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

READS = 64
"""Tokens that BART, PEGASUS and T5 read at once."""
LED_READS = 256
WIDTH = 32
VOCABULARY = 400


def save(folder: Path, kind: str) -> Path:
    """Save a model of this kind and its tokenizer."""
    import torch

    torch.manual_seed(0)
    model = _MODELS[kind]()
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 and "embed_positions" not in name:
                weights.normal_(0, 0.4)  # so that its choices are clear-cut
    model.save_pretrained(folder)
    _tokenizer(kind).save_pretrained(folder)
    return folder


def _tokenizer(kind: str) -> PreTrainedTokenizerBase:
    return _byte_level(LED_READS if kind == "led" else READS) if kind in ("bart", "led") else _unigram(kind)


def _byte_level(longest: int) -> PreTrainedTokenizerBase:
    """Like BART's and LED's: bytes, with ``<s>`` before a text and ``</s>`` after it."""
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    tokenizer = byte_level(VOCABULARY, ["<s>", "<pad>", "</s>"])
    tokenizer.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    names = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=longest, **names)


def _unigram(kind: str) -> PreTrainedTokenizerBase:
    """Like T5's and PEGASUS's: word pieces, with ``</s>`` after a text; PEGASUS has a piece for a line break."""
    from tokenizers import Tokenizer
    from tokenizers.decoders import Metaspace as MetaspaceDecoder
    from tokenizers.models import Unigram
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing
    from tokenizers.trainers import UnigramTrainer
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(Unigram())
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.decoder = MetaspaceDecoder()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = UnigramTrainer(vocab_size=VOCABULARY - 1, special_tokens=special, unk_token="<unk>", show_progress=False)  # noqa: S106  # a piece of text
    tokenizer.train_from_iterator([(REAL / "article.md").read_text(encoding="utf-8")], trainer)
    tokenizer.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=READS, **names)
    if kind == "pegasus":
        fast.add_tokens(["<n>"])
    return fast


def _t5() -> PreTrainedModel:
    from transformers import T5Config, T5ForConditionalGeneration

    tokens: dict[str, Any] = {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1}
    shape: dict[str, Any] = {"d_model": WIDTH, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
    return T5ForConditionalGeneration(T5Config(vocab_size=VOCABULARY, **shape, **tokens))


_SHAPE: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "d_model": WIDTH,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
}
_BART_TOKENS: dict[str, Any] = {
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 2,
    "forced_eos_token_id": 2,
}


def _bart() -> PreTrainedModel:
    from transformers import BartConfig, BartForConditionalGeneration

    return BartForConditionalGeneration(BartConfig(max_position_embeddings=READS, **_SHAPE, **_BART_TOKENS))


def _led() -> PreTrainedModel:
    from transformers import LEDConfig, LEDForConditionalGeneration

    reads: dict[str, Any] = {"max_encoder_position_embeddings": LED_READS, "max_decoder_position_embeddings": READS}
    return LEDForConditionalGeneration(LEDConfig(attention_window=16, **reads, **_SHAPE, **_BART_TOKENS))


def _pegasus() -> PreTrainedModel:
    from transformers import PegasusConfig, PegasusForConditionalGeneration

    tokens: dict[str, Any] = {
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
        "forced_eos_token_id": 1,
    }
    return PegasusForConditionalGeneration(PegasusConfig(max_position_embeddings=READS, **_SHAPE, **tokens))


_MODELS: dict[str, Callable[[], PreTrainedModel]] = {"t5": _t5, "bart": _bart, "led": _led, "pegasus": _pegasus}
