"""Compute the difference that a comparison could detect, and the articles needed to detect the observed one.

Both use the power of the paired t test (Cohen 1988), which is close to the permutation test's from 20 articles on.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import is_constant, require_finite
from harness.stats.caution import ALPHA

POWER = 0.8
"""Probability with which a planned comparison detects a true difference."""
MOST_ARTICLES = 1_000_000

_HALVINGS = 40  # bisection steps, for a precision of 1 in 10¹²; importing a scipy solver would take 0.3 s


@dataclass(frozen=True, slots=True)
class Plan:
    """The differences that ``n`` articles can detect. If a value is None, ``reason`` says why."""

    n: int
    spread: float | None
    """Standard deviation of the paired differences over articles."""
    detectable: float | None
    """The smallest true mean difference that is detected with probability ``POWER``."""
    needed: int | None
    """Articles needed to detect a true difference of the observed size."""
    power: float
    alpha: float
    reason: str | None = None


def plan(differences: npt.ArrayLike, alpha: float = ALPHA) -> Plan:
    """Plan from paired differences, one per article. For m comparisons, divide ``alpha`` by m."""
    rows = require_finite(differences, "paired differences")
    n = rows.size
    if n < caution.FEWEST_FOR_INTERVAL:
        return Plan(n, None, None, None, POWER, alpha, caution.too_few(n))
    if is_constant(rows[None, :])[0]:
        return Plan(n, 0.0, None, None, POWER, alpha, caution.no_spread(n, float(rows[0]), "difference"))
    spread, mean = float(rows.std(ddof=1)), float(rows.mean())
    needed = needed_articles(mean, spread, alpha)
    reason = f"detecting a difference as small as {mean:.2g} would take more than {MOST_ARTICLES:,} articles"
    detectable = detectable_difference(n, spread, alpha)
    return Plan(n, spread, detectable, needed, POWER, alpha, None if needed else reason)


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
