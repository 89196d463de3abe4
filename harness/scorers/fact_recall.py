"""Which of the article's facts a summary keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from pydantic import Field

from harness.records import Case, Fact, FactKind, Importance, Label, Metric, Verdict
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.scorers.verdicts import collect_verdicts, count, count_metrics, estimate, explain_gap

_GROUPS: Mapping[str, str] = {
    **{level: f"{level} facts" for level in get_args(Importance)},
    **{kind: f"facts of kind {kind}" for kind in get_args(FactKind)},
}
"""Importance or kind → the name of these facts in messages."""
_ESSENTIAL: Mapping[str, tuple[str, Label | None]] = {
    "essential_kept": ("Essential facts kept", "supported"),
    "essential_lost": ("Essential facts lost", "absent"),
    "essential_contradicted": ("Essential facts contradicted", "contradicted"),
    "essential_undecided": ("Essential facts undecided", "uncertain"),
    "essential_unchecked": ("Essential facts not checked", None),
}
"""Metric → its title and the label that it counts; None counts abstentions."""


class FactRecall(SummaryScorer):
    """Estimated share of the article's facts that the summary supports, each fact weighted by its importance.

    The estimate is the mean of P(supported), weighted as in the pyramid score (Nenkova and Passonneau 2004); using
    probabilities follows Lite2Pyramid (Zhang and Bansal 2021). People's labels replace probabilities.

    ``fact_recall.<importance>`` and ``fact_recall.<kind>`` cover the facts of one importance or kind.
    ``fact_recall.at_least`` and ``fact_recall.at_most`` count labels instead: the first counts undecided facts as not
    kept, the second as kept. The ``essential_*`` metrics count the essential facts by label, and list their ids.
    Facts on which the verifier abstained are left out; ``facts_unchecked`` counts them.
    """

    essential: float = Field(3.0, gt=0, allow_inf_nan=False)
    """Weight of an essential fact."""
    supporting: float = Field(2.0, gt=0, allow_inf_nan=False)
    """Weight of a supporting fact."""
    detail: float = Field(1.0, gt=0, allow_inf_nan=False)
    """Weight of a detail."""

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("fact_recall", "Fact recall", headline=True),
            *(Metric(f"fact_recall.{group}", f"Fact recall: {group}") for group in _GROUPS),
            Metric("fact_recall.at_least", "Fact recall, undecided facts counted as not kept"),
            Metric("fact_recall.at_most", "Fact recall, undecided facts counted as kept"),
            Metric("facts_unchecked", "Facts not checked", better="lower", format="count"),
            *count_metrics(_ESSENTIAL, headline="essential_lost"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts, verdicts = case.item.facts, collect_verdicts(case, "coverage")
        if not facts:
            return self.nothing("the article has no facts")
        measures = self._recall("fact_recall", facts, verdicts, "facts")
        for group, what in _GROUPS.items():
            of_group = [fact for fact in facts if group in (fact.importance, fact.kind)]
            name = f"fact_recall.{group}"
            measures[name] = self._recall(name, of_group, verdicts, what)[name]
        measures["facts_unchecked"] = count({fact.id: verdicts[fact.id] for fact in facts if fact.id in verdicts}, None)
        essential = [fact.id for fact in facts if fact.importance == "essential"]
        what = "essential facts"
        if reason := explain_gap(essential, verdicts, what) if essential else f"the article has no {what}":
            return measures | dict.fromkeys(_ESSENTIAL, missing(reason))
        labels = {fact: verdicts[fact] for fact in essential}
        return measures | {name: count(labels, label) for name, (_, label) in _ESSENTIAL.items()}

    def weight(self, fact: Fact) -> float:
        return float(getattr(self, fact.importance))

    def _recall(
        self, name: str, facts: Sequence[Fact], verdicts: Mapping[str, Verdict], what: str
    ) -> dict[str, Measure]:
        weights = {fact.id: self.weight(fact) for fact in facts}
        reason = explain_gap(weights, verdicts, what) if facts else f"the article has no {what}"
        if reason:
            return dict.fromkeys((name, f"{name}.at_least", f"{name}.at_most"), missing(reason))
        return estimate(name, weights, verdicts)
