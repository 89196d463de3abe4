"""Check that a system is not worse than a baseline by more than a margin.

The decision rests on the lower end of the 95% interval of the difference, not on the mean difference. This is a
one-sided test at 2.5%, as in ICH E9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from harness.errors import UsageError
from harness.stats import caution
from harness.stats.paired import Difference

_ROUNDING = 1e-9  # equal differences of shares differ by up to this: .98 - .96 is more than .02 in floating point


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """``held``: not worse by more than the margin; ``broken``: worse by more; ``undecided``: too few articles."""

    verdict: Literal["held", "broken", "undecided"]
    reason: str


def noninferior(difference: Difference, margin: float, better: Literal["higher", "lower"] = "higher") -> NonInferiority:
    """Judge a difference (candidate minus baseline) by a margin ≥ 0, in the metric's own units.

    Without an interval, the rule is held if no article lost more than the margin, broken if every article did (of at
    least ``FEWEST_FOR_INTERVAL``), and undecided otherwise. UsageError for an invalid margin.
    """
    if not (math.isfinite(margin) and margin >= 0):
        raise UsageError(f"the margin {margin} must be 0 or a positive number, in the units of the metric")
    if not difference.n:
        return NonInferiority("undecided", "no article has a value in both")
    sign = 1 if better == "higher" else -1
    ends = sorted(-sign * end for end in (difference.low, difference.high) if end is not None)
    if not ends:
        losses = sorted(-sign * end for end in (difference.worst, difference.best) if end is not None)
        return _judge_articles(difference, losses[0], losses[1], margin)
    least, most = ends
    if most <= margin + _ROUNDING:
        reason = f"worse by at most {max(most, 0):.3g} (95% interval), within the margin of {margin:.3g}"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING:
        reason = f"worse by at least {least:.3g} (95% interval), more than the margin of {margin:.3g}"
        return NonInferiority("broken", reason)
    reason = (
        f"possibly worse by up to {most:.3g} (95% interval), more than the margin of {margin:.3g}; "
        "add articles to decide"
    )
    return NonInferiority("undecided", reason)


def _judge_articles(difference: Difference, least: float, most: float, margin: float) -> NonInferiority:
    """Decide by the smallest and the largest loss on any article."""
    n, why = difference.n, difference.reason
    if not difference.changed:
        articles = f"all {n} shared articles have" if n > 1 else "the only shared article has"
        return NonInferiority("held", f"{articles} the same value in both")
    if most <= margin + _ROUNDING:
        articles = f"none of the {n} shared articles" if n > 1 else "no shared article"
        reason = f"worse by more than the margin of {margin:.3g} on {articles} (no interval: {why})"
        return NonInferiority("held", reason)
    if least > margin + _ROUNDING and n >= caution.FEWEST_FOR_INTERVAL:
        return NonInferiority(
            "broken",
            f"worse by at least {least:.3g} on every one of the {n} shared articles, "
            f"more than the margin of {margin:.3g}",
        )
    loss = f"{most:.3g} on one article" if difference.changed == 1 else f"up to {most:.3g} on an article"
    reason = f"worse by {loss}, more than the margin of {margin:.3g}, and there is no interval: {why}"
    return NonInferiority("undecided", reason)
