"""What the makers of edits read: the text, its parts of speech, and the article around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from harness.checker_en import syntax
from harness.text import words

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc

T = TypeVar("T")


@dataclass(frozen=True)
class Passage:
    """A text to edit, and the article from which names, numbers and details to put in place are drawn."""

    text: str
    context: str = ""

    @cached_property
    def doc(self) -> Doc:
        return syntax.parse(self.text)

    @cached_property
    def known(self) -> frozenset[str]:
        """The words of the text and of the article, in lower case."""
        return frozenset(words(self.text)) | _words(self.context)

    @cached_property
    def quotations(self) -> tuple[tuple[int, int], ...]:
        """The character ranges between quotation marks, apostrophes not taken for any."""
        marks = [token.idx for token in self.doc if token.is_quote and token.tag_ in ("``", "''", '""')]
        closing = marks[1::2] if len(marks) % 2 == 0 else [*marks[1::2], len(self.text)]
        return tuple(zip(marks[::2], closing, strict=True))

    def quoted(self, at: int) -> bool:
        """Whether an offset lies in a quotation."""
        return any(start < at < stop for start, stop in self.quotations)


@lru_cache(maxsize=256)
def written(text: str) -> frozenset[str]:
    """The tokens of a text as they are written."""
    return frozenset(token.text for token in syntax.parse(text))


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def shuffled(rng: np.random.Generator, values: Sequence[T]) -> list[T]:
    """The values in an order that ``rng`` chooses."""
    return [values[place] for place in rng.permutation(len(values))]
