"""How the difference between two sides is written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from harness.compare.result import MetricDifference
from harness.document import format as fmt
from harness.records import Metric

_MORE = 2
"""Decimals that are added at most."""


@dataclass(frozen=True, slots=True)
class WrittenDifference:
    """A difference in figures: ``0.264``, ``0.196``, ``−0.068``, ``[−0.071, −0.065]``.

    The interval is empty where there is none.
    """

    before: str
    after: str
    size: str
    interval: str


def difference(shift: MetricDifference, metric: Metric) -> WrittenDifference:
    """Both sides and their difference, with as many decimals as it takes for them to add up as they are read."""
    least = 1 if metric.format == "count" else 2
    decimals = next((each for each in range(least, least + _MORE) if _add_up(shift, each)), least + _MORE)
    before, after = (_figure(side, metric, decimals) for side in (shift.before, shift.after))
    ends = [_signed(end, metric, decimals) for end in (shift.low, shift.high)]
    interval = "" if shift.low is None or shift.high is None else f"[{', '.join(ends)}]"
    return WrittenDifference(before, after, _signed(shift.mean, metric, decimals), interval)


def _add_up(shift: MetricDifference, decimals: int) -> bool:
    if shift.before is None or shift.after is None or shift.mean is None:
        return True
    before, after, size = (Decimal(f"{each:.{decimals}f}") for each in (shift.before, shift.after, shift.mean))
    return after - before == size


def _signed(number: float | None, metric: Metric, decimals: int) -> str:
    """``+0.03``, ``−1.2``, ``0.00``: a difference with its sign."""
    if number is None:
        return fmt.MISSING
    shown, zero = (_figure(each, metric, decimals) for each in (abs(number), 0.0))
    if shown == zero:
        return shown
    return f"{'+' if number > 0 else '−'}{shown}"


def _figure(number: float | None, metric: Metric, decimals: int) -> str:
    """A count without decimals where it is whole; seconds with two: two that are shown as ``< 0.1 s`` may differ."""
    if number is None:
        return fmt.MISSING
    text = f"{number:z,.{decimals}f}"
    if metric.format == "count":
        return text.rstrip("0").rstrip(".")
    return f"{text} s" if metric.format == "seconds" else text
