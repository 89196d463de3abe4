"""Split a text where passages begin and end, so that overlapping passages can be marked at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.records import Span

_EXCERPT = 120  # characters of an excerpt, unless the passage is longer


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that each passage covers wholly or not at all."""

    text: str
    covering: tuple[int, ...] = ()
    """Indices of the passages that cover it."""
    opening: tuple[int, ...] = ()
    """Passages that begin here."""
    closing: tuple[int, ...] = ()
    """Passages that end here."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    before: str
    passage: str
    after: str


def split_segments(text: str, spans: Sequence[Span], offset: int = 0) -> list[Segment]:
    """Split the text where spans begin and end, and around line breaks; the joined segments give the text.

    Spans may nest, overlap, touch and repeat. If ``text`` is part of a longer text that the spans refer to, ``offset``
    is its start there. A span is listed under ``opening`` or ``closing`` only if that end lies in this part.
    """
    bounds = [(span.start - offset, span.end - offset) for span in spans]
    cuts = {0, len(text), *(place for line_break in re.finditer(r"\r?\n", text) for place in line_break.span())}
    cuts |= {place for ends in bounds for place in ends if 0 < place < len(text)}
    pieces = []
    for start, end in pairwise(sorted(cuts)):
        covering = tuple(index for index, (first, last) in enumerate(bounds) if first <= start and end <= last)
        opening = tuple(index for index in covering if bounds[index][0] == start)
        closing = tuple(index for index in covering if bounds[index][1] == end)
        pieces.append(Segment(text[start:end], covering, opening, closing))
    return pieces


def group_lines(pieces: Sequence[Segment]) -> list[list[Segment]]:
    """Group the segments by line; blank lines belong to the line above."""
    by_line: list[list[Segment]] = []
    ended = True
    for piece in pieces:
        is_break = not piece.text.strip("\r\n")
        if ended and not (is_break and by_line):
            by_line.append([])
        ended = is_break
        by_line[-1].append(piece)
    return by_line


def make_excerpt(text: str, span: Span) -> Excerpt:
    """Return the passage; if it is short, with some words of its line on either side."""
    start, end = max(0, span.start), min(len(text), span.end)
    around = max(0, _EXCERPT - (end - start)) // 2
    before, after = text[:start].rpartition("\n")[2], text[end:].partition("\n")[0]
    if len(before) > around:
        kept = before[len(before) - around - 1 :].partition(" ")[2]
        before = f"… {kept}" if kept.strip() else ""
    if len(after) > around:
        kept = after[: around + 1].rpartition(" ")[0]
        after = f"{kept} …" if kept.strip() else ""
    return Excerpt(before, text[start:end], after)
