"""TextRank: the sentences that the other sentences of the article resemble most (Mihalcea and Tarau 2004)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from pydantic import Field

from harness.models.extractive import Extractive
from harness.records import Item, Role, Span
from harness.text import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

_DIGITS = 9
"""Digits of a rank that count: in a tie the earlier sentence wins, on every machine."""
_STEPS = 1000
"""Damping d leaves d**steps of the start: more than enough for any d below 0.98."""


class TextRank(Extractive):
    """The top-ranked sentences of the article's body, in the article's order."""

    role: Role = "floor"
    sentences: int = Field(3, ge=1)
    """How many; all of them where the body has fewer."""
    damping: float = Field(0.85, ge=0, le=0.95)
    """PageRank's share of links against jumps."""

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        ranks = pagerank(similarities([words(span.text) for span in spans]), self.damping).round(_DIGITS)
        return sorted(range(len(spans)), key=lambda index: -ranks[index])[: self.sentences]


def similarities(texts: Sequence[Sequence[str]]) -> Matrix:
    """Sentence × sentence: the number of words that both have, over the sum of the logarithms of their lengths.

    Two sentences of one word each, whose logarithms are 0, count as unlike (the paper leaves it open).
    """
    import numpy as np

    sets = [frozenset(text) for text in texts]
    logarithms = np.log([max(len(text), 1) for text in texts])
    weights = np.zeros((len(texts), len(texts)))
    for left, right in combinations(range(len(texts)), 2):
        shared = len(sets[left] & sets[right])
        scale = logarithms[left] + logarithms[right]
        if shared and scale:
            weights[left, right] = weights[right, left] = shared / scale
    return weights


def pagerank(weights: Matrix, damping: float) -> Matrix:
    """The stationary ranks of a walk along the weighted links, summing to 1; from a node without links it jumps."""
    import numpy as np

    count = len(weights)
    out = weights.sum(axis=1, keepdims=True)
    steps = np.divide(weights, out, out=np.full_like(weights, 1 / count), where=out > 0)
    ranks = np.full(count, 1 / count)
    for _ in range(_STEPS):
        before, ranks = ranks, damping * (ranks @ steps) + (1 - damping) / count
        if np.abs(ranks - before).max() < 0.1**_DIGITS:
            break
    return ranks
