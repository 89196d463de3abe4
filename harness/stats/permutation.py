"""The paired permutation test: under the null hypothesis either system could have had either score of an article."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.stats import caution
from harness.stats.arrays import Floats, Integers, difference, stacked
from harness.stats.resampling import Resampler

# Rows tested at once, so that a block of resampled sums stays small.
_CHUNK = 512
# Sums that are equal but for rounding count as ties, which are at least as extreme.
_TIE = 1e-9


def sign_flip(differences: Floats, resampler: Resampler) -> Floats:
    """Two-sided p of each row of paired differences (rows × articles, n ≥ 1), by flipping the signs of articles.

    Exact where all 2ⁿ sign patterns are no more than the resamples (Fisher 1935); else (1 + extreme) / (1 + resamples),
    which is never 0 and never too small (Phipson & Smyth 2010). The statistic is the mean difference, which gives the
    p of the studentised one: the sum of squares is the same under every pattern.
    """
    parts = [_extreme(differences[row : row + _CHUNK], resampler) for row in range(0, len(differences), _CHUNK)]
    extreme = np.concatenate(parts) if parts else np.empty(0)
    n = differences.shape[1]
    p: Floats = extreme / 2 ** (n - 1) if resampler.exact(n) else (1 + extreme) / (1 + resampler.count)
    return p


def p_values(pairs: Sequence[tuple[Floats, Floats]], resampler: Resampler) -> list[float | None]:
    """``sign_flip`` of each pair of systems on their shared articles; None where these are too few for a test."""
    values: list[float | None] = [None] * len(pairs)
    for positions, stack in stacked([difference(*pair) for pair in pairs]):
        if stack.shape[1] >= caution.FEWEST_FOR_TEST:
            for position, p in zip(positions, sign_flip(stack, resampler), strict=True):
                values[position] = float(p)
    return values


def _extreme(differences: Floats, resampler: Resampler) -> Integers:
    """How many sign patterns give a sum at least as large as the one observed, either way."""
    size = np.abs(differences).sum(axis=1)
    limit = np.abs(differences.sum(axis=1)) - _TIE * size
    extreme = np.zeros(len(differences), dtype=np.int64)
    for signs in resampler.signs(differences.shape[1]):
        extreme += (np.abs(differences @ signs.T) >= limit[:, None]).sum(axis=1)
    return extreme
