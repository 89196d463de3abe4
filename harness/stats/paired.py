"""Compare two systems on shared articles: means of scores, margins, and the power of the comparison.

Holm's correction and the power are our own code, to avoid depending on statsmodels; tests compare them with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import require_pair, stack_by_length, subtract
from harness.stats.caution import ALPHA
from harness.stats.interval import Ends, interval_ends
from harness.stats.resampling import Resampler, sign_flip

POWER = 0.8
"""Probability with which a comparison should detect a true difference."""
_ROUNDING = 1e-9  # differences closer than this are equal: in floating point, .98 - .96 is more than .02


@dataclass(frozen=True, slots=True)
class Difference:
    """A candidate minus a baseline, over the articles on which both have a value."""

    n: int
    """Number of those articles."""
    before: float | None = None
    """The baseline's mean over those articles; None if ``n`` is 0."""
    after: float | None = None
    mean: float | None = None
    """The mean difference: ``after`` minus ``before``."""
    spread: float | None = None
    """Standard deviation, over the articles, of candidate minus baseline; None for fewer than two articles."""
    low: float | None = None
    """Lower end of the mean's 95% bootstrap-t interval over articles; if None, ``reason`` says why."""
    high: float | None = None
    p: float | None = None
    """Two-sided p of the paired permutation test; None for too few articles."""
    changed: int = 0
    """Number of articles on which the two differ."""
    worst: float | None = None
    """The smallest difference on one article."""
    best: float | None = None
    reason: str | None = None


def compare_all(
    pairs: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]], resampler: Resampler, intervals: bool = True
) -> list[Difference]:
    """Compare a candidate with a baseline for each pair of arrays: scores of the same articles, in the same order.

    Each pair is compared on its own. ``intervals=False`` skips the intervals, which take most of the time. Raises
    DataError for values that are not finite, or unequal lengths.
    """
    checked = [require_pair(*pair, "scores of two systems") for pair in pairs]
    differences = [Difference(0, reason=caution.explain_too_few(0))] * len(pairs)
    for positions, rows in stack_by_length([subtract(*pair) for pair in checked]):
        n = rows.shape[1]
        if not n:
            continue
        ends = interval_ends(rows, resampler, noun="difference") if intervals else [Ends(None, None)] * len(rows)
        p = sign_flip(rows, resampler).tolist() if n >= caution.MIN_FOR_TEST else [None] * len(rows)
        for place, position in enumerate(positions):
            after, before = checked[position]
            differences[position] = Difference(
                n=n,
                before=float(before.mean()),
                after=float(after.mean()),
                mean=float(rows[place].mean()),
                spread=float(rows[place].std(ddof=1)) if n > 1 else None,
                low=ends[place].low,
                high=ends[place].high,
                p=p[place],
                changed=int(np.count_nonzero(rows[place])),
                worst=float(rows[place].min()),
                best=float(rows[place].max()),
                reason=ends[place].reason,
            )
    return differences


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Correct p values (Holm 1979) and keep their order; None stays None and does not count."""
    ordered = sorted((value, position) for position, value in enumerate(p) if value is not None)
    corrected: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, position) in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - rank) * value))
        corrected[position] = largest
    return tuple(corrected)


# Margins --------------------------------------------------------------------------------------------------------------


class NonInferiority(NamedTuple):
    """``held``: worse by at most the margin; ``broken``: worse by more than it; ``undecided``: too few articles."""

    verdict: Literal["held", "broken", "undecided"]
    reason: str


def judge_margin(
    difference: Difference, margin: float, better: Literal["higher", "lower"] = "higher"
) -> NonInferiority:
    """Judge a difference (candidate minus baseline) by a margin ≥ 0, in the metric's own units.

    The lower end of the 95% interval decides, not the mean: a one-sided test at 2.5%, as in ICH E9. Without an
    interval, the margin is held if no article lost more than the margin. It is broken if every article did and there
    are at least ``MIN_FOR_INTERVAL`` articles. Otherwise, the result is undecided.
    """
    if not difference.n:
        return NonInferiority("undecided", "no article has a value in both runs")
    has_interval = difference.low is not None
    ends = (difference.low, difference.high) if has_interval else (difference.worst, difference.best)
    sign = 1 if better == "higher" else -1
    least, most = sorted(-sign * end for end in ends if end is not None)
    if not has_interval:
        return _judge_articles(difference, least, most, margin)
    if most <= margin + _ROUNDING:
        reason = f"worse by at most {max(most, 0):.3g} (95% interval), within the margin of {margin:.3g}"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING:
        reason = f"worse by at least {least:.3g} (95% interval), more than the margin of {margin:.3g}"
        return NonInferiority("broken", reason)
    reason = f"possibly worse by up to {most:.3g} (95% interval), more than the margin of {margin:.3g}"
    return NonInferiority("undecided", f"{reason}; add articles to decide")


def _judge_articles(difference: Difference, least: float, most: float, margin: float) -> NonInferiority:
    """Decide by the smallest and the largest loss on any article."""
    n, why = difference.n, difference.reason
    if not difference.changed:
        articles = f"all {n} shared articles have" if n > 1 else "the only shared article has"
        return NonInferiority("held", f"{articles} the same value in both runs")
    if most <= margin + _ROUNDING:
        articles = f"none of the {n} shared articles is" if n > 1 else "the only shared article is not"
        reason = f"{articles} worse by more than the margin of {margin:.3g} (no interval: {why})"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING and n >= caution.MIN_FOR_INTERVAL:
        articles = f"all {n} shared articles"
        reason = f"worse by at least {least:.3g} on {articles}, more than the margin of {margin:.3g}"
        return NonInferiority("broken", reason)
    loss = f"{most:.3g} on one article" if difference.changed == 1 else f"up to {most:.3g} on an article"
    reason = f"worse by {loss}, more than the margin of {margin:.3g} (no interval: {why})"
    return NonInferiority("undecided", reason)


# Power ----------------------------------------------------------------------------------------------------------------


def detectable_difference(n: int, spread: float, alpha: float = ALPHA) -> float:
    """Compute the smallest true mean difference that a paired t test on ``n`` ≥ 2 articles detects with ``POWER``.

    ``spread`` is the standard deviation of candidate minus baseline. For m comparisons, divide ``alpha`` by m.
    """
    from scipy.special import nctdtrinc, stdtrit

    limit = stdtrit(n - 1, 1 - alpha / 2)
    return float(spread * nctdtrinc(n - 1, 1 - POWER, limit) / math.sqrt(n))
