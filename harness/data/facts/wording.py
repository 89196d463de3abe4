"""Compare the wording of facts, make short ids, and find the passage that a fact quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import chain, count

from harness.records import Fact, Span
from harness.text import UNSPACED, normalise, words

_SIMILAR = 80.0
"""Minimum rapidfuzz token sort ratio (0 to 100) for two statements to count as near-duplicates.

In REALSumm, 92 of the 5,322 pairs of facts from the same article reach this ratio. Most of these pairs state the same
fact, with one detail more or less.
"""
LIGHT = frozenset(
    words(
        "a an and are as at be been by for from had has have he her him his in is it its of on or she that the their "
        "they this to was were which who will with would"
    )
)
"""Function words, which are left out of ids."""
_LONGEST = 6
"""Maximum number of words in an id."""


def find_similar(statement: str, facts: Iterable[Fact]) -> list[tuple[Fact, float]]:
    """Find the facts that a statement nearly repeats, nearest first, each with its similarity (100: equal)."""
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.utils import default_process

    def ratio(wording: str) -> float:
        return token_sort_ratio(statement, wording, processor=default_process, score_cutoff=_SIMILAR)

    scored = [(fact, max(map(ratio, (fact.statement, *fact.accepted)))) for fact in facts]
    return sorted(((fact, score) for fact, score in scored if score >= _SIMILAR), key=lambda pair: -pair[1])


def make_fact_id(statement: str, taken: Collection[str]) -> str:
    """Make an id from the first content words: ``minerals-agreement-not-signed``, with a number if the id is taken."""
    content = [word.replace("'", "") for word in words(statement) if word not in LIGHT]
    name = re.sub(rf"(?<=[{UNSPACED}])-(?=[{UNSPACED}])", "", "-".join(content[:_LONGEST])) or "fact"
    numbered = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(each for each in numbered if each not in taken)


_LONGEST_PASSAGE = 600
"""Compare at most this many characters of a passage, because time grows with the product of both lengths."""
_NEAR = 75.0
"""Minimum rapidfuzz partial ratio (0 to 100) for a passage to be worth showing."""
_PART = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
"""The text between two spaces, or a character of a script without spaces."""
_SIGN = re.compile(r"([$%‰¢£¥€\u20a0-\u20cf])")
"""A currency or percent sign, which matters as much as a word."""
_AROUND_QUOTES = "\"'“”‘’«».,;:!?()[]"


def find_passage(passage: str, text: str) -> Span | None:
    """Find the first place where ``text`` has ``passage`` verbatim; only spaces and line breaks may differ."""
    found = re.search(r"\s+".join(map(re.escape, passage.split())), text) if passage.strip() else None
    return Span(found.start(), found.end(), found.group()) if found else None


def find_words(quote: str, text: str) -> Span | None:
    """Find the first passage with the words and the currency and percent signs of a quote, or None.

    Case and punctuation do not matter.
    """
    quoted = _split_words(quote)
    found = [(word, part) for part in _PART.finditer(text) for word in _split_words(part[0])]
    for at in range(len(found) - len(quoted) + 1 if words(quote) else 0):
        if [word for word, _ in found[at : at + len(quoted)]] == quoted:
            start, end = found[at][1].start(), found[at + len(quoted) - 1][1].end()
            passage = text[start:end].lstrip(_AROUND_QUOTES)
            start, passage = end - len(passage), passage.rstrip(_AROUND_QUOTES)
            return Span(start, start + len(passage), passage)
    return None


def _split_words(text: str) -> list[str]:
    """Split a text into its words and its currency and percent signs."""
    pieces = _SIGN.split(normalise(text.casefold()))
    return [word for piece in pieces for word in ([piece] if _SIGN.fullmatch(piece) else words(piece))]


def find_nearest_passage(passage: str, text: str) -> Span | None:
    """Find the words of ``text`` that are nearest to ``passage`` by edit distance, or return None if none are near."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    passage = passage[:_LONGEST_PASSAGE]
    alignment = partial_ratio_alignment(passage, text, score_cutoff=_NEAR)
    if alignment is None or len(passage) > len(text):
        return None
    inside = [
        word
        for word in re.finditer(r"\w[\w'’-]*", text)
        if word.end() > alignment.dest_start and word.start() < alignment.dest_end
    ]
    if not inside:
        return None
    start, end = inside[0].start(), inside[-1].end()
    return Span(start, end, text[start:end])
