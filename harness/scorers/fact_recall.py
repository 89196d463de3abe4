"""Which of the article's facts a summary still tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from harness.records import Case, Fact, FactKind, Importance, Metric, Verdict
from harness.scorers._measure import Measure, missing
from harness.scorers._pyramid import Pyramid
from harness.scorers._verdicts import gap, verdicts

_LEVELS: tuple[Importance, ...] = get_args(Importance)
_KINDS: tuple[FactKind, ...] = get_args(FactKind)


class FactRecall(Pyramid):
    """Share of the article's facts that the summary supports, each fact weighing as much as it matters.

    ``fact_recall.<importance>`` and ``fact_recall.<kind>`` are the same over the facts of one importance or kind.
    ``essential_lost`` counts the essential facts not supported, by their label under ``soft`` too, and names their ids.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("fact_recall", "Fact recall", headline=True),
            *(Metric(f"fact_recall.{level}", f"Fact recall: {level}") for level in _LEVELS),
            *(Metric(f"fact_recall.{kind}", f"Fact recall: {kind}") for kind in _KINDS),
            Metric("essential_lost", "Essential facts lost", better="lower", format="count", headline=True),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts = case.item.facts
        judged = verdicts(case, "coverage")
        found = {"fact_recall": self.recall(facts, judged)}
        for level in _LEVELS:
            group = [fact for fact in facts if fact.importance == level]
            found[f"fact_recall.{level}"] = self.recall(group, judged, f"{level} facts")
        for kind in _KINDS:
            group = [fact for fact in facts if fact.kind == kind]
            found[f"fact_recall.{kind}"] = self.recall(group, judged, f"facts of kind {kind}")
        return found | {"essential_lost": _essential_lost(facts, judged)}


def _essential_lost(facts: Sequence[Fact], judged: Mapping[str, Verdict]) -> Measure:
    essential = [fact for fact in facts if fact.importance == "essential"]
    reason = gap(essential, judged, "essential facts")
    if reason:
        return missing(reason)
    lost = tuple(fact.id for fact in essential if judged[fact.id].label != "supported")
    return Measure(len(lost), names=lost)
