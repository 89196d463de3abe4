"""Texts as a language model's tokens, and which of these belong to words that say something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.text import normalise
from harness.verifiers._lexical.tokens import tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[%£$€]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that a model is asked about, as it continues a prefix."""

    ids: tuple[int, ...]
    words: tuple[tuple[int, ...], ...]
    """The places in ``ids`` of the tokens of each content word; of all words, where none is a content word."""
    told: tuple[str, ...]
    """Token by token, the word that it is a part of; empty where it is of none."""


class Tokens:
    """A model's tokenizer. What looks like one of its control tokens (``<|im_end|>``) is plain text to it."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    def prefix(self, text: str) -> list[int]:
        """The tokens that open a sequence, with the one that the model wants in front, where it wants one."""
        return list(self._tokenizer(text, split_special_tokens=True, verbose=False)["input_ids"])

    def statement(self, text: str) -> Statement:
        """The text as a continuation."""
        written = " " + " ".join(normalise(text).split())
        encoded = self._tokenizer(
            written,
            add_special_tokens=False,
            split_special_tokens=True,
            return_offsets_mapping=True,
            verbose=False,
        )
        spans = [_trimmed(written, *span) for span in encoded["offset_mapping"]]
        words = list(_words(written, spans))
        said = tuple(places for places, content in words if content)
        ids = tuple(encoded["input_ids"])
        told = tuple(_word_at(written, *span) for span in spans)
        return Statement(ids, said or tuple(places for places, _ in words) or (tuple(range(len(ids))),), told)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces that a token begins with."""
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _word_at(text: str, start: int, end: int) -> str:
    return next((match.group() for match in _WORD.finditer(text) if match.start() < end and match.end() > start), "")


def _words(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """The tokens of each word, and whether it says something by itself: not the, of, was."""
    for match in _WORD.finditer(text):
        places = tuple(at for at, (start, end) in enumerate(spans) if start < match.end() and end > match.start())
        if places:
            yield places, any(token.kind != "function" for token in tokens(match.group()))
