"""How many of the article's facts a summary tells in how few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.verdicts import gap, verdicts
from harness.text import words


class FactDensity(SummaryScorer):
    """Information density: the article's facts that the summary supports, per 100 of its words.

    Every fact counts 1, whatever its importance. A very short summary with one fact has a high density, so read it
    beside ``fact_recall``.
    """

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_density", "Facts per 100 words", format="number"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts, judged = case.item.facts, verdicts(case, "coverage")
        reason = gap(facts, judged)
        if reason:
            return self.nothing(reason)
        length = len(words(text))
        if not length:
            return self.nothing("the summary has no words")
        supported = sum(judged[fact.id].label == "supported" for fact in facts)
        return {"fact_density": Measure(100 * supported / length)}
