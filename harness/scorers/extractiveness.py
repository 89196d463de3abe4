"""How much of a summary is copied from the article, and in how long pieces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.text import words


class Extractiveness(SummaryScorer):
    """Coverage, density and compression of Grusky, Naaman and Artzi 2018 (Newsroom), section 4.

    The summary is read from left to right as the longest word sequences it shares with the article (fragments).
    Coverage is the share of its words that stand in a fragment; density is the mean, over its words, of the length
    of the word's fragment (0 outside of one); compression is the article's words over the summary's.

    Words are those of ``harness.text``, without punctuation, so values differ a little from those of tools that
    count punctuation marks as tokens.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("extractive_coverage", "Extractive coverage", better="neither"),
            Metric("extractive_density", "Extractive density", better="neither", format="number"),
            Metric("compression", "Compression", better="neither", format="number"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, source = words(text), _source(case.item.article.text)
        if not summary:
            return self.nothing("the summary has no words")
        if not source.words:
            return self.nothing("the article has no words")
        lengths = fragments(summary, source)
        return {
            "extractive_coverage": Measure(sum(lengths) / len(summary)),
            "extractive_density": Measure(sum(length**2 for length in lengths) / len(summary)),
            "compression": Measure(len(source.words) / len(summary)),
        }


class Source(NamedTuple):
    """An article's words, and where each stands."""

    words: Sequence[str]
    places: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, article: Sequence[str]) -> Source:
        places = defaultdict(list)
        for place, word in enumerate(article):
            places[word].append(place)
        return cls(article, dict(places))


def fragments(summary: Sequence[str], source: Source) -> list[int]:
    """Lengths of the extractive fragments, in the summary's order: F(A, S) of the paper's figure 3."""
    lengths = []
    start = 0
    while start < len(summary):
        length = _longest(summary, start, source)
        if length:
            lengths.append(length)
        start += max(length, 1)
    return lengths


def _longest(summary: Sequence[str], start: int, source: Source) -> int:
    best = behind = 0
    for place in source.places.get(summary[start], ()):
        if place < behind:  # the paper's search goes on behind a match, not inside of it
            continue
        length = _shared(summary, start, source.words, place)
        best, behind = max(best, length), place + length
    return best


def _shared(one: Sequence[str], start: int, other: Sequence[str], place: int) -> int:
    most = min(len(one) - start, len(other) - place)
    return next((length for length in range(1, most) if one[start + length] != other[place + length]), most)


@lru_cache(maxsize=128)  # the systems of a run share their articles
def _source(article: str) -> Source:
    return Source.of(words(article))
