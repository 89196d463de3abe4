"""Split a text where passages begin and end, so that overlapping passages can be marked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.records import Span

_EXCERPT = 120
"""A short passage's excerpt is extended to about this many characters."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that each passage covers wholly or not at all. Passages are numbered by their index."""

    text: str
    covering: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()
    """Passages that begin here."""
    closing: tuple[int, ...] = ()
    """Passages that end here."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage with some text around it."""

    before: str
    passage: str
    after: str


def segments(text: str, spans: Sequence[Span]) -> list[Segment]:
    """Split the text at the ends of spans and around line breaks; the joined segments give the text.

    Spans may nest, overlap, touch and repeat. Parts of a span beyond the text are ignored.
    """
    bounds = [(max(0, span.start), min(len(text), span.end)) for span in spans]
    breaks = [index for index, character in enumerate(text) if character == "\n"]
    cuts = {0, len(text), *breaks, *(index + 1 for index in breaks)}
    for start, end in bounds:
        if start < end:
            cuts |= {start, end}
    return [_segment(text, bounds, start, end) for start, end in pairwise(sorted(cuts))]


def _segment(text: str, bounds: Sequence[tuple[int, int]], start: int, end: int) -> Segment:
    covering = tuple(index for index, (first, last) in enumerate(bounds) if first <= start and end <= last)
    return Segment(
        text[start:end],
        covering,
        opening=tuple(index for index in covering if bounds[index][0] == start),
        closing=tuple(index for index in covering if bounds[index][1] == end),
    )


def lines(pieces: Sequence[Segment]) -> list[list[Segment]]:
    """Group the segments by line. Line breaks belong to the line before, so blank lines make no lines of their own."""
    by_line: list[list[Segment]] = []
    ended = True
    for piece in pieces:
        if ended and (piece.text != "\n" or not by_line):
            by_line.append([])
        ended = piece.text == "\n"
        by_line[-1].append(piece)
    return by_line


def excerpt(text: str, span: Span) -> Excerpt:
    """Return the passage; a short one gets some words of its line on either side."""
    start, end = max(0, span.start), min(len(text), span.end)
    around = max(0, _EXCERPT - (end - start)) // 2
    before = text[:start].rpartition("\n")[2]
    after = text[end:].partition("\n")[0]
    return Excerpt(_tail(before, around), text[start:end], _head(after, around))


def _head(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    kept = text[: size + 1].rpartition(" ")[0]
    return f"{kept} …" if kept.strip() else ""


def _tail(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    kept = text[len(text) - size - 1 :].partition(" ")[2]
    return f"… {kept}" if kept.strip() else ""
