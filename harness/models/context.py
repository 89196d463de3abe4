"""Make an article fit a model's context: truncate the article inside the prompt, or split it into parts.

Instructions are never truncated, and every truncation is reported.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil

from harness.records import Article, Message, Span
from harness.text import sentences

# A text may be truncated after a word, or inside a long run of characters without white space (Chinese, a URL).
_PIECE = re.compile(r"\S{1,24}")


def fit_prompt(
    messages: Sequence[Message], article: Article, count: Callable[[Sequence[Message]], int], limit: float, remedy: str
) -> tuple[tuple[Message, ...], str | None]:
    """Truncate the article in a prompt to ``limit`` tokens; return the prompt, and None or a description of the cut.

    ``count`` counts the tokens of a prompt. If the longest user message contains the article verbatim, the end of the
    article is left out, else the end of that message. Raises ValueError, ending with ``remedy``, if the rest of the
    prompt leaves no room for the article.
    """
    whole = tuple(messages)
    if count(whole) <= limit:
        return whole, None
    at = max(range(len(whole)), key=lambda index: (whole[index].role == "user", len(whole[index].content)))
    content = whole[at].content
    start, end, what = _find_article(content, article)

    def cut_at(stop: int) -> tuple[Message, ...]:
        return (*whole[:at], replace(whole[at], content=content[:stop] + content[end:]), *whole[at + 1 :])

    stops = [match.end() for match in _PIECE.finditer(content, start, end)]
    stop = _last_fitting(stops, lambda stop: count(cut_at(stop)) <= limit)
    if stop is None:
        raise ValueError(
            f"no room for {what}: without it, the prompt has {count(cut_at(start)):,} tokens already, and the model "
            f"has room for {limit:,}; {remedy}"
        )
    return cut_at(stop), f"the last {end - stop:,} of {end - start:,} characters of {what}"


def _find_article(content: str, article: Article) -> tuple[int, int, str]:
    """Return the start, end and name of the part of a message that may be truncated."""
    for text, name in ((article.text, "the article"), (article.body, "the article's body")):
        if text.strip() and (start := content.find(text.strip())) >= 0:
            return start, start + len(text.strip()), name
    return 0, len(content), "the prompt"


def _last_fitting(places: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """Return the last place that fits; None if none does. If a place fits, so must all places before it."""
    fitting = bisect_left(places, True, key=lambda place: not fits(place))
    return places[fitting - 1] if fitting else None


def split_text(text: str, language: str, count: Callable[[str], int], limit: float) -> list[str]:
    """Split a text between sentences, into as few parts of similar length as fit.

    ``count`` counts the tokens of a part, including the tokens that the model adds around it. A sentence that does not
    fit is split between words. Raises ValueError if not even a word fits.
    """
    if count(text) <= limit:
        return [text]
    pieces = [piece for span in sentences(text, language) for piece in _split_sentence(text, span, count, limit)]
    around = count("")
    sizes = [max(1, count(span.text) - around) for span in pieces]
    for number in range(ceil(sum(sizes) / max(1, limit - around)), len(pieces)):
        groups = [text[group[0].start : group[-1].end] for group in _group(pieces, sizes, number)]
        if all(count(group) <= limit for group in groups):
            return groups
    return [span.text for span in pieces]


def _split_sentence(text: str, span: Span, count: Callable[[str], int], limit: float) -> Iterator[Span]:
    start = span.start
    stops = [match.end() for match in _PIECE.finditer(text, start, span.end)]
    ends = [span.end] if count(span.text) <= limit else stops
    while ends:
        end = _last_fitting(ends, lambda end: count(text[start:end].lstrip()) <= limit)  # noqa: B023  # called at once
        if end is None:
            raise ValueError(f"not even a word fits into {limit:,} tokens; raise max_input, or shorten the prefix")
        piece = text[start:end].lstrip()
        yield Span(end - len(piece), end, piece)
        start, ends = end, [later for later in ends if later > end]


def _group(spans: Sequence[Span], sizes: Sequence[int], number: int) -> list[list[Span]]:
    """Group consecutive spans into at most ``number`` groups of similar size."""
    total = sum(sizes)
    groups: dict[int, list[Span]] = {}
    for span, size, end in zip(spans, sizes, accumulate(sizes), strict=True):
        middle = end - size / 2
        groups.setdefault(int(middle * number / total), []).append(span)
    return list(groups.values())
