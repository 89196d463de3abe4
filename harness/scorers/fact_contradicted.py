"""How many of the article's facts a summary gets wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.verdicts import gap, verdicts


class FactContradicted(SummaryScorer):
    """Number of the article's facts that the summary contradicts, named by their ids."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_contradicted", "Facts contradicted", better="lower", format="count", headline=True),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts = case.item.facts
        judged = verdicts(case, "coverage")
        reason = gap(facts, judged)
        if reason:
            return self.nothing(reason)
        wrong = tuple(fact.id for fact in facts if judged[fact.id].label == "contradicted")
        return {"fact_contradicted": Measure(len(wrong), names=wrong)}
