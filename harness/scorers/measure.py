"""Base classes of scorers, and ``Measure``: a number, or the reason why it is missing.

SummaryScorer    measures one summary at a time; implement ``metrics`` and ``measure``
DerivedScorer    computes one number from those of other scorers; implement ``needs``, ``metrics`` and ``derive``
BatchScorer      measures many summaries at once; implement ``metrics`` and ``measure_all``
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from harness.records import Case, Score
from harness.seams import Scorer


class Measure(NamedTuple):
    """The value of one metric for one summary; if ``value`` is None, ``reason`` says why."""

    value: float | None
    reason: str | None = None
    names: tuple[str, ...] = ()
    """Details of the value, e.g. the ids of the facts that it counts."""


def missing(reason: str) -> Measure:
    return Measure(None, reason)


class BatchScorer(Scorer):
    """A scorer that measures many summaries at once. A summary without text has no value for any metric."""

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        """Return each case's measures by metric name, in the order of ``cases``, whose summaries all have a text."""
        raise NotImplementedError

    def nothing(self, reason: str) -> dict[str, Measure]:
        """Return a missing measure for every metric, all with this reason."""
        return {metric.name: missing(reason) for metric in self.metrics()}

    def score(self, cases: Sequence[Case]) -> list[Score]:
        names, signature = [metric.name for metric in self.metrics()], self.signature()
        measured = iter(self.measure_all([case for case in cases if case.summary.text is not None]))
        scores = []
        for case in cases:
            summary = case.summary
            lacking = summary.text is None
            measures = self.nothing(summary.reason or "there is no summary") if lacking else next(measured)
            for name in filter(measures.__contains__, names):  # the stage reports those that are left out
                value, reason, details = measures[name]
                value = None if value is None else float(value)  # counts become floats, as in scores.jsonl
                scores.append(Score(*summary.place, name, value, signature, reason, details))
        return scores


class SummaryScorer(BatchScorer):
    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        """Return the measure of every metric by its name; ``text`` is the summary's text."""
        raise NotImplementedError

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        return (self.measure(case, case.summary.text or "") for case in cases)


class DerivedScorer(SummaryScorer):
    """A scorer that computes one number from the metrics in ``needs``; their scorers must come first in the config.

    Its scores are written to ``scores.jsonl``, compared and gated like all others. Give its metric ``headline=True`` to
    show it in the leaderboard.
    """

    def derive(self, *values: float) -> float:
        """Compute the number from values in the order of ``needs``; a result that is not finite counts as missing."""
        raise NotImplementedError

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        (metric,) = self.metrics()
        values = []
        for name in self.needs:
            score = case.scores.get(name)
            if score is None:
                return self.nothing(f"{metric.name} needs {name}: put its scorer before {self.name} in `scorers`")
            if score.value is None:
                return self.nothing(score.reason or f"{name} has no value")
            values.append(score.value)
        try:
            value = self.derive(*values)
        except ZeroDivisionError:
            value = math.nan
        if not math.isfinite(value):
            return self.nothing(f"cannot be computed from {', '.join(self.needs)}")
        return {metric.name: Measure(value)}


# References -----------------------------------------------------------------------------------------------------------


class Overlap(NamedTuple):
    """The overlap of two texts: its share of the summary (precision), its share of the reference (recall), and F1."""

    precision: float
    recall: float
    f1: float


def measure_best_and_mean(metric: str, overlaps: Mapping[str, Overlap]) -> dict[str, Measure]:
    """Return four measures from the overlaps with the references, by reference id; there must be at least one.

    ``metric`` is the best F1, ``.precision`` and ``.recall`` are those of the same reference, and ``.mean`` is the mean
    F1. Each measure lists the value for every reference, the best first.
    """
    ranked = sorted(overlaps.items(), key=lambda entry: -entry[1].f1)
    best = ranked[0][1]
    precision, recall, f1 = (
        tuple([f"{reference}={overlap[part]:.4f}" for reference, overlap in ranked]) for part in range(3)
    )
    return {
        metric: Measure(best.f1, names=f1),
        f"{metric}.precision": Measure(best.precision, names=precision),
        f"{metric}.recall": Measure(best.recall, names=recall),
        f"{metric}.mean": Measure(math.fsum([overlap.f1 for _, overlap in ranked]) / len(ranked), names=f1),
    }


def explain_no_reference(case: Case) -> str | None:
    """Explain why the summary has no reference to compare with, or return None if it has one."""
    if case.references:
        return None
    return "the article has no other reference" if case.item.references else "the article has no reference"
