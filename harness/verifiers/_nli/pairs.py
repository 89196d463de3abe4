"""Pairs of a window of the premise and a hypothesis, as a model's tokenizer writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import AfterValidator

from harness.errors import ModelError
from harness.text import normalise

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Between = Literal["pair", "eos"]
_SLOT = re.compile(r"\{(premise|hypothesis)\}")


def _whole(template: str) -> str:
    if sorted(_SLOT.findall(template)) != ["hypothesis", "premise"]:
        raise ValueError("write {premise} once and {hypothesis} once, as in 'premise: {premise} claim: {hypothesis}'")
    return template


Template = Annotated[str, AfterValidator(_whole)]
"""A text with {premise} and {hypothesis}, each once."""


class WindowPair(NamedTuple):
    """A window of the premise and a hypothesis that it may support."""

    window: str
    hypothesis: str


class PairTokenizer:
    """A tokenizer of pairs, which stand side by side or in a template.

    Texts are normalised, and what looks like one of the tokenizer's special tokens is one in a template alone.
    """

    def __init__(
        self, name: str, tokenizer: PreTrainedTokenizerBase, between: Between, template: str | None = None
    ) -> None:
        self.tokenizer = tokenizer
        if tokenizer.pad_token is None:
            raise ModelError(f"the tokenizer of {name} has no padding token, so that no batch can be made of its texts")
        if between == "eos" and tokenizer.eos_token is None:
            raise ModelError(f"the tokenizer of {name} has no end-of-sentence token; set between: pair")
        self._template = f"{{premise}}{tokenizer.eos_token}{{hypothesis}}" if between == "eos" else template
        self._special = re.compile("|".join(map(re.escape, tokenizer.all_special_tokens)))
        self.length = lru_cache(maxsize=1 << 16)(self._length)
        self.frame: int = len(self.encode([WindowPair("", "")])[0]["input_ids"])
        """Tokens that stand around and between the texts of a pair."""

    def encode(self, pairs: Sequence[WindowPair]) -> list[dict[str, list[int]]]:
        """The model's inputs for each pair, uncut and not padded."""
        plain = [WindowPair(self._plain(window), self._plain(hypothesis)) for window, hypothesis in pairs]
        if self._template is None:
            encoded = self.tokenizer(
                [pair.window for pair in plain], [pair.hypothesis for pair in plain], verbose=False
            )
        else:
            encoded = self.tokenizer([_filled(self._template, pair) for pair in plain], verbose=False)
        return [{key: encoded[key][at] for key in encoded} for at in range(len(pairs))]

    def size(self, window: str, hypothesis: str) -> int:
        """Tokens of a pair, counted in their template, where a word may be cut otherwise than alone."""
        if self._template is None:
            return self.length(window) + self.length(hypothesis) + self.frame
        return len(self.encode([WindowPair(window, hypothesis)])[0]["input_ids"])

    def _length(self, text: str) -> int:
        """Tokens of a text, without the frame."""
        return len(self.tokenizer(self._plain(text), add_special_tokens=False, verbose=False)["input_ids"])

    def _plain(self, text: str) -> str:
        return self._special.sub(lambda match: f"{match[0][0]} {match[0][1:]}", normalise(text))


def _filled(template: str, pair: WindowPair) -> str:
    """The template with the pair in it, in one step: braces in the texts stay what they are."""
    parts = {"premise": pair.window, "hypothesis": pair.hypothesis}
    return _SLOT.sub(lambda slot: parts[slot[1]], template)
