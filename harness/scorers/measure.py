"""What the scorers share: from a measure to a score, and a reason in place of a number that cannot be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from harness.records import Case, Score
from harness.seams import Scorer


class Measure(NamedTuple):
    """The value of one metric for one summary; ``value`` is None exactly where ``reason`` says why."""

    value: float | None
    reason: str | None = None
    names: tuple[str, ...] = ()


def missing(reason: str) -> Measure:
    """No value, and why."""
    return Measure(None, reason)


class BatchScorer(Scorer):
    """A scorer whose numbers are made for many summaries at once. A summary without text has none, in any metric."""

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        """For each case, in order, metric name → measure; every summary here has a text."""
        raise NotImplementedError

    def signature_over(self, cases: Sequence[Case]) -> str:
        """The signature of scores of these cases, where they depend on each other."""
        return self.signature()

    def nothing(self, reason: str) -> dict[str, Measure]:
        """Every metric without a value, for one reason."""
        return {metric.name: missing(reason) for metric in self.metrics()}

    def score(self, cases: Sequence[Case]) -> list[Score]:
        names = [metric.name for metric in self.metrics()]
        signature = self.signature_over(cases)
        measured = iter(self.measure_all([case for case in cases if case.summary.text is not None]))
        scores = []
        for case in cases:
            without = case.summary.reason or "there is no summary"
            measures = self.nothing(without) if case.summary.text is None else next(measured)
            scores += [_score(case, name, measures[name], signature) for name in names]
        return scores


class SummaryScorer(BatchScorer):
    """A scorer that looks at each summary by itself."""

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        """Metric name → measure, for every metric; ``text`` is the summary's."""
        raise NotImplementedError

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        return (self.measure(case, case.summary.text or "") for case in cases)


def _score(case: Case, metric: str, measure: Measure, signature: str) -> Score:
    summary = case.summary
    return Score(
        system=summary.system,
        article_id=summary.article_id,
        sample=summary.sample,
        metric=metric,
        value=None if measure.value is None else float(measure.value),  # a count is written as it is read back: 3.0
        signature=signature,
        reason=measure.reason,
        names=measure.names,
    )
