"""Judges by the words that premise and hypothesis share: the floor, fast and without a model.

Words weighted by how rare they are, numbers, dates and names compared after normalisation, word order, negation, and
the false versions where there are some. Two logistic regressions turn these into probabilities, a third weighs a
statement against its false version; ``benchmarks/fit_lexical.py`` fits them and ``benchmarks/lexical.md`` says how well
they do. English; in other languages the numbers and the equal words still count, the probabilities are not calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from pydantic import Field

from harness.records import Label, Pair, Probabilities, Verdict
from harness.seams import Verifier
from harness.signature import file_digest
from harness.verifiers._judge import Judge
from harness.verifiers._weights import Weights

WEIGHTS = Path(__file__).with_name("lexical.json")


class Lexical(Verifier):
    """Word overlap, numbers, dates and names, calibrated on human judgements; needs no model."""

    decide: float = Field(0.5, ge=0.34, le=1)
    """The least probability that decides; where no label reaches it, the verdict is uncertain."""

    def depends(self) -> Mapping[str, str]:
        return {
            "weights": file_digest(WEIGHTS)[:8],
            "sentencex": version("sentencex"),
            "snowballstemmer": version("snowballstemmer"),
        }

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return [self._verdict(pair) for pair in pairs]

    @cached_property
    def _judge(self) -> Judge:
        return Judge(Weights.load(WEIGHTS))

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    def _verdict(self, pair: Pair) -> Verdict:
        opinion = self._judge.opinion(pair)
        label = most_likely(opinion.probabilities)
        probability = getattr(opinion.probabilities, label)
        if probability >= self.decide:
            return Verdict(label, opinion.probabilities, opinion.evidence, self._signature, opinion.reason)
        reason = opinion.reason or f"no label reaches {self.decide:g}: {label} is likeliest, at {probability:.2f}"
        return Verdict("uncertain", opinion.probabilities, opinion.evidence, self._signature, reason)


def most_likely(found: Probabilities) -> Label:
    """The label with the highest probability; of equals, the more careful one."""
    labels: tuple[Label, ...] = ("absent", "contradicted", "supported")
    return max(labels, key=lambda label: getattr(found, label))
