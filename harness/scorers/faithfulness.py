"""How much of a summary the article supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers._measure import Measure, SummaryScorer
from harness.scorers._verdicts import precision, verdicts


class Faithfulness(SummaryScorer):
    """Share of the summary's claims that the article supports; ``uncertain`` claims are not supported ones.

    ``claims_unsupported`` counts the claims with any other verdict, ``claims_contradicted`` those among them that the
    article rules out; both name the claims' numbers.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("faithfulness", "Faithfulness", headline=True),
            Metric("claims_unsupported", "Claims not supported", better="lower", format="count"),
            Metric("claims_contradicted", "Claims contradicted", better="lower", format="count"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        judged = verdicts(case, "grounding")
        faithful = precision(judged)
        if faithful.reason:
            return self.nothing(faithful.reason)
        unsupported = tuple(claim for claim, verdict in judged.items() if verdict.label != "supported")
        contradicted = tuple(claim for claim, verdict in judged.items() if verdict.label == "contradicted")
        return {
            "faithfulness": faithful,
            "claims_unsupported": Measure(len(unsupported), names=unsupported),
            "claims_contradicted": Measure(len(contradicted), names=contradicted),
        }
