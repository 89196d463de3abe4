"""Scorers that read verdicts: facts that the summary keeps or contradicts, and claims that the article supports.

Shares are estimates: weighted means of P(supported). If probabilities are calibrated, the shares are, on average,
those that people would find; counting only the verdicts ``supported`` would give too low a share. People's labels
replace probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from math import fsum
from typing import get_args

from pydantic import Field

from harness.claims import find_claims
from harness.records import Case, Fact, FactKind, Importance, Label, Metric, Use, Verdict
from harness.scorers.measure import Measure, SummaryScorer, missing

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
_CLAIMS: Mapping[str, tuple[str, Label | None]] = {
    "claims_supported": ("Claims supported", "supported"),
    "claims_contradicted": ("Claims contradicted", "contradicted"),
    "claims_absent": ("Claims not in the article", "absent"),
    "claims_undecided": ("Claims undecided", "uncertain"),
    "claims_unchecked": ("Claims not checked", None),
}
"""Metric → its title and the label that it counts; None counts abstentions."""

_SUPPORT: Mapping[str, Callable[[Verdict], float]] = {
    "": lambda verdict: verdict.probabilities.supported,
    ".at_least": lambda verdict: verdict.label == "supported",
    ".at_most": lambda verdict: verdict.label in ("supported", "uncertain"),
}
"""Suffix of a metric → the support that it reads from a verdict. The estimate, which has no suffix, can lie outside the
range from ``at_least`` to ``at_most``."""


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
            *_list_count_metrics(_ESSENTIAL, headline="essential_lost"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts, verdicts = case.item.facts, _collect_verdicts(case, "coverage")
        if not facts:
            return self.nothing("the article has no facts")
        weights = {fact.id: self.weight(fact) for fact in facts}
        measures = {
            f"fact_recall{ending}": _estimate(weights, verdicts, support, "facts")
            for ending, support in _SUPPORT.items()
        }
        for group, what in _GROUPS.items():
            of_group = {fact.id: weights[fact.id] for fact in facts if group in (fact.importance, fact.kind)}
            measures[f"fact_recall.{group}"] = _estimate(of_group, verdicts, _SUPPORT[""], what)
        measures["facts_unchecked"] = _count([fact for fact in weights if fact in verdicts], verdicts, None)
        essential = [fact.id for fact in facts if fact.importance == "essential"]
        if reason := _explain_gap(essential, verdicts, "essential facts"):
            return measures | dict.fromkeys(_ESSENTIAL, missing(reason))
        return measures | {name: _count(essential, verdicts, label) for name, (_, label) in _ESSENTIAL.items()}

    def weight(self, fact: Fact) -> float:
        return float(getattr(self, fact.importance))


class FactContradicted(SummaryScorer):
    """Number of the article's facts that the summary contradicts, named by their ids."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_contradicted", "Facts contradicted", better="lower", format="count", headline=True),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        facts, verdicts = [fact.id for fact in case.item.facts], _collect_verdicts(case, "coverage")
        if reason := _explain_gap(facts, verdicts, "facts"):
            return self.nothing(reason)
        return {"fact_contradicted": _count(facts, verdicts, "contradicted")}


class Faithfulness(SummaryScorer):
    """Estimated share of the summary's claims that the article supports: the mean of P(supported).

    People's labels replace probabilities. ``faithfulness.at_least`` and ``faithfulness.at_most`` count labels instead:
    the first counts undecided claims as not supported, the second as supported. The ``claims_*`` metrics count the
    claims by label, and list their positions in the summary, from 1. Claims on which the verifier abstained count only
    in ``claims_unchecked``.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("faithfulness", "Faithfulness", headline=True),
            Metric("faithfulness.at_least", "Faithfulness, undecided claims counted as not supported"),
            Metric("faithfulness.at_most", "Faithfulness, undecided claims counted as supported"),
            *_list_count_metrics(_CLAIMS),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        by_index = _collect_verdicts(case, "grounding")
        verdicts = {str(int(claim) + 1): verdict for claim, verdict in by_index.items()}
        if not verdicts:
            return self.nothing("no claim of the summary was checked against the article")
        counts = {name: _count(verdicts, verdicts, label) for name, (_, label) in _CLAIMS.items()}
        claims = len(find_claims(case.summary.generation, case.item.article.language))
        lacking = f"{claims - len(verdicts)} of {claims} claims have no verdict" if len(verdicts) < claims else None
        if reason := lacking or _explain_gap(verdicts, verdicts, "claims"):
            return self.nothing(reason) | {"claims_unchecked": counts["claims_unchecked"]}
        weights = dict.fromkeys(verdicts, 1.0)
        return counts | {
            f"faithfulness{ending}": _estimate(weights, verdicts, support, "claims")
            for ending, support in _SUPPORT.items()
        }


def _collect_verdicts(case: Case, use: Use) -> dict[str, Verdict]:
    """Return the verdicts by target: a fact's id, or a claim's index."""
    return {check.target: check.verdict for check in case.checks if check.use == use}


def _list_count_metrics(counts: Mapping[str, tuple[str, Label | None]], headline: str = "") -> list[Metric]:
    return [
        Metric(name, title, "higher" if label == "supported" else "lower", "count", headline=name == headline)
        for name, (title, label) in counts.items()
    ]


def _count(targets: Collection[str], verdicts: Mapping[str, Verdict], label: Label | None) -> Measure:
    """Count and name the targets whose verdict has this label; None counts abstentions."""
    labels = {target: None if verdicts[target].abstained else verdicts[target].label for target in targets}
    names = tuple(target for target in targets if labels[target] == label)
    return Measure(len(names), names=names)


def _estimate(
    weights: Mapping[str, float], verdicts: Mapping[str, Verdict], support: Callable[[Verdict], float], what: str
) -> Measure:
    """Return the weighted mean of ``support`` over the targets of ``weights``, without abstentions."""
    if reason := _explain_gap(weights, verdicts, what):
        return missing(reason)
    checked = {target: verdicts[target] for target in weights if not verdicts[target].abstained}
    supported = fsum(weights[target] * support(verdict) for target, verdict in checked.items())
    return Measure(supported / fsum(weights[target] for target in checked))


def _explain_gap(targets: Collection[str], verdicts: Mapping[str, Verdict], what: str) -> str | None:
    """Explain why the verdicts on these targets, named ``what``, give no number; return None if they give one."""
    if not targets:
        return f"the article has no {what}"
    if lacking := sum(target not in verdicts for target in targets):
        return f"{lacking} of {len(targets)} {what} have no verdict"
    if all(verdicts[target].abstained for target in targets):
        reason = next((verdicts[target].reason for target in targets if verdicts[target].reason), "no reason given")
        return f"the verifier abstained on all {what} ({len(targets)}): {reason}"
    return None
