"""Making an article fit a model's context: cut inside its prompt, or divided into parts.

A prompt is never cut in its instruction, and never silently. Parts are as few as fit, of like length, and end with a
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from harness.records import Article, Message, Span
from harness.text import is_ended, sentences

# Where a text may be cut: after a word, or within what has no white space for long (Chinese, a URL).
_PIECE = re.compile(r"\S{1,24}")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A prompt that fits, and what was cut of it, in words; None where nothing was."""

    messages: tuple[Message, ...]
    cut: str | None


def fit(
    messages: Sequence[Message], article: Article, count: Callable[[Sequence[Message]], int], limit: float, remedy: str
) -> Fitted:
    """The prompt with as much of the article as ``limit`` tokens take, from its start.

    ``count`` gives the tokens of a prompt. The longest user message is cut: inside the article where it holds the
    article verbatim, so that what stands before and after it stays, otherwise at its end. ValueError, which ends with
    the ``remedy``, where the rest of the prompt leaves no room for any of it.
    """
    whole = tuple(messages)
    if count(whole) <= limit:
        return Fitted(whole, None)
    at = max(range(len(whole)), key=lambda index: (whole[index].role == "user", len(whole[index].content)))
    start, end, what = _stretch(whole[at].content, article)

    def kept(stop: int) -> tuple[Message, ...]:
        content = whole[at].content
        return (*whole[:at], replace(whole[at], content=content[:stop] + content[end:]), *whole[at + 1 :])

    stop = _last_fitting(_stops(whole[at].content, start, end), lambda stop: count(kept(stop)) <= limit)
    if stop is None:
        rest = count(kept(start))
        raise ValueError(
            f"the prompt has {rest:,} tokens without {what} and the model has room for {limit:,}, "
            f"so that none of it fits; {remedy}"
        )
    return Fitted(kept(stop), f"the last {end - stop:,} of {end - start:,} characters of {what}")


def _stretch(content: str, article: Article) -> tuple[int, int, str]:
    """The part of a message that may be cut: start, end, and what to call it."""
    for text, name in ((article.text, "the article"), (article.body, "the article's body")):
        if text.strip() and (start := content.find(text.strip())) >= 0:
            return start, start + len(text.strip()), name
    return 0, len(content), "the prompt"


def _stops(text: str, start: int, end: int) -> list[int]:
    """The places of a stretch at which it may be cut."""
    return [match.end() for match in _PIECE.finditer(text, start, end)]


def _last_fitting(places: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """The last place that fits, where those before one that fits do too; None where no place does."""
    if not places or not fits(places[0]):
        return None
    low, high = 0, len(places)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(places[middle]) else (low, middle)
    return places[low]


def parts(text: str, language: str, count: Callable[[str], int], limit: float) -> list[str]:
    """A text in parts, in order; only the white space between them belongs to none.

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


def without_cut_sentence(text: str, language: str) -> str:
    """A text that the token limit ended, without its last sentence where that was cut off.

    Where more follows, a cut sentence would pass as a whole one. One that has no other sentence stays as it is.
    """
    spans = sentences(text, language)
    return text if len(spans) < 2 or is_ended(spans[-1].text) else text[: spans[-2].end]


def how_read(rounds: Sequence[int], shortened: int) -> str | None:
    """What is said of a text that was read in so many parts, and of the rounds that read what was written of them.

    None where it was read at once. ``shortened``: summaries of parts that lost a sentence which was cut off.
    """
    first, *more = rounds
    if first == 1:
        return None
    then = ["at once" if count == 1 else f"in {count} parts" for count in more]
    follow = f"were read {', and theirs '.join(then)}" if more else "follow one another"
    summary = "the summary of 1 part" if shortened == 1 else f"the summaries of {shortened} parts"
    lost = f"; the last sentence of {summary} was cut off by the token limit and is left out" if shortened else ""
    return f"read in {first} parts, whose summaries {follow}{lost}"


def _pieces(text: str, span: Span, count: Callable[[str], int], limit: float) -> Iterator[Span]:
    """A sentence, or what it must be divided into to fit."""
    start = span.start
    ends = [span.end] if count(span.text) <= limit else _stops(text, span.start, span.end)
    while ends:
        end = _last_fitting(ends, lambda end: count(text[start:end].lstrip()) <= limit)  # noqa: B023  # called at once
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
