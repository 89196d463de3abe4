"""Rank systems by one metric, with intervals and letters. Systems that share a letter do not differ significantly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.stats.caution import ALPHA
from harness.stats.interval import Estimate, mean_intervals
from harness.stats.multiple_comparisons import assign_letters, holm
from harness.stats.paired import compare_all
from harness.stats.resampling import Resampler, p_values


@dataclass(frozen=True, slots=True)
class RankedSystem:
    system: str
    estimate: Estimate
    letters: str
    """Systems that share a letter do not differ significantly. Empty if there is no value or no test."""


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A side minus a reference, over the articles on which both have a value."""

    reference: str
    side: str
    n: int
    """Number of those articles."""
    before: float | None
    """The reference's mean over those articles; None if ``n`` is 0."""
    after: float | None
    mean: float | None
    spread: float | None
    """Standard deviation of the differences between articles; None for fewer than two articles."""
    low: float | None
    """Lower end of the mean's 95% interval; if None, ``reason`` says why."""
    high: float | None
    p: float | None
    """Corrected for all pairs of the metric (Holm); None for too few articles."""
    changed: int
    """Number of articles on which the two differ."""
    missing: tuple[int, int]
    """Number of articles on which only the side has a value, and number on which only the reference has one."""
    reason: str | None

    @property
    def is_significant(self) -> bool:
        return self.p is not None and self.p <= ALPHA

    def reverse(self) -> MetricDifference:
        """Swap the side and the reference."""
        mean, low, high = (None if value is None else 0.0 - value for value in (self.mean, self.high, self.low))
        return replace(
            self, reference=self.side, side=self.reference, before=self.after, after=self.before,
            mean=mean, low=low, high=high, missing=self.missing[::-1],
        )  # fmt: skip  # swapped pairs on a line


@dataclass(frozen=True, slots=True)
class Ranking:
    metric: Metric
    places: tuple[RankedSystem, ...]
    differences: tuple[MetricDifference, ...]
    """One per pair of systems, the higher-ranked one as the reference; empty from ``rank_by_metrics``."""
    tests: int
    """Number of tests that p is corrected for."""

    def difference(self, reference: str, side: str) -> MetricDifference:
        for each in self.differences:
            if (each.reference, each.side) == (reference, side):
                return each
            if (each.side, each.reference) == (reference, side):
                return each.reverse()
        raise KeyError(reference, side)


def rank_tables(tables: Sequence[ScoreTable], metric: str, resampler: Resampler) -> tuple[Ranking, ...]:
    """Rank the systems of each table by the mean of one metric, those without a value last.

    A metric without a direction is ordered from high to low. p is corrected for the pairs of all tables.
    """
    ordered = [_order(table, [metric], resampler)[metric] for table in tables]
    pairs = [(table, *pair) for table, rows in zip(tables, ordered, strict=True) for pair in _list_pairs(rows)]
    found = compare_all([table.pair(side, reference, metric) for table, reference, side in pairs], resampler)
    corrected = holm([each.p for each in found])
    differences = iter(
        [
            MetricDifference(
                reference=reference,
                side=side,
                n=each.n,
                before=each.second,
                after=each.first,
                mean=each.mean,
                spread=each.spread,
                low=each.low,
                high=each.high,
                p=p,
                changed=each.changed,
                missing=table.missing(reference, side, metric),
                reason=each.reason,
            )
            for (table, reference, side), each, p in zip(pairs, found, corrected, strict=True)
        ]
    )
    tests = sum(p is not None for p in corrected)
    rankings = []
    for table, rows in zip(tables, ordered, strict=True):
        of_table = tuple(next(differences) for _ in _list_pairs(rows))
        apart = [(each.reference, each.side) for each in of_table if each.is_significant]
        rankings.append(Ranking(table.metric(metric), _assign_letters(rows, apart, tests), of_table, tests))
    return tuple(rankings)


def rank_by_metrics(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> dict[str, Ranking]:
    """Rank the systems of one table by each metric, without ``differences``, which take most of the time."""
    ordered = _order(table, metrics, resampler)
    values = [table.pair(*pair, metric) for metric, rows in ordered.items() for pair in _list_pairs(rows)]
    tested = iter(p_values(values, resampler))
    rankings = {}
    for metric, rows in ordered.items():
        pairs = _list_pairs(rows)
        corrected = holm([next(tested) for _ in pairs])
        apart = [pair for pair, p in zip(pairs, corrected, strict=True) if p is not None and p <= ALPHA]
        tests = sum(p is not None for p in corrected)
        rankings[metric] = Ranking(table.metric(metric), _assign_letters(rows, apart, tests), (), tests)
    return rankings


_Rows = Sequence[tuple[str, Estimate]]
"""Systems with their estimates, best first."""


def _order(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> Mapping[str, _Rows]:
    """Sort the systems by their estimates for each metric; all estimates use the same resamples."""
    columns = [table.column(system, metric) for metric in metrics for system in table.systems]
    estimates = iter(mean_intervals(columns, resampler))
    by_metric = {}
    for metric in metrics:
        rows = [(system, next(estimates)) for system in table.systems]
        rows.sort(key=lambda row: row[1].mean or 0.0, reverse=table.metric(metric).better != "lower")
        by_metric[metric] = sorted(rows, key=lambda row: row[1].mean is None)
    return by_metric


def _list_pairs(rows: _Rows) -> list[tuple[str, str]]:
    return list(combinations([system for system, _ in rows], 2))


def _assign_letters(rows: _Rows, apart: Sequence[tuple[str, str]], tests: int) -> tuple[RankedSystem, ...]:
    names = [system for system, estimate in rows if estimate.n] if tests else []
    marks = assign_letters(len(names), {(names.index(first), names.index(second)) for first, second in apart})
    letters = dict(zip(names, marks, strict=True))
    return tuple(RankedSystem(system, estimate, letters.get(system, "")) for system, estimate in rows)
