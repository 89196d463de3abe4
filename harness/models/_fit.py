"""Making a prompt fit a model's context: the article inside it is cut, never the instruction, and never silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from harness.records import Article, Message

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

    stop = last_fitting(stops(whole[at].content, start, end), lambda stop: count(kept(stop)) <= limit)
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


def stops(text: str, start: int, end: int) -> list[int]:
    """The places of a stretch at which it may be cut."""
    return [match.end() for match in _PIECE.finditer(text, start, end)]


def last_fitting(places: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """The last place that fits, where those before one that fits do too; None where no place does."""
    if not places or not fits(places[0]):
        return None
    low, high = 0, len(places)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(places[middle]) else (low, middle)
    return places[low]
