"""How large a paired difference is, in standard deviations of the differences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from harness.stats.arrays import Floats
from harness.stats.bootstrap import LEVEL

# Beyond this t the ends grow in proportion to it, as a normal variate is nothing beside the noncentrality; scipy's
# search for them takes time in proportion to t, and never ends where differences are all but alike.
_FAR = 1000.0


@dataclass(frozen=True, slots=True)
class Effect:
    """Cohen's d_z corrected for its bias in small samples (Hedges' g), with its 95% interval."""

    size: float
    low: float
    high: float


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
