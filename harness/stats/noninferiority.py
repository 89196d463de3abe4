"""Is a system not worse than a baseline by more than a margin? Asked of the interval, not of the mean.

A mean that fell by less than the margin proves nothing where few articles make it uncertain; the lower end of the 95%
interval of the difference does (a one-sided test at 2.5%, as ICH E9 asks).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from harness.errors import UsageError
from harness.stats import caution
from harness.stats.paired import Difference

Verdict = Literal["held", "broken", "undecided"]
_ROUNDING = 1e-9
"""By no more do differences of shares differ that are equal: .98 − .96 is more than .02 in floating point."""


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """held: not worse by more than the margin. broken: worse by more. undecided: these articles cannot tell."""

    verdict: Verdict
    reason: str


def noninferior(difference: Difference, margin: float, better: Literal["higher", "lower"] = "higher") -> NonInferiority:
    """Judge a difference (candidate minus baseline) by a margin ≥ 0, in the metric's own units.

    Without an interval (few articles, or all differences alike) the rule is held where no single article lost more
    than the margin, broken where every one of the many that an interval takes did, and else undecided. UsageError for
    a margin that is negative or no number.
    """
    if not (math.isfinite(margin) and margin >= 0):
        raise UsageError(f"the margin {margin} must be 0 or a positive number, in the units of the metric")
    if not difference.n:
        return NonInferiority("undecided", "the two share no article that has a value in both")
    sign = 1 if better == "higher" else -1
    ends = sorted(-sign * end for end in (difference.low, difference.high) if end is not None)
    if ends:
        return _by_interval(ends[0], ends[1], margin)
    losses = sorted(-sign * end for end in (difference.worst, difference.best) if end is not None)
    return _by_article(difference, losses[0], losses[1], margin)


def _by_interval(least: float, most: float, margin: float) -> NonInferiority:
    """By the least and the most loss that the interval leaves possible."""
    if most <= margin + _ROUNDING:
        reason = f"worse by at most {max(most, 0):.3g} (95% interval), within the margin of {margin:.3g}"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING:
        reason = f"worse by at least {least:.3g} (95% interval), more than the margin of {margin:.3g}"
        return NonInferiority("broken", reason)
    reason = (
        f"perhaps worse by up to {most:.3g} (95% interval), and the margin is {margin:.3g}; more articles would tell"
    )
    return NonInferiority("undecided", reason)


def _by_article(difference: Difference, least: float, most: float, margin: float) -> NonInferiority:
    """By the least and the most that an article lost."""
    why = difference.reason
    if not difference.changed:
        articles = f"all {difference.n} shared articles have" if difference.n > 1 else "the only shared article has"
        reason = f"{articles} the same value in both"
        return NonInferiority("held", reason)
    if most <= margin + _ROUNDING:
        reason = f"worse by more than the margin of {margin:.3g} on {_none_of(difference.n)} (no interval: {why})"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING and difference.n >= caution.FEWEST_FOR_INTERVAL:
        reason = (
            f"worse by at least {least:.3g} on every one of the {difference.n} shared articles, more than the margin "
            f"of {margin:.3g}"
        )
        return NonInferiority("broken", reason)
    loss = f"{most:.3g} on one article" if difference.changed == 1 else f"up to {most:.3g} on an article"
    reason = f"worse by {loss}, more than the margin of {margin:.3g}, and there is no interval: {why}"
    return NonInferiority("undecided", reason)


def _none_of(articles: int) -> str:
    return f"none of the {articles} shared articles" if articles > 1 else "no shared article"
