"""Quotations: what a sentence says in somebody's words, and whether a text has them."""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz import fuzz

from harness.english.plain_text import plain

# A straight single quote or ’ opens a quotation only after a gap and closes one only before a gap: inside of a word,
# or after a plural, it is an apostrophe.
_DOUBLE = re.compile(r"\"([^\"]+)\"|''([^']+(?:'[^']+)*)''")
_SINGLE = re.compile(r"(?<![\w'])'(?=[\w\s])([^'\"]+(?:(?<=\w)'(?=\w)[^'\"]*)*)'(?!\w)")
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_GAP = re.compile(r"\.{3,}|…|\[[^\]]*\]")
_LEAST_WORDS = 2
_ALTERED = 60.0
"""rapidfuzz's ratio (0 to 100) from which one quotation is taken for the other one altered."""


class Quote(NamedTuple):
    """A quoted stretch; offsets into the plain text, the marks left out."""

    text: str
    start: int
    end: int


def quotes(text: str) -> list[Quote]:
    """The quoted stretches of a plain text with at least two words; a single word is a name or irony."""
    matches = [match for pattern in (_DOUBLE, _SINGLE) for match in pattern.finditer(text)]
    taken: list[Quote] = []
    for match in sorted(matches, key=lambda match: match.start()):
        index = next(number for number, group in enumerate(match.groups(), 1) if group is not None)
        start, end = match.span(index)
        if len(_WORDS.findall(match.group(index))) >= _LEAST_WORDS and (not taken or start >= taken[-1].end):
            taken.append(Quote(match.group(index), start, end))
    return taken


def stands(quote: str, premise: str) -> bool:
    """Whether each stretch of a quotation between its gaps stands in the premise, in order, word for word."""
    there, at = f" {_spelled(premise)} ", 0
    for stretch in _GAP.split(quote):
        words = _spelled(stretch)
        if not words:
            continue
        place = there.find(f" {words} ", at)
        if place < 0:
            return False
        at = place + len(words)
    return True


def altered(quote: str, other: str) -> bool:
    """Whether two quotations are one with words changed, and not a shorter one of the other."""
    one, two = _spelled(quote), _spelled(other)
    if f" {one} " in f" {two} " or f" {two} " in f" {one} ":
        return False
    return fuzz.ratio(one, two, score_cutoff=_ALTERED) > 0


def _spelled(text: str) -> str:
    return " ".join(_WORDS.findall(plain(text).text.lower()))
