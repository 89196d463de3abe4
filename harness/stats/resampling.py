"""Resamples of articles: with replacement for the bootstrap, random signs for the paired permutation test.

The draws for n articles depend only on the seed and on n. So a system's interval does not depend on the other systems,
and draws can be repeated instead of stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from harness.stats.arrays import Floats

RESAMPLES = 10_000

_BLOCK = 2_000_000  # numbers in a block of draws (16 MB), so that memory does not grow with the number of articles
_CHUNK = 512  # rows tested at once, so that a block of resampled sums stays small
_TIE = 1e-9  # relative difference below which two sums are equal


@dataclass(frozen=True, slots=True)
class Resampler:
    """Draws ``count`` resamples of articles."""

    seed: int
    count: int = RESAMPLES

    @classmethod
    def of(cls, rng: np.random.Generator, count: int = RESAMPLES) -> Resampler:
        """Take the seed from ``rng``."""
        return cls(int(rng.integers(2**63)), count)

    def draw_counts(self, n: int) -> Iterator[Floats]:
        """Yield blocks (resamples × n) of how often each article is drawn; each row sums to n."""
        for number, rows in self._blocks(n):
            yield _draw_counts(self.seed, n, number, rows)

    def is_exact(self, n: int) -> bool:
        """True if n articles have so few sign patterns that all are tried."""
        return bool(n < 64 and 2 ** (n - 1) <= self.count)

    def draw_signs(self, n: int) -> Iterator[Floats]:
        """Yield blocks (patterns × n) of ±1: all patterns that end in +1 if ``is_exact``, random ones otherwise.

        A pattern and its opposite give sums of equal size, so half of all patterns suffice for a two-sided test.
        """
        if self.is_exact(n):
            bits = (np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1
            yield (1 - 2 * bits).astype(np.float64)
            return
        for number, rows in self._blocks(n):
            yield _draw_signs(self.seed, n, number, rows)

    def _blocks(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield the number and the size of each block."""
        size = max(1, _BLOCK // n)
        for number, start in enumerate(range(0, self.count, size)):
            yield number, min(size, self.count - start)


def sign_flip(differences: Floats, resampler: Resampler) -> Floats:
    """Compute a two-sided p for each row of paired differences (rows × articles) by flipping signs of articles.

    Exact if half of all sign patterns (2ⁿ⁻¹) are no more than the resamples (Fisher 1935); else (1 + extreme) / (1 +
    resamples), which is never 0 (Phipson & Smyth 2010). The statistic is the mean difference.
    """
    n = differences.shape[1]
    extreme = np.zeros(len(differences), dtype=np.int64)
    for start in range(0, len(differences), _CHUNK):
        rows = differences[start : start + _CHUNK]
        limit = np.abs(rows.sum(axis=1)) - _TIE * np.abs(rows).sum(axis=1)
        for signs in resampler.draw_signs(n):
            extreme[start : start + _CHUNK] += (np.abs(rows @ signs.T) >= limit[:, None]).sum(axis=1)
    p: Floats = extreme / 2 ** (n - 1) if resampler.is_exact(n) else (1 + extreme) / (1 + resampler.count)
    return p


@lru_cache(maxsize=2)  # later scores on the same number of articles need the same blocks
def _draw_counts(seed: int, n: int, number: int, rows: int) -> Floats:
    drawn = np.random.default_rng([seed, n, number, 0]).integers(0, n, size=(rows, n))
    places = drawn + n * np.arange(rows)[:, None]
    block = np.bincount(places.ravel(), minlength=places.size).reshape(rows, n).astype(np.float64)
    block.setflags(write=False)
    return block


@lru_cache(maxsize=2)
def _draw_signs(seed: int, n: int, number: int, rows: int) -> Floats:
    rng = np.random.default_rng([seed, n, number, 1])
    block: Floats = (2 * rng.integers(0, 2, size=(rows, n), dtype=np.int8) - 1).astype(np.float64)
    block.setflags(write=False)
    return block
