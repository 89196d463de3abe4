"""Resamples of articles, drawn in blocks: with replacement for the bootstrap, signs for the permutation test.

The draws for n articles depend on the seed and on n alone. So a system's interval is the same whoever it is compared
with, and the same draws can be made again instead of being kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from harness.analysis.arrays import Floats

RESAMPLES = 10_000

# Numbers in a block of draws: 16 MB, so that memory stays flat in the number of articles.
_BLOCK = 2_000_000


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
        for number, rows in enumerate(self._blocks(n)):
            yield _counts(self.seed, n, number, rows)

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
        for number, rows in enumerate(self._blocks(n)):
            yield _signs(self.seed, n, number, rows)

    def _blocks(self, n: int) -> Iterator[int]:
        size = max(1, _BLOCK // n)
        for start in range(0, self.count, size):
            yield min(size, self.count - start)


@lru_cache(maxsize=2)
def _counts(seed: int, n: int, number: int, rows: int) -> Floats:
    """A block of draws, kept for the next rows of scores of the same length."""
    rng = np.random.default_rng([seed, n, number, 0])
    drawn = rng.integers(0, n, size=(rows, n)) + n * np.arange(rows)[:, None]
    block: Floats = np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
    block.setflags(write=False)
    return block


@lru_cache(maxsize=2)
def _signs(seed: int, n: int, number: int, rows: int) -> Floats:
    rng = np.random.default_rng([seed, n, number, 1])
    block: Floats = (2 * rng.integers(0, 2, size=(rows, n), dtype=np.int8) - 1).astype(np.float64)
    block.setflags(write=False)
    return block
