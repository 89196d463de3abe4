"""How much of a summary's wording is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers._ngrams import ngrams
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.text import words


class Novelty(SummaryScorer):
    """Novel n-grams (See, Liu and Manning 2017, section 6.2): the share of the summary's that the article lacks.

    Distinct n-grams are counted, so that a phrase said twice counts once (``repetition`` is another scorer).
    """

    n: int = Field(4, ge=1, le=10)
    """Length in words of the longest n-grams; there is a metric for each length from 1 on."""

    def metrics(self) -> Sequence[Metric]:
        return [Metric(f"novelty{n}", f"Novel {n}-grams", better="neither") for n in range(1, self.n + 1)]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, article = words(text), _article_words(case.item.article.text)
        return {f"novelty{n}": _novelty(summary, article, n) for n in range(1, self.n + 1)}


def _novelty(summary: Sequence[str], article: Sequence[str], n: int) -> Measure:
    own = set(ngrams(summary, n))
    if not own:
        return missing("the summary has no words" if not summary else f"the summary has fewer than {n} words")
    return Measure(len(own.difference(ngrams(article, n))) / len(own))


@lru_cache(maxsize=128)  # the systems of a run share their articles
def _article_words(article: str) -> tuple[str, ...]:
    return tuple(words(article))
