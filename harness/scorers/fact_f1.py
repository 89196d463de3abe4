"""Faithfulness and fact recall as one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from harness.records import Metric
from harness.scorers.measure import DerivedScorer


class FactF1(DerivedScorer):
    """Harmonic mean of ``faithfulness`` and ``fact_recall``, whose scorers precede this one in the config.

    The two count different things, claims of the summary and facts of the article, so F1 is not a share.
    """

    needs: ClassVar[tuple[str, ...]] = ("faithfulness", "fact_recall")

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fact_f1", "Fact F1"),)

    def derive(self, *values: float) -> float:
        precision, recall = values
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
