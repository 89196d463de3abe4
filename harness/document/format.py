"""How numbers, dates and lists of words are written, the same in every report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from harness.records import Form, Metric

MISSING = "–"
"""What stands where there is no value; a note beside it gives the reason."""

NO_REASON = "no reason was given"
"""The reason where a value is missing and nothing says why."""

ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}
"""The direction in which a metric is better."""

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def value(number: float | None, form: Form) -> str:
    """A metric's value: shares and numbers with two decimals, counts whole where they are, seconds with one."""
    if number is None:
        return MISSING
    if form == "count":
        return count(number)
    if form == "seconds":
        return seconds(number)
    return f"{number:z,.2f}"


def interval(low: float | None, high: float | None, form: Form) -> str:
    """``[0.25, 0.38]``; empty where there is none."""
    return "" if low is None or high is None else f"[{value(low, form)}, {value(high, form)}]"


def p_value(p: float | None) -> str:
    """``0.03``, ``< 0.001``; a dash where there is none."""
    if p is None:
        return MISSING
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def share(number: float | None) -> str:
    """A share or a probability: ``0.42``."""
    return MISSING if number is None else f"{number:z.2f}"


def count(number: float) -> str:
    """A whole number without decimals; a mean of counts with one: ``9``, ``9.3``."""
    text = f"{number:z,.1f}"
    return text.removesuffix(".0")


def seconds(number: float) -> str:
    """A duration: ``1.2 s``; what would round to nothing is ``< 0.1 s``."""
    return "< 0.1 s" if 0 < number < 0.05 else f"{number:z,.1f} s"


def opening(text: str, most: int) -> str:
    """A text of at most so many characters as it is; of a longer one the first whole words, and `` …``."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def ends(text: str, each: int) -> str:
    """A text of up to three times so many characters as it is; of a longer one so many from either end."""
    return text if len(text) <= 3 * each else f"{text[:each]} … {text[-each:]}"


def and_more(number: int) -> str:
    """At the end of a list that is cut: how many entries are not shown."""
    return f"and {number} more"


def plural(number: float, noun: str) -> str:
    """``1 article``, ``2 articles``, ``0 summaries``."""
    text = count(number)
    if text == "1":
        return f"{text} {noun}"
    return f"{text} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{text} {noun}s"


def are(number: float) -> str:
    """``is`` of one, ``are`` of any other number."""
    return "is" if count(number) == "1" else "are"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def moment(iso: str) -> str:
    """An ISO 8601 time as people write it: ``25 November 2025, 10:38 UTC+01:00``; what is no such time, as it is."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{when.day} {when:%B %Y, %H:%M} {when:%Z}".rstrip()


def superscript(number: int | None) -> str:
    """The number of a note: ``¹²``; empty for none."""
    return "" if number is None else str(number).translate(_SUPERSCRIPT)


def title(head: Metric | str) -> str:
    """``Fact recall ↑``: what a metric is called, with the direction in which it is better; a text as it is."""
    return head if isinstance(head, str) else f"{' '.join(head.title.split())} {ARROWS[head.better]}".strip()
