"""What most verifiers share: they form an opinion, as probabilities, and one rule makes it a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from harness.records import Label, Pair, Probabilities, Span, Verdict
from harness.seams import Verifier


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a verifier makes of a pair, before it is decided."""

    probabilities: Probabilities
    evidence: Span | None = None
    """Into the premise; None where nothing in it bears on the hypothesis."""
    reason: str | None = None
    undecidable: bool = False
    """Whether there is nothing to decide by (no answer came, or one that cannot be read): then ``reason`` says why."""


class OpinionVerifier(Verifier):
    """A verifier that gives probabilities; ``opinions`` is its one method."""

    decide: float = Field(0.5, ge=0.34, le=1)
    """The least probability that decides; where no label reaches it, the verdict is uncertain."""

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order; a pair's opinion does not depend on the other pairs."""
        raise NotImplementedError

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return [self._verdict(opinion) for opinion in self.opinions(pairs)]

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    def _verdict(self, opinion: Opinion) -> Verdict:
        label = most_likely(opinion.probabilities)
        probability = getattr(opinion.probabilities, label)
        if probability >= self.decide and not opinion.undecidable:
            return Verdict(label, opinion.probabilities, opinion.evidence, self._signature, opinion.reason)
        reason = opinion.reason or f"no label reaches {self.decide:g}: {label} is likeliest, at {probability:.2f}"
        return Verdict("uncertain", opinion.probabilities, opinion.evidence, self._signature, reason)


def most_likely(found: Probabilities) -> Label:
    """The label with the highest probability; of equals, the more careful one."""
    labels: tuple[Label, ...] = ("absent", "contradicted", "supported")
    return max(labels, key=lambda label: getattr(found, label))
