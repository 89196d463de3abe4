"""Dividing a text that a model cannot read at once: into as few parts as fit, of like length, at sentence ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import ceil

from harness.models._fit import last_fitting, stops
from harness.records import Span
from harness.text import sentences


def parts(text: str, language: str, count: Callable[[str], int], limit: float) -> list[str]:
    """The parts in order; only the white space between them belongs to none.

    ``count`` gives the tokens of a part as the model reads it, whatever it puts around one included. A sentence that
    does not fit is divided between words. ValueError where not even a word fits.
    """
    if count(text) <= limit:
        return [text]
    pieces = [piece for span in sentences(text, language) for piece in _pieces(text, span, count, limit)]
    around = count("")
    sizes = [max(1, count(span.text) - around) for span in pieces]
    for number in range(ceil(sum(sizes) / max(1, limit - around)), len(pieces)):
        groups = [text[group[0].start : group[-1].end] for group in _alike(pieces, sizes, number)]
        if all(count(group) <= limit for group in groups):
            return groups
    return [span.text for span in pieces]


def parts_and_rounds(first: int, more: Sequence[int]) -> str:
    """What is said of a text that was read in ``first`` parts, and of the rounds that read what was written of them."""
    then = ["at once" if count == 1 else f"in {count} parts" for count in more]
    return f"read in {first} parts, whose summaries were read {', and theirs '.join(then)}"


def _pieces(text: str, span: Span, count: Callable[[str], int], limit: float) -> Iterator[Span]:
    """A sentence, or what it must be divided into to fit."""
    start = span.start
    ends = [span.end] if count(span.text) <= limit else stops(text, span.start, span.end)
    while ends:
        end = last_fitting(ends, lambda end: count(text[start:end].lstrip()) <= limit)  # noqa: B023  # called at once
        if end is None:
            raise ValueError(
                f"the model reads {limit:,} tokens, and not even a word fits; allow more, or cut the prefix"
            )
        piece = text[start:end].lstrip()
        yield Span(end - len(piece), end, piece)
        start, ends = end, [later for later in ends if later > end]


def _alike(spans: Sequence[Span], sizes: Sequence[int], number: int) -> list[list[Span]]:
    """The spans in ``number`` runs (or fewer) of about the same size."""
    total = sum(sizes)
    groups: dict[int, list[Span]] = {}
    for span, size, end in zip(spans, sizes, accumulate(sizes), strict=True):
        middle = end - size / 2
        groups.setdefault(int(middle * number / total), []).append(span)
    return list(groups.values())
