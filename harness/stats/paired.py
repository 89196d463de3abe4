"""Compare two systems on shared articles: the difference, its interval, p and effect size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import Floats, is_constant, require_pair, stack_by_length, subtract
from harness.stats.interval import LEVEL, interval_ends
from harness.stats.resampling import RESAMPLES, Resampler, sign_flip

_FAR = 1000.0  # above this t the interval grows in proportion to t, and scipy's search for its ends is slow


@dataclass(frozen=True, slots=True)
class Effect:
    """Cohen's d_z corrected for its bias in small samples (Hedges' g), with its 95% interval."""

    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The first system minus the second, over shared articles. ``reason`` or ``caution`` says why a value is None."""

    n: int
    first: float | None = None
    """Mean of the first system over the shared articles."""
    second: float | None = None
    mean: float | None = None
    low: float | None = None
    """Ends of the difference's 95% bootstrap-t interval over articles."""
    high: float | None = None
    p: float | None = None
    """Two-sided p of the paired permutation test, not corrected for other comparisons."""
    exact: bool = False
    effect: Effect | None = None
    changed: int = 0
    worst: float | None = None
    """The smallest difference of one article."""
    best: float | None = None
    reason: str | None = None
    """Why there is no interval."""
    caution: str | None = None
    """Why there is no p."""


def compare(
    first: npt.ArrayLike, second: npt.ArrayLike, rng: np.random.Generator, resamples: int = RESAMPLES
) -> Difference:
    """Compare two systems on the same articles; DataError for invalid values or unequal lengths."""
    return compare_all([(first, second)], Resampler.of(rng, resamples))[0]


def compare_all(pairs: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]], resampler: Resampler) -> list[Difference]:
    """Compute one difference per pair, in order. Each is the same as if the pair were alone."""
    checked = [require_pair(*pair, "scores of two systems") for pair in pairs]
    empty = Difference(0, reason=caution.too_few(0), caution=caution.for_comparison(0))
    differences = [empty] * len(pairs)
    for positions, rows in stack_by_length([subtract(*pair) for pair in checked]):
        n = rows.shape[1]
        if not n:
            continue
        ends = interval_ends(rows, resampler, called="difference")
        p = sign_flip(rows, resampler).tolist() if n >= caution.FEWEST_FOR_TEST else [None] * len(rows)
        effects: list[Effect | None] = [None] * len(rows)
        if n >= caution.FEWEST_FOR_INTERVAL and (spread := np.flatnonzero(~is_constant(rows))).size:
            for place, effect in zip(spread.tolist(), hedges(rows[spread]), strict=True):
                effects[place] = effect
        for place, position in enumerate(positions):
            first, second = checked[position]
            differences[position] = Difference(
                n=n,
                first=float(first.mean()),
                second=float(second.mean()),
                mean=float(rows[place].mean()),
                low=ends[place].low,
                high=ends[place].high,
                p=p[place],
                exact=resampler.exact(n),
                effect=effects[place],
                changed=int(np.count_nonzero(rows[place])),
                worst=float(rows[place].min()),
                best=float(rows[place].max()),
                reason=ends[place].reason,
                caution=caution.for_comparison(n),
            )
    return differences


def hedges(differences: Floats) -> list[Effect]:
    """Compute the effect size of each row of paired differences (rows × articles, n ≥ 2). No row may be constant.

    d_z is the mean over the standard deviation of the differences. The factor is Hedges' (1981) exact J(m) = Γ(m/2) /
    (√(m/2) Γ((m-1)/2)) with m = n - 1. The interval is from the noncentral t (Cumming & Finch 2001).
    """
    from scipy.special import nctdtrinc

    n = differences.shape[1]
    m = n - 1
    factor = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2) if m > 1 else 1.0
    d = differences.mean(axis=1) / differences.std(axis=1, ddof=1)
    t, tail = d * math.sqrt(n), (1 - LEVEL) / 2
    scale = np.maximum(1.0, np.abs(t) / _FAR)
    low, high = (scale * nctdtrinc(m, share, t / scale) / math.sqrt(n) for share in (1 - tail, tail))
    return [
        Effect(float(factor * size), float(below), float(above))
        for size, below, above in zip(d, low, high, strict=True)
    ]
