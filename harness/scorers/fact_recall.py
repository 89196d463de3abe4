"""Which of the article's facts a summary still tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from harness.records import Case, Fact, FactKind, Importance, Label, Metric, Verdict
from harness.scorers._pyramid import Pyramid
from harness.scorers.measure import Measure, missing
from harness.scorers.verdicts import gap, verdicts

_LEVELS: tuple[Importance, ...] = get_args(Importance)
_KINDS: tuple[FactKind, ...] = get_args(FactKind)
_ESSENTIAL: Mapping[str, tuple[str, Label]] = {
    "essential_lost": ("lost", "absent"),
    "essential_contradicted": ("contradicted", "contradicted"),
    "essential_undecided": ("undecided", "uncertain"),
}
"""Metric → what the essential facts that it counts are called, and their label."""


class FactRecall(Pyramid):
    """Share of the article's facts that the summary supports, each fact weighing as much as it matters.

    ``fact_recall.<importance>`` and ``fact_recall.<kind>`` are the same over the facts of one importance or kind.
    ``fact_recall.at_most`` is what it would be if every undecided fact was supported, by labels under ``soft`` too.
    ``essential_lost``, ``essential_contradicted`` and ``essential_undecided`` count the essential facts that are
    absent, contradicted and uncertain, and name their ids.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("fact_recall", "Fact recall", headline=True),
            *(Metric(f"fact_recall.{level}", f"Fact recall: {level}") for level in _LEVELS),
            *(Metric(f"fact_recall.{kind}", f"Fact recall: {kind}") for kind in _KINDS),
            Metric("fact_recall.at_most", "Fact recall, undecided facts counted as kept"),
            *(
                Metric(
                    name, f"Essential facts {word}", better="lower", format="count", headline=name == "essential_lost"
                )
                for name, (word, _) in _ESSENTIAL.items()
            ),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts = case.item.facts
        judged = verdicts(case, "coverage")
        measures = {"fact_recall": self.recall(facts, judged)}
        for level in _LEVELS:
            group = [fact for fact in facts if fact.importance == level]
            measures[f"fact_recall.{level}"] = self.recall(group, judged, f"{level} facts")
        for kind in _KINDS:
            group = [fact for fact in facts if fact.kind == kind]
            measures[f"fact_recall.{kind}"] = self.recall(group, judged, f"facts of kind {kind}")
        measures["fact_recall.at_most"] = self.at_most(facts, judged)
        return measures | {name: _essential(facts, judged, label) for name, (_, label) in _ESSENTIAL.items()}


def _essential(facts: Sequence[Fact], judged: Mapping[str, Verdict], label: Label) -> Measure:
    essential = [fact for fact in facts if fact.importance == "essential"]
    reason = gap(essential, judged, "essential facts")
    if reason:
        return missing(reason)
    ids = tuple(fact.id for fact in essential if judged[fact.id].label == label)
    return Measure(len(ids), names=ids)
