"""Pairs of a text and a statement as a classifier's tokenizer writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from harness.errors import ModelError
from harness.text import normalise

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Between = Literal["pair", "eos"]


class Asked(NamedTuple):
    """A text and a statement that it may support."""

    text: str
    statement: str


class Pairs:
    """A tokenizer of pairs. Texts are normalised, and what looks like one of its special tokens in them is none."""

    def __init__(self, name: str, tokenizer: PreTrainedTokenizerBase, between: Between) -> None:
        self.tokenizer = tokenizer
        if tokenizer.pad_token is None:
            raise ModelError(f"the tokenizer of {name} has no padding token, so that no batch can be made of its texts")
        if between == "eos" and tokenizer.eos_token is None:
            raise ModelError(f"the tokenizer of {name} has no end-of-sentence token; set between: pair")
        self._joint: str | None = tokenizer.eos_token if between == "eos" else None
        self._special = re.compile("|".join(map(re.escape, tokenizer.all_special_tokens)))
        self.frame: int = tokenizer.num_special_tokens_to_add(pair=between == "pair") + (between == "eos")
        """Tokens that stand around and between the texts of a pair."""
        self.length = lru_cache(maxsize=1 << 16)(self._length)

    def encode(self, asked: Sequence[Asked]) -> list[dict[str, list[int]]]:
        """What the model reads of each, uncut and not padded."""
        texts, statements = ([self._plain(text) for text in side] for side in zip(*asked, strict=True))
        if self._joint is None:
            found = self.tokenizer(texts, statements, verbose=False)
        else:
            joined = [f"{text}{self._joint}{statement}" for text, statement in zip(texts, statements, strict=True)]
            found = self.tokenizer(joined, verbose=False)
        return [{key: found[key][at] for key in found} for at in range(len(asked))]

    def _length(self, text: str) -> int:
        """Tokens of a text, without the frame."""
        return len(self.tokenizer(self._plain(text), add_special_tokens=False, verbose=False)["input_ids"])

    def _plain(self, text: str) -> str:
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", normalise(text))
