"""The statements of a summary that are checked one by one: its sentences, or the clauses that these are made of.

Clauses are found in English alone; in other languages, and where the parse leaves a doubt, a sentence stays whole.
Nothing is lost: each word of content of a sentence stands in one of its claims at least. What has no letter says
nothing, such as the "2." of a list that runs on in one line; nor does a heading, such as "Summary:".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from harness.claims.clauses import Piece, pieces
from harness.claims.pronouns import Resolved, resolved
from harness.claims.wording import ending, written
from harness.records import Claim, Span
from harness.syntax import parse_all
from harness.text import sentences, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

Units = Literal["sentences", "clauses"]
Written = tuple[str, str]
"""A summary and its language."""


_LONGEST = 1500
"""Characters of a sentence that is parsed; what is longer is no sentence, and would hold the parser up."""
_HEADING = re.compile(r"\W*\w+(?:\W+\w+){0,3}\W*:\W*|\W*here\b.{0,80}:\W*", re.IGNORECASE)
"""Up to four words, or what begins with "here", and then a colon."""
_BATCH = 256
"""Summaries whose parses are held at once."""


def claims(summaries: Iterable[Written], units: Units) -> dict[Written, tuple[Claim, ...]]:
    """The claims of each summary, in the order in which they stand there, numbered from 0.

    ``StoreError`` where the packaged parser cannot be had.
    """
    distinct = list(dict.fromkeys(summaries))
    found: dict[Written, tuple[Claim, ...]] = {}
    for start in range(0, len(distinct), _BATCH):
        spans = {summary: _sentences(*summary) for summary in distinct[start : start + _BATCH]}
        english = {summary for summary in spans if units == "clauses" and _is_english(summary[1])}
        parsed = _parsed([span.text for summary in spans if summary in english for span in spans[summary]])
        for summary in spans:
            found[summary] = _claims(spans[summary], parsed if summary in english else {})
    return found


def _sentences(text: str, language: str) -> list[Span]:
    return [
        span for span in sentences(text, language) if any(map(str.isalpha, span.text)) and not _announces(text, span)
    ]


def _announces(text: str, span: Span) -> bool:
    """Whether it is a line by itself that only says that something follows: "Summary:", "Here is a summary:"."""
    around = text[: span.start].rpartition("\n")[2] + text[span.end :].partition("\n")[0]
    return not around.strip() and bool(_HEADING.fullmatch(span.text))


def _parsed(texts: Iterable[str]) -> dict[str, Doc]:
    """The sentences that are short enough for one, each parsed once."""
    short = list(dict.fromkeys(text for text in texts if len(text) <= _LONGEST))
    return dict(zip(short, parse_all(short), strict=True)) if short else {}


def _is_english(language: str) -> bool:
    return language.lower().replace("_", "-").partition("-")[0] == "en"


def _claims(spans: Sequence[Span], parsed: Mapping[str, Doc]) -> tuple[Claim, ...]:
    """The claims of one summary; a sentence that is not parsed is one."""
    names = iter(resolved([parsed[span.text] for span in spans if span.text in parsed]))
    found: list[tuple[Span, str]] = []
    for span in spans:
        doc = parsed.get(span.text)
        found += _of_sentence(span, doc, next(names)) if doc is not None else [(span, span.text)]
    return tuple(Claim(index, span, text) for index, (span, text) in enumerate(found))


def _of_sentence(span: Span, doc: Doc, names: Mapping[int, Resolved]) -> Iterator[tuple[Span, str]]:
    found = pieces(doc)
    for piece in found:
        swaps = _swaps(doc, piece, names)
        place = span if len(found) == 1 else _place(span, doc, piece)
        yield place, written(doc, piece.words, swaps) if len(found) > 1 or swaps else span.text


def _place(span: Span, doc: Doc, piece: Piece) -> Span:
    """Where the claim stands in the summary, the marks that end its sentence left out."""
    first, last = doc[min(piece.own)], doc[max(place for place in piece.own if place < ending(doc))]
    start, end = first.idx, last.idx + len(last)
    return Span(span.start + start, span.start + end, span.text[start:end])


def _swaps(doc: Doc, piece: Piece, names: Mapping[int, Resolved]) -> dict[int, str]:
    """The pronouns that the claim is not clear without; the first of each name alone is replaced."""
    if names.keys().isdisjoint(piece.words):
        return {}
    said = set(words(written(doc, piece.words, {})))
    found = {}
    for word in piece.words:
        meant = names.get(word) if isinstance(word, int) else None
        if isinstance(word, int) and meant and not said & set(words(meant.name)):
            found[word] = meant.text
            said |= set(words(meant.name))
    return found
