"""Whether a summary tells the facts and nothing but what the article says, in one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.records import Case, Metric
from harness.scorers._pyramid import Pyramid
from harness.scorers.measure import Measure, missing
from harness.scorers.verdicts import precision, verdicts


class FactF1(Pyramid):
    """Fact precision, and its harmonic mean with fact recall.

    ``fact_precision`` is the share of the summary's claims that the article supports: the number that ``faithfulness``
    gives, under the name it goes by beside a recall. ``fact_f1`` is 2PR / (P + R), with the recall that
    ``fact_recall`` gives under the same options, and 0 where both are 0.

    The two sides count different things, claims of the summary and facts of the article, so that F1 is a summary of
    two numbers and no share of anything.
    """

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_precision", "Fact precision"), Metric("fact_f1", "Fact F1"))

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        supported = precision(case)
        recall = self.recall(case.item.facts, verdicts(case, "coverage"))
        return {"fact_precision": supported, "fact_f1": _harmonic_mean(supported, recall)}


def _harmonic_mean(one: Measure, other: Measure) -> Measure:
    if one.value is None or other.value is None:
        return missing(one.reason or other.reason or "")
    total = one.value + other.value
    return Measure(2 * one.value * other.value / total if total else 0.0)
