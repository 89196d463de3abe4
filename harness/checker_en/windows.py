"""Split a premise into windows, and rank them by the words that they share with a hypothesis (BM25).

Classifiers read a few hundred tokens and are mostly trained on single sentences. Windows are sentences, each alone or
with its neighbour (SummaC: Laban et al. 2022), chunks of whole sentences (MiniCheck: Tang et al. 2024; AlignScore: Zha
et al. 2023), or the whole document. Time is linear in the length of the premise.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import snowballstemmer

from harness.records import Span
from harness.text import UNSPACED, sentences, trim, words

Granularity = Literal["sentence", "two_sentences", "chunk", "document"]
"""``two_sentences``: each sentence with the next. ``chunk``: as many whole sentences as fit a word limit."""

_K1, _B = 1.2, 0.75
"""BM25's usual constants (Robertson & Zaragoza 2009): saturation of repeated words, and weight of length."""
_TERM = re.compile(f"[{UNSPACED}]|[^{UNSPACED}]+")
"""A word; in scripts without spaces between words, a character."""
_GAP = re.compile(r"\s+")
_LONGEST = 40
"""Maximum number of letters in a word to stem; longer strings are not words, and slow the stemmer down."""
_snowball = lru_cache(maxsize=1 << 16)(snowballstemmer.stemmer("english").stemWord)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The windows to read for a hypothesis."""

    windows: tuple[Span, ...]
    """The best match first, ties in the order of the premise. Offsets are into the premise."""
    left_out: int
    """Number of other windows."""


@dataclass(frozen=True, slots=True)
class Index:
    """The windows of a premise and the terms in them."""

    windows: tuple[Span, ...]
    """In the order of the premise; empty if it is blank."""
    postings: Mapping[str, Sequence[tuple[int, float]]]
    """Term → the indices of the windows that contain it, each with the term's BM25 weight."""

    def best(self, hypothesis: str, top: int | None = None) -> Retrieved:
        """Rank the windows for a hypothesis by BM25, and return the ``top`` best, or all."""
        scores = [0.0] * len(self.windows)
        for term in sorted(set(list_terms(hypothesis))):  # sorted, because sums of floats depend on the order
            for window, weight in self.postings.get(term, ()):
                scores[window] += weight
        ranked = sorted(range(len(scores)), key=lambda window: -scores[window])[:top]
        return Retrieved(tuple(self.windows[window] for window in ranked), len(scores) - len(ranked))


def find_nearest_sentence(premise: str, text: str, language: str) -> Span | None:
    """Return the sentence of the premise that shares the most words with a text, or None if the premise is blank."""
    return next(iter(index(premise, "sentence", language=language).best(text, 1).windows), None)


@lru_cache(maxsize=32)
def index(premise: str, granularity: Granularity, chunk_words: int = 350, language: str = "en") -> Index:
    """Split and index a premise."""
    spans = split_into_windows(premise, granularity, chunk_words, language)
    counts = [Counter(list_terms(window.text)) for window in spans]
    mean = sum(map(Counter.total, counts)) / max(1, len(counts))
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for window, count in enumerate(counts):
        damping = _K1 * (1 - _B + _B * count.total() / mean) if mean else _K1
        for term, times in count.items():
            postings[term].append((window, times * (_K1 + 1) / (times + damping)))
    for term, weighted in postings.items():
        rarity = math.log(1 + (len(spans) - len(weighted) + 0.5) / (len(weighted) + 0.5))
        postings[term] = [(window, rarity * weight) for window, weight in weighted]
    return Index(spans, postings)


def split_into_windows(
    premise: str, granularity: Granularity, chunk_words: int = 350, language: str = "en"
) -> tuple[Span, ...]:
    """Return windows that cover the premise, in order; sentences of more than ``chunk_words`` words are split first."""
    if granularity == "document":
        return (Span(0, len(premise), premise),) if premise.strip() else ()
    spans = sentences(premise, language)
    units = [part for span in spans for part in split_to_fit(span, _count_terms, chunk_words, language)]
    if granularity == "chunk":
        return tuple(_join_chunks(premise, units, chunk_words))
    if granularity == "sentence" or len(units) < 2:
        return tuple(units)
    return tuple(_span(premise, first.start, second.end) for first, second in pairwise(units))


def split_to_fit(window: Span, size: Callable[[str], int], room: int, language: str = "en") -> list[Span]:
    """Split a window into parts with a ``size`` of at most ``room``, between sentences if possible, else words."""
    length = size(window.text)
    if length <= room or len(window.text) < 2:
        return [window]
    parts = min(math.ceil(length / room), len(window.text))
    return [part for piece in _cut(window, parts, language) for part in split_to_fit(piece, size, room, language)]


def list_terms(text: str) -> list[str]:
    """List the stems of a text's words, in order. Texts are matched by these terms."""
    return [stem_lower_case(piece) for word in words(text) for piece in _TERM.findall(word)]


def stem_lower_case(word: str) -> str:
    """Return the stem of a lower-case word; accents stay."""
    return _snowball(word) if len(word) <= _LONGEST else word


def _count_terms(text: str) -> int:
    return len(list_terms(text))


def _join_chunks(premise: str, units: Sequence[Span], limit: int) -> Iterator[Span]:
    first = length = 0
    for at, unit in enumerate(units):
        more = _count_terms(unit.text)
        if at > first and length + more > limit:
            yield _span(premise, units[first].start, units[at - 1].end)
            first, length = at, 0
        length += more
    if units:
        yield _span(premise, units[first].start, units[-1].end)


def _cut(window: Span, parts: int, language: str) -> Iterator[Span]:
    """Yield parts of about equal length. Each begins with a sentence if one starts nearby, else with a word."""
    text = window.text
    step = len(text) // parts
    breaks = ([sentence.start for sentence in sentences(text, language)], [gap.end() for gap in _GAP.finditer(text)])
    cuts = [0]
    for aim in range(step, step * parts, step):
        near = (_nearest(places, aim, max(cuts[-1], aim - step), min(len(text), aim + step)) for places in breaks)
        cuts.append(next((place for place in near if place is not None), aim))
    for start, end in pairwise([*cuts, len(text)]):
        if piece := trim(text, start, end):
            yield window.part(piece.start, piece.end)


def _nearest(places: Sequence[int], aim: int, low: int, high: int) -> int | None:
    """Return the place nearest to ``aim`` between ``low`` and ``high``, both excluded; ``places`` are sorted."""
    at = bisect_left(places, aim)
    candidates = [place for place in places[max(0, at - 1) : at + 1] if low < place < high]
    return min(candidates, key=lambda place: abs(place - aim), default=None)


def _span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])
