"""How much of a summary is copied from the article, and how long the copied passages are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.text import words


class Extractiveness(SummaryScorer):
    """Coverage, density and compression of Grusky, Naaman and Artzi 2018 (Newsroom), section 4.

    The summary is split, from left to right, into fragments: the longest word sequences that it shares with the
    article. Coverage is the share of the summary's words that are in a fragment. Density is the mean, over its words,
    of the length of the word's fragment, or 0 outside fragments. Compression is the article's words divided by the
    summary's. Punctuation marks do not count, so values differ a little from those of tools that count them as tokens.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("extractive_coverage", "Extractive coverage", better="neither"),
            Metric("extractive_density", "Extractive density", better="neither", format="number"),
            Metric("compression", "Compression", better="neither", format="number"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, (article, places) = words(text), _index_article(case.item.article.text)
        if not summary:
            return self.nothing("the summary has no words")
        if not article:
            return self.nothing("the article has no words")
        lengths = _measure_fragments(summary, article, places)
        return {
            "extractive_coverage": Measure(sum(lengths) / len(summary)),
            "extractive_density": Measure(sum(length**2 for length in lengths) / len(summary)),
            "compression": Measure(len(article) / len(summary)),
        }


@lru_cache(maxsize=128)  # all systems of a run summarise the same articles
def _index_article(text: str) -> tuple[list[str], Mapping[str, Sequence[int]]]:
    """Return the article's words, and the positions of each."""
    article, places = words(text), defaultdict(list)
    for place, word in enumerate(article):
        places[word].append(place)
    return article, dict(places)


def _measure_fragments(
    summary: Sequence[str], article: Sequence[str], places: Mapping[str, Sequence[int]]
) -> list[int]:
    """Return the lengths of the fragments, in the summary's order: F(A, S) of the paper's figure 3."""
    lengths = []
    start = 0
    while start < len(summary):
        best = behind = 0
        for place in places.get(summary[start], ()):
            if place < behind:  # the paper's search continues after a match, not inside it
                continue
            most = min(len(summary) - start, len(article) - place)
            length = next((n for n in range(1, most) if summary[start + n] != article[place + n]), most)
            best, behind = max(best, length), place + length
        if best:
            lengths.append(best)
        start += max(best, 1)
    return lengths
