"""Format numbers, dates and lists of words the same in every report, and make text from outside safe to display.

Text from outside may contain escape codes, reversed writing or characters that cannot be encoded; these are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from harness.records import Metric, MetricFormat

MISSING = "–"
"""Shown for a missing value; a note beside it gives the reason."""

NO_REASON = "no reason was given"

ARROWS = {"higher": "↑", "lower": "↓", "neither": ""}

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# C0 and C1 controls except tab and newline, line and paragraph separators, bidirectional embeddings, overrides and
# isolates, lone surrogates. Joiners and directional marks stay, because scripts need them.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def value(number: float | None, form: MetricFormat) -> str:
    """Format a metric's value: two decimals for shares and numbers, one for seconds; counts as in ``count``."""
    if number is None:
        return MISSING
    if form == "count":
        return count(number)
    return seconds(number) if form == "seconds" else decimal(number, 2)


def decimal(number: float | None, places: int, signed: bool = False) -> str:
    """``−1,234.50``; ``signed`` adds a plus sign to numbers above 0, after rounding. A dash for None."""
    if number is None:
        return MISSING
    sign = "+" if signed and round(number, places) else ""
    return f"{number:{sign}z,.{places}f}".replace("-", "−")


def interval(low: float | None, high: float | None, form: MetricFormat) -> str:
    """``[0.25, 0.38]``; empty if an end is None, or if both would be ``< 0.1 s``."""
    ends = "" if low is None or high is None else f"[{value(low, form)}, {value(high, form)}]"
    return "" if ends == "[< 0.1 s, < 0.1 s]" else ends


def p_value(p: float | None) -> str:
    """``0.42``, ``0.034`` or ``< 0.001``; a dash for None."""
    if p is None:
        return MISSING
    if p < 0.001:
        return "< 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def share(number: float | None) -> str:
    """``0.42``, for a share or a probability; a dash for None."""
    return decimal(number, 2)


def count(number: float) -> str:
    """``9`` for a whole number, ``9.3`` for a mean of counts."""
    return decimal(number, 1).removesuffix(".0")


def seconds(number: float) -> str:
    """``1.2 s``; ``< 0.1 s`` for anything shorter."""
    return "< 0.1 s" if 0 < number < 0.05 else f"{decimal(number, 1)} s"


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
    """``Fact recall ↑`` for a metric; return a text unchanged."""
    return head if isinstance(head, str) else f"{' '.join(head.title.split())} {ARROWS[head.better]}".strip()


# Words ----------------------------------------------------------------------------------------------------------------


def plural(number: float, noun: str) -> str:
    """``1 article``, ``2 articles``, ``0 summaries``."""
    text = count(number)
    if text == "1":
        return f"{text} {noun}"
    return f"{text} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{text} {noun}s"


def are(number: float) -> str:
    """``is`` for one, ``are`` for any other number."""
    return "is" if count(number) == "1" else "are"


def join_words(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def and_more(number: int) -> str:
    """``and 3 more``, at the end of a shortened list."""
    return f"and {number:,} more"


def shorten_list(words: Sequence[str], most: int) -> str:
    """``a, b and 3 more``, if there are more than ``most`` words."""
    return f"{', '.join(words[:most])} {and_more(len(words) - most)}" if len(words) > most else ", ".join(words)


def cut_end(text: str, most: int) -> str:
    """Shorten a text of more than ``most`` characters and add `` …``; cut at the last space, unless that is far off."""
    start, words = text[:most], text[:most].rpartition(" ")[0]
    return text if len(text) <= most else f"{words if len(words) >= most // 2 else start} …"


def cut_middle(text: str, each: int) -> str:
    """Shorten a text of more than 3 × ``each`` characters to its first and last ``each``, with `` … `` between."""
    return text if len(text) <= 3 * each else f"{text[:each]} … {text[-each:]}"


# Text from outside ----------------------------------------------------------------------------------------------------


def visible(text: str) -> str:
    r"""Write unsafe characters as escapes (``\x1b``, ``\u202e``); keep line breaks."""
    return _UNSAFE.sub(_escape, re.sub(r"\r\n?", "\n", text))


def visible_json(text: str) -> str:
    r"""Escape unsafe characters in JSON (``\u009b``); the data stays the same."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(text: str) -> str:
    """Put the text on one line and escape unsafe characters, for a terminal or a table cell."""
    return " ".join(visible(text).split())


def guard_formula(value: object) -> object:
    """Put an apostrophe in front of text that a spreadsheet would take for a formula; other values stay as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
