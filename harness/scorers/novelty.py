"""How much of a summary's wording is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.text import words


class Novelty(SummaryScorer):
    """Share of the summary's n-grams that the article lacks (See, Liu and Manning 2017, section 6.2).

    Distinct n-grams are counted, so a repeated phrase counts once (see ``repetition``).
    """

    n: int = Field(4, ge=1, le=10)
    """Maximum length of n-grams, in words; there is one metric for each length from 1."""

    def metrics(self) -> Sequence[Metric]:
        return [Metric(f"novelty{n}", f"Novel {n}-grams", better="neither") for n in range(1, self.n + 1)]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, article = words(text), _split_words(case.item.article.text)
        measures = {}
        for n in range(1, self.n + 1):
            own = set(list_ngrams(summary, n))
            too_short = f"the summary has fewer than {n} words" if summary else "the summary has no words"
            new = own.difference(list_ngrams(article, n))
            measures[f"novelty{n}"] = Measure(len(new) / len(own)) if own else missing(too_short)
        return measures


def list_ngrams(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """List all runs of n words in order, repeats included."""
    return list(zip(*(words[start:] for start in range(n)), strict=False))


@lru_cache(maxsize=128)  # all systems of a run summarise the same articles
def _split_words(article: str) -> tuple[str, ...]:
    return tuple(words(article))
