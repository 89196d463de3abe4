"""How intervals, differences and p values are written."""

from __future__ import annotations

from harness.document import format as fmt
from harness.records import Metric


def signed(value: float | None, metric: Metric) -> str:
    """``+0.03``, ``−1.2``, ``0.00``: a difference with its sign."""
    if value is None:
        return fmt.MISSING
    shown, zero = (_size(number, metric) for number in (abs(value), 0.0))
    if shown == zero:
        return shown
    return f"{'+' if value > 0 else '−'}{shown}"


def signed_interval(low: float | None, high: float | None, metric: Metric) -> str:
    """``[−0.01, +0.07]``; empty where there is none."""
    if low is None or high is None:
        return ""
    return f"[{signed(low, metric)}, {signed(high, metric)}]"


def p_value(p: float | None) -> str:
    """``0.03``, ``< 0.001``; a dash where there is none."""
    if p is None:
        return fmt.MISSING
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def _size(number: float, metric: Metric) -> str:
    """A difference of seconds has two decimals: two that are shown as ``< 0.1 s`` may differ."""
    return f"{number:.2f} s" if metric.format == "seconds" else fmt.value(number, metric.format)
