"""Facts weighed by what they matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from harness.records import Fact, Verdict
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.scorers.verdicts import gap


class Pyramid(SummaryScorer):
    """What scorers of fact recall share: the pyramid score (Nenkova and Passonneau 2004) over facts that people wrote.

    The sum of the weights of the supported facts over the sum of all weights. A verdict of ``supported`` counts 1;
    ``uncertain`` counts 0 like ``absent`` and ``contradicted``.
    """

    essential: float = Field(3.0, gt=0, allow_inf_nan=False)
    """Weight of an essential fact."""
    supporting: float = Field(2.0, gt=0, allow_inf_nan=False)
    """Weight of a supporting fact."""
    detail: float = Field(1.0, gt=0, allow_inf_nan=False)
    """Weight of a detail."""
    soft: bool = False
    """Count P(supported) of each fact instead of 1 or 0, as Lite2Pyramid does (Zhang and Bansal 2021)."""

    def recall(self, facts: Sequence[Fact], judged: Mapping[str, Verdict], what: str = "facts") -> Measure:
        """The score over these facts, which a reason for having none calls ``what``."""
        return self._share(facts, {fact: self.credit(verdict) for fact, verdict in judged.items()}, what)

    def at_most(self, facts: Sequence[Fact], judged: Mapping[str, Verdict]) -> Measure:
        """The score by labels if every fact that is undecided was supported."""
        kept = {fact: float(verdict.label in ("supported", "uncertain")) for fact, verdict in judged.items()}
        return self._share(facts, kept)

    def _share(self, facts: Sequence[Fact], credit: Mapping[str, float], what: str = "facts") -> Measure:
        reason = gap(facts, credit, what)
        if reason:
            return missing(reason)
        kept = sum(self.weight(fact) * credit[fact.id] for fact in facts)
        return Measure(kept / sum(map(self.weight, facts)))

    def weight(self, fact: Fact) -> float:
        """What a fact counts."""
        return float(getattr(self, fact.importance))

    def credit(self, verdict: Verdict) -> float:
        """How far a fact with this verdict counts as kept, from 0 to 1."""
        return verdict.probabilities.supported if self.soft else float(verdict.label == "supported")
