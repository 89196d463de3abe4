"""How much of a summary the article supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.claims import find_claims
from harness.records import Case, Label, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.verdicts import collect_verdicts, count, count_metrics, estimate, explain_gap

_COUNTS: Mapping[str, tuple[str, Label | None]] = {
    "claims_supported": ("Claims supported", "supported"),
    "claims_contradicted": ("Claims contradicted", "contradicted"),
    "claims_absent": ("Claims not in the article", "absent"),
    "claims_undecided": ("Claims undecided", "uncertain"),
    "claims_unchecked": ("Claims not checked", None),
}
"""Metric → its title and the label that it counts; None counts abstentions."""


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
            *count_metrics(_COUNTS),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        verdicts = collect_verdicts(case, "grounding")
        counts = {
            name: count(verdicts, label, lambda claim: str(int(claim) + 1)) for name, (_, label) in _COUNTS.items()
        }
        if not verdicts:
            return self.nothing("no claim of the summary was checked against the article")
        stated = len(find_claims(case.summary.generation, case.item.article.language))
        lacking = f"{stated - len(verdicts)} of {stated} claims have no verdict" if len(verdicts) < stated else None
        if reason := lacking or explain_gap(verdicts, verdicts, "claims"):
            return self.nothing(reason) | {"claims_unchecked": counts["claims_unchecked"]}
        return estimate("faithfulness", dict.fromkeys(verdicts, 1.0), verdicts) | counts
