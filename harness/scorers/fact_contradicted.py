"""How many of the article's facts a summary gets wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.verdicts import collect_verdicts, count, explain_gap


class FactContradicted(SummaryScorer):
    """Number of the article's facts that the summary contradicts, named by their ids."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_contradicted", "Facts contradicted", better="lower", format="count", headline=True),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts, verdicts = [fact.id for fact in case.item.facts], collect_verdicts(case, "coverage")
        reason = explain_gap(facts, verdicts, "facts") if facts else "the article has no facts"
        if reason:
            return self.nothing(reason)
        return {"fact_contradicted": count({fact: verdicts[fact] for fact in facts}, "contradicted")}
