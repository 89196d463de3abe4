"""How much of a summary the article supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Label, Metric
from harness.scorers.measure import Measure, SummaryScorer
from harness.scorers.verdicts import precision, verdicts

_COUNTED: Mapping[str, tuple[str, Label]] = {
    "claims_contradicted": ("Claims wrong", "contradicted"),
    "claims_absent": ("Claims not in the article", "absent"),
    "claims_undecided": ("Claims undecided", "uncertain"),
}
"""Metric → its title, and the label of the claims that it counts."""


class Faithfulness(SummaryScorer):
    """Share of the summary's claims that the article supports; ``uncertain`` claims are not supported ones.

    ``faithfulness.at_most`` is what it would be if every undecided claim was supported. ``claims_contradicted``,
    ``claims_absent`` and ``claims_undecided`` count the claims that the article rules out, that it does not have, and
    of which the verifier cannot tell; they name the claims' numbers in the summary, from 1 as in the report.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("faithfulness", "Faithfulness", headline=True),
            Metric("faithfulness.at_most", "Faithfulness, undecided claims counted as supported"),
            *(Metric(name, title, better="lower", format="count") for name, (title, _) in _COUNTED.items()),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        judged = verdicts(case, "grounding")
        faithful = precision(case)
        if faithful.value is None:
            return self.nothing(faithful.reason or "")
        named = {
            name: tuple(str(int(claim) + 1) for claim, verdict in judged.items() if verdict.label == label)
            for name, (_, label) in _COUNTED.items()
        }
        return {
            "faithfulness": faithful,
            "faithfulness.at_most": Measure(faithful.value + len(named["claims_undecided"]) / len(judged)),
            **{name: Measure(len(claims), names=claims) for name, claims in named.items()},
        }
