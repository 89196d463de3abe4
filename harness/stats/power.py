"""Compute the difference that a comparison could detect, and the articles needed to detect the observed one.

Both use the power of the paired t test (Cohen 1988), which is close to the permutation test's from 20 articles on.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import NamedTuple

import numpy.typing as npt

from harness.stats.arrays import is_constant, require_finite
from harness.stats.caution import ALPHA, FEWEST_FOR_INTERVAL

POWER = 0.8
"""Probability with which a planned comparison detects a true difference."""
MOST_ARTICLES = 1_000_000

_HALVINGS = 40  # bisection steps, for a precision of 1 in 10¹²; importing a scipy solver would take 0.3 s


class Plan(NamedTuple):
    detectable: float
    """The smallest true mean difference that these articles detect with probability ``POWER``."""
    needed: int | None
    """Articles needed to detect a true difference of the observed size; None above ``MOST_ARTICLES``."""


def plan(differences: npt.ArrayLike, alpha: float = ALPHA) -> Plan | None:
    """Plan from paired differences, one per article; None for too few articles or differences without spread.

    For m comparisons, divide ``alpha`` by m.
    """
    rows = require_finite(differences, "paired differences")
    if rows.size < FEWEST_FOR_INTERVAL or is_constant(rows[None, :])[0]:
        return None
    spread, mean = float(rows.std(ddof=1)), float(rows.mean())
    return Plan(detectable_difference(rows.size, spread, alpha), needed_articles(mean, spread, alpha))


def achieved(effect: float, n: int, alpha: float = ALPHA) -> float:
    """Compute the power of a two-sided paired t test on ``n`` ≥ 2 articles; ``effect`` is in standard deviations."""
    from scipy.special import nctdtr, stdtrit

    limit, shift = float(stdtrit(n - 1, 1 - alpha / 2)), abs(effect) * math.sqrt(n)
    return float(1 - nctdtr(n - 1, shift, limit))


def detectable_difference(n: int, spread: float, alpha: float = ALPHA) -> float:
    """Compute the smallest true difference that ``n`` ≥ 2 articles detect with ``POWER``, given the spread."""
    from scipy.special import stdtrit

    # between no effect and an effect far beyond the limit of significance
    low, high = 0.0, (3 * float(stdtrit(n - 1, 1 - alpha / 2)) + 10) / math.sqrt(n)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if achieved(middle, n, alpha) < POWER else (low, middle)
    return spread * high


def needed_articles(difference: float, spread: float, alpha: float = ALPHA) -> int | None:
    """Compute how many articles are needed to detect a difference with ``POWER``; None above ``MOST_ARTICLES``."""
    effect = abs(difference) / spread
    if effect == 0:
        return None
    needed = bisect_left(range(MOST_ARTICLES + 1), POWER, lo=2, key=lambda n: achieved(effect, n, alpha))
    return needed if needed <= MOST_ARTICLES else None
