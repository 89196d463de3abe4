"""Format numbers, dates and lists of words, in the same way in every report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from harness.records import Form, Metric

MISSING = "–"
"""Shown for a missing value; a note beside it gives the reason."""

NO_REASON = "no reason was given"
"""The reason for a missing value that has none."""

ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}
"""Which way a metric is better."""

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def value(number: float | None, form: Form) -> str:
    """Format a metric's value: two decimals for shares and numbers, one for seconds; counts as in ``count``."""
    if number is None:
        return MISSING
    if form == "count":
        return count(number)
    if form == "seconds":
        return seconds(number)
    return f"{number:z,.2f}"


def interval(low: float | None, high: float | None, form: Form) -> str:
    """``[0.25, 0.38]``; empty if there is none."""
    return "" if low is None or high is None else f"[{value(low, form)}, {value(high, form)}]"


def p_value(p: float | None) -> str:
    """Format p: ``0.03``, ``< 0.001``; a dash for None."""
    if p is None:
        return MISSING
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def share(number: float | None) -> str:
    """Format a share or a probability: ``0.42``."""
    return MISSING if number is None else f"{number:z.2f}"


def count(number: float) -> str:
    """Format a whole number without decimals, and a mean of counts with one: ``9``, ``9.3``."""
    text = f"{number:z,.1f}"
    return text.removesuffix(".0")


def seconds(number: float) -> str:
    """``1.2 s``; ``< 0.1 s`` for anything shorter."""
    return "< 0.1 s" if 0 < number < 0.05 else f"{number:z,.1f} s"


def opening(text: str, most: int) -> str:
    """Shorten a text of more than ``most`` characters after a whole word, and add `` …``."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def ends(text: str, each: int) -> str:
    """Replace the middle by `` … `` if the text has more than three times ``each`` characters."""
    return text if len(text) <= 3 * each else f"{text[:each]} … {text[-each:]}"


def and_more(number: int) -> str:
    """``and 3 more``, at the end of a shortened list."""
    return f"and {number} more"


def plural(number: float, noun: str) -> str:
    """``1 article``, ``2 articles``, ``0 summaries``."""
    text = count(number)
    if text == "1":
        return f"{text} {noun}"
    return f"{text} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{text} {noun}s"


def are(number: float) -> str:
    """``is`` for one, ``are`` for any other number."""
    return "is" if count(number) == "1" else "are"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def moment(iso: str) -> str:
    """Format an ISO 8601 time as ``25 November 2025, 10:38 UTC+01:00``; return any other text unchanged."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{when.day} {when:%B %Y, %H:%M} {when:%Z}".rstrip()


def superscript(number: int | None) -> str:
    """``¹²``; empty for None."""
    return "" if number is None else str(number).translate(_SUPERSCRIPT)


def title(head: Metric | str) -> str:
    """Title a metric ``Fact recall ↑``; return a text unchanged."""
    return head if isinstance(head, str) else f"{' '.join(head.title.split())} {ARROWS[head.better]}".strip()
