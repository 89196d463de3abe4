"""Where a premise says what a judge quotes, letter by letter but for what copying changes.

Case, white space, invisible characters, typographic quotes and dashes, and composed or decomposed letters do not
count; nor do quotation marks and punctuation around the quote. Letters that only look alike are other letters.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from harness.records import Span
from harness.text import UNSPACED, normalise

_UNSPACED = re.compile(f"[{UNSPACED}]")
_AROUND = " \t\n\"'.,;:!?()[]"


def locate(quote: str, premise: str) -> Span | None:
    """The first passage of the premise, in whole words, that says the quote; None where there is none."""
    quoted = _comparable(quote)[0].strip(_AROUND)
    text, origins = _comparable(premise)
    at = text.find(quoted) if quoted else -1
    while at >= 0 and not _whole_words(text, at, at + len(quoted)):
        at = text.find(quoted, at + 1)
    if at < 0:
        return None
    start, end = origins[at][0], origins[at + len(quoted) - 1][1]
    return Span(start, end, premise[start:end])


def _comparable(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text as it is compared, and for each character the stretch of the original that it came from."""
    plain: list[str] = []
    origins: list[tuple[int, int]] = []
    for start, end in _letters(text):
        for sign in normalise(text[start:end]).casefold():
            if not sign.isspace():
                plain.append(sign)
            elif plain and plain[-1] != " ":
                plain.append(" ")
            else:
                continue
            origins.append((start, end))
    return "".join(plain), origins


def _letters(text: str) -> list[tuple[int, int]]:
    """Each character with the combining marks that follow it."""
    starts = [index for index, sign in enumerate(text) if index == 0 or not unicodedata.combining(sign)]
    return list(pairwise([*starts, len(text)]))


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether neither end falls inside a word; in a script without spaces there is no such inside."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(_spaced(sign) for sign in text[at - 1 : at + 1])


def _spaced(sign: str) -> bool:
    """A letter or digit of a script that puts spaces between words."""
    return sign.isalnum() and not _UNSPACED.match(sign)
