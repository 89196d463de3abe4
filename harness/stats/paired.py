"""Two systems on the articles that they share: how large the difference is, and whether chance could have made it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import Floats, alike, checked_pair, difference, stacked
from harness.stats.bootstrap import LEVEL
from harness.stats.interval import Ends, interval_ends
from harness.stats.permutation import sign_flip
from harness.stats.resampling import RESAMPLES, Resampler

# Beyond this t the ends grow in proportion to it, as a normal variate is nothing beside the noncentrality; scipy's
# search for them takes time in proportion to t, and never ends where differences are all but alike.
_FAR = 1000.0


@dataclass(frozen=True, slots=True)
class Effect:
    """Cohen's d_z corrected for its bias in small samples (Hedges' g), with its 95% interval."""

    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The first system minus the second, over shared articles. What could not be computed is None, and said why."""

    n: int
    """Shared articles: both systems have a value there."""
    first: float | None = None
    """Mean of the first system over the shared articles."""
    second: float | None = None
    mean: float | None = None
    """Mean difference, first minus second."""
    low: float | None = None
    """Ends of its 95% bootstrap-t interval over articles."""
    high: float | None = None
    p: float | None = None
    """Two-sided, by the paired permutation test; not corrected for other comparisons."""
    exact: bool = False
    """Whether every sign pattern was tried."""
    effect: Effect | None = None
    changed: int = 0
    """Articles on which the two differ."""
    worst: float | None = None
    """The smallest difference of one article."""
    best: float | None = None
    """The largest."""
    reason: str | None = None
    """Why there is no interval."""
    caution: str | None = None
    """Why there is no p."""


def compare(
    first: npt.ArrayLike, second: npt.ArrayLike, rng: np.random.Generator, resamples: int = RESAMPLES
) -> Difference:
    """The difference of two systems, value by value of the same articles.

    DataError where a value is no finite number or the two have not one value an article each.
    """
    return compare_all([(first, second)], Resampler.of(rng, resamples))[0]


def compare_all(pairs: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]], resampler: Resampler) -> list[Difference]:
    """One difference a pair, in order; each is what the pair alone would get from the same resampler."""
    checked = [checked_pair(*pair, "scores of two systems") for pair in pairs]
    differences: list[Difference | None] = [None] * len(pairs)
    for positions, stack in stacked([difference(*pair) for pair in checked]):
        exact = resampler.exact(stack.shape[1])
        for position, ends, p, effect in zip(positions, *_tested(stack, resampler), strict=True):
            differences[position] = _difference(checked[position], ends, p, effect, exact=exact)
    return [each for each in differences if each is not None]


def _tested(rows: Floats, resampler: Resampler) -> tuple[list[Ends], list[float | None], list[Effect | None]]:
    """Interval, p and effect size of each row of differences (rows × articles)."""
    count, n = rows.shape
    ends = interval_ends(rows, resampler, called="difference")
    p: list[float | None] = [None] * count
    if n >= caution.FEWEST_FOR_TEST:
        p = [float(value) for value in sign_flip(rows, resampler)]
    effects: list[Effect | None] = [None] * count
    spread = np.flatnonzero(~alike(rows)) if n >= caution.FEWEST_FOR_INTERVAL else np.empty(0, dtype=np.int64)
    if spread.size:
        for row, effect in zip(spread, hedges(rows[spread]), strict=True):
            effects[row] = effect
    return ends, p, effects


def _difference(
    pair: tuple[Floats, Floats], ends: Ends, p: float | None, effect: Effect | None, *, exact: bool
) -> Difference:
    first, second = pair
    n = first.size
    text = caution.for_comparison(n)
    if not n:
        return Difference(n=0, reason=ends.reason, caution=text)
    rows = difference(first, second)
    return Difference(
        n=n,
        first=float(first.mean()),
        second=float(second.mean()),
        mean=float(rows.mean()),
        low=ends.low,
        high=ends.high,
        p=p,
        exact=exact,
        effect=effect,
        changed=int(np.count_nonzero(rows)),
        worst=float(rows.min()),
        best=float(rows.max()),
        reason=ends.reason,
        caution=text,
    )


def hedges(differences: Floats) -> list[Effect]:
    """The effect size of each row of paired differences (rows × articles, n ≥ 2), none of which is all alike.

    d_z is the mean over the standard deviation of the differences; the factor is Hedges' (1981).
    """
    n = differences.shape[1]
    factor = _unbiased(n - 1)
    d = differences.mean(axis=1) / differences.std(axis=1, ddof=1)
    low, high = _noncentral(d, n)
    return [
        Effect(float(factor * size), float(below), float(above))
        for size, below, above in zip(d, low, high, strict=True)
    ]


def _noncentral(d: Floats, n: int) -> tuple[Floats, Floats]:
    """The effects under which a t as far out as this one has probability (1 - LEVEL) / 2 (Cumming & Finch 2001)."""
    from scipy.special import nctdtrinc

    t, tail = d * math.sqrt(n), (1 - LEVEL) / 2
    scale = np.maximum(1.0, np.abs(t) / _FAR)
    low, high = (scale * nctdtrinc(n - 1, share, t / scale) / math.sqrt(n) for share in (1 - tail, tail))
    return low, high


def _unbiased(freedom: int) -> float:
    """Hedges' exact factor J(m) = Γ(m/2) / (√(m/2) Γ((m-1)/2)); 1 degree of freedom has none, and is left as it is."""
    if freedom < 2:
        return 1.0
    return math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(freedom / 2)
