"""Resamples of articles, drawn in blocks: with replacement for the bootstrap, signs for the permutation test.

The draws for n articles depend on the seed and on n alone. So a system's interval is the same whoever it is compared
with, and the same draws can be made again instead of being kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from harness.stats.arrays import Floats

RESAMPLES = 10_000

# Numbers in a block of draws: 16 MB, so that memory stays flat in the number of articles.
_BLOCK = 2_000_000
_ROWS = 16
_KEPT = 2
"""Blocks that are kept for the next rows of scores of the same length."""


@dataclass(frozen=True, slots=True)
class Resampler:
    """Draws ``count`` resamples of any number of articles."""

    seed: int
    count: int = RESAMPLES

    @classmethod
    def of(cls, rng: np.random.Generator, count: int = RESAMPLES) -> Resampler:
        """A resampler that takes its seed from ``rng``."""
        return cls(int(rng.integers(2**63)), count)

    def counts(self, n: int) -> Iterator[Floats]:
        """Blocks (resamples × n) of how often each article is drawn; each row sums to n."""
        draw = _kept_counts if self._keeps(n) else _counts
        for number, rows in enumerate(self._blocks(n)):
            yield draw(self.seed, n, number, rows)

    def exact(self, n: int) -> bool:
        """Whether every sign pattern of n articles can be tried instead of a random choice of them."""
        return bool(n < 64 and 2**n <= self.count)

    def signs(self, n: int) -> Iterator[Floats]:
        """Blocks (patterns × n) of ±1: all patterns with a first +1 where ``exact``, else random ones.

        A pattern and its opposite give sums of one size, so half of all patterns are enough for a two-sided test.
        """
        if self.exact(n):
            bits = (np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1
            yield (1 - 2 * bits).astype(np.float64)
            return
        draw = _kept_signs if self._keeps(n) else _signs
        for number, rows in enumerate(self._blocks(n)):
            yield draw(self.seed, n, number, rows)

    def _keeps(self, n: int) -> bool:
        """Whether all blocks can be kept: where they cannot, none is there when it is needed again."""
        return self.count * n <= _KEPT * _BLOCK

    def _blocks(self, n: int) -> Iterator[int]:
        size = max(1, _BLOCK // n)
        for start in range(0, self.count, size):
            yield min(size, self.count - start)


def _counts(seed: int, n: int, number: int, rows: int) -> Floats:
    """A block of draws, each row counted where it was drawn: a block takes the memory of one block."""
    rng = np.random.default_rng([seed, n, number, 0])
    drawn = rng.integers(0, n, size=(rows, n))
    block: Floats = drawn.view(np.float64)
    for first in range(0, rows, _ROWS):
        part = drawn[first : first + _ROWS]
        places = (part + n * np.arange(len(part))[:, None]).ravel()
        block[first : first + _ROWS] = np.bincount(places, minlength=places.size).reshape(part.shape)
    block.setflags(write=False)
    return block


def _signs(seed: int, n: int, number: int, rows: int) -> Floats:
    rng = np.random.default_rng([seed, n, number, 1])
    block: Floats = (2 * rng.integers(0, 2, size=(rows, n), dtype=np.int8) - 1).astype(np.float64)
    block.setflags(write=False)
    return block


_kept_counts = lru_cache(maxsize=_KEPT)(_counts)
_kept_signs = lru_cache(maxsize=_KEPT)(_signs)
