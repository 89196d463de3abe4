"""TextRank: the sentences most similar to the rest of the article (Mihalcea and Tarau 2004)."""

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
"""Decimal places of a rank. Ranks that differ only by rounding are then equal, and the earlier sentence wins."""
_STEPS = 1000
"""Maximum number of iterations; after n iterations, the start values still have the weight damping**n."""


class TextRank(Extractive):
    """The top-ranked sentences of the article's body, in the article's order."""

    role: Role = "floor"
    sentences: int = Field(3, ge=1)
    """Number of sentences; all if the body has fewer."""
    damping: float = Field(0.85, ge=0, le=0.95)
    """Probability of following a link instead of jumping (PageRank's damping)."""

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        ranks = rank_nodes(compare_sentences([words(span.text) for span in spans]), self.damping).round(_DIGITS)
        return sorted(range(len(spans)), key=lambda index: -ranks[index])[: self.sentences]


def compare_sentences(texts: Sequence[Sequence[str]]) -> Matrix:
    """Compute the similarity of each two sentences: shared words divided by the sum of their log lengths.

    Two sentences of one word have log lengths of 0. The paper does not define their similarity; here it is 0.
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


def rank_nodes(weights: Matrix, damping: float) -> Matrix:
    """Return the stationary ranks of a random walk along the links; from a node without links, the walk jumps."""
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
