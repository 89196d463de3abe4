"""Compute the smallest difference that a comparison could detect.

This uses the power of the paired t test (Cohen 1988), which is close to the permutation test's from 20 articles on.
"""

from __future__ import annotations

import math

from harness.stats.arrays import Floats, is_constant
from harness.stats.caution import ALPHA, FEWEST_FOR_INTERVAL

POWER = 0.8
"""Probability with which a comparison should detect a true difference."""

_HALVINGS = 40  # bisection steps, for a precision of 1 in 10¹²; importing a scipy solver would take 0.3 s


def find_detectable(differences: Floats, alpha: float = ALPHA) -> float | None:
    """Compute the smallest true mean difference that these articles detect with ``POWER``.

    ``differences`` has one value per article; for m comparisons, divide ``alpha`` by m. None if there are too few
    articles or all differences are equal.
    """
    if differences.size < FEWEST_FOR_INTERVAL or is_constant(differences[None, :])[0]:
        return None
    return detectable_difference(differences.size, float(differences.std(ddof=1)), alpha)


def detectable_difference(n: int, spread: float, alpha: float = ALPHA) -> float:
    """Compute the smallest true difference that ``n`` ≥ 2 articles detect, given its standard deviation."""
    from scipy.special import stdtrit

    # between no effect and an effect far beyond the limit of significance
    low, high = 0.0, (3 * float(stdtrit(n - 1, 1 - alpha / 2)) + 10) / math.sqrt(n)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if achieved(middle, n, alpha) < POWER else (low, middle)
    return spread * high


def achieved(effect: float, n: int, alpha: float = ALPHA) -> float:
    """Compute the power of a two-sided paired t test on ``n`` ≥ 2 articles; ``effect`` is in standard deviations."""
    from scipy.special import nctdtr, stdtrit

    limit, shift = float(stdtrit(n - 1, 1 - alpha / 2)), abs(effect) * math.sqrt(n)
    return float(1 - nctdtr(n - 1, shift, limit))
