"""Quotations: what a sentence says in somebody's words, and whether a text has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from harness.checker_en.negation import NEGATORS
from harness.checker_en.plain_text import plain
from harness.text import sentences

# A straight single quote or ’ opens a quotation only after a gap and closes one only before a gap: inside of a word,
# or after a plural, it is an apostrophe.
_DOUBLE = re.compile(r"\"([^\"]+)\"|''([^']+(?:'[^']+)*)''")
_SINGLE = re.compile(r"(?<![\w'])'(?=[\w\s])([^'\"]+(?:(?<=\w)'(?=\w)[^'\"]*)*)'(?!\w)")
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_GAP = re.compile(r"\.{3,}|…|\[[^\]]*\]")
_BRACKET = re.compile(r"\[[^\]]*\]")
_SHORT_FORMS = [
    (re.compile(rf"{short}\b"), full)
    for short, full in (
        (r"\bwon't", "will not"), (r"\bshan't", "shall not"), (r"\bcan(?:'t|not)", "can not"), ("n't", " not"),
        ("'s", " is"), ("'re", " are"), ("'m", " am"), ("'ve", " have"), ("'ll", " will"),
    )
]  # fmt: skip  # a table
"""A genitive's 's is written out as well: in the other text it stands in the same place."""
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
    """Whether a quotation stands in the premise, word for word.

    Where it has gaps, its stretches stand in order in one sentence or in one quotation: what lies farther apart was not
    said in one breath, nor always by one speaker.
    """
    stretches = [words for each in _GAP.split(_BRACKET.sub(_denial_kept, quote)) if (words := _spelled(each))]
    if len(stretches) < 2:
        return _in_order(stretches, premise)
    quoted = [each.text for each in quotes(plain(premise).text)]
    passages = (*quoted, *(sentence.text for sentence in sentences(premise)))
    return any(_in_order(stretches, passage) for passage in passages)


def _denial_kept(bracket: re.Match[str]) -> str:
    """A bracket, which is a gap, or the words in it where they deny: those say the opposite of what was said."""
    denies = not NEGATORS.isdisjoint(_spelled(bracket.group()).split())
    return f" {bracket.group()[1:-1]} " if denies else bracket.group()


def _in_order(stretches: Sequence[str], passage: str) -> bool:
    """Whether a passage has each stretch, each behind the one before it."""
    there, at = f" {_spelled(passage)} ", 0
    for words in stretches:
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
    """The words in lower case, the short forms of verbs and of ``not`` written out."""
    words = " ".join(_WORDS.findall(plain(text).text.lower()))
    for short, full in _SHORT_FORMS:
        words = short.sub(full, words)
    return words
