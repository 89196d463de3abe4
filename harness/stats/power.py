"""Compute the smallest difference that a comparison could detect.

It comes from the power of the paired t test (Cohen 1988), which is close to the permutation test's from 20 articles on.
"""

from __future__ import annotations

import math
from functools import cache

from harness.stats.caution import ALPHA

POWER = 0.8
"""Probability with which a comparison should detect a true difference."""

_HALVINGS = 40  # bisection steps, for a precision of 1 in 10¹²; importing a scipy solver would take 0.3 s


def detectable_difference(n: int, spread: float, alpha: float = ALPHA) -> float:
    """Compute the smallest true mean difference that ``n`` ≥ 2 articles detect with ``POWER``.

    ``spread`` is the standard deviation of the differences between articles. For m comparisons, divide ``alpha`` by m.
    """
    return spread * _detectable_effect(n, alpha)


@cache
def _detectable_effect(n: int, alpha: float) -> float:
    """Compute the smallest effect, in standard deviations."""
    from scipy.special import stdtrit

    # between no effect and an effect far beyond the limit of significance
    low, high = 0.0, (3 * float(stdtrit(n - 1, 1 - alpha / 2)) + 10) / math.sqrt(n)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if achieved(middle, n, alpha) < POWER else (low, middle)
    return high


def achieved(effect: float, n: int, alpha: float = ALPHA) -> float:
    """Compute the power of a two-sided paired t test on ``n`` ≥ 2 articles; ``effect`` is in standard deviations."""
    from scipy.special import nctdtr, stdtrit

    limit, shift = float(stdtrit(n - 1, 1 - alpha / 2)), abs(effect) * math.sqrt(n)
    return float(1 - nctdtr(n - 1, shift, limit))
