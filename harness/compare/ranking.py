"""Rank systems by one metric, with intervals and letters. Systems that share a letter do not differ significantly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.stats import caution
from harness.stats.caution import ALPHA
from harness.stats.interval import Estimate, mean_intervals
from harness.stats.multiple_comparisons import assign_letters, holm
from harness.stats.paired import Difference, compare_all
from harness.stats.resampling import Resampler, p_values


@dataclass(frozen=True, slots=True)
class RankedSystem:
    system: str
    estimate: Estimate
    letters: str
    """Systems that share a letter do not differ significantly. Empty if the system has no value."""


@dataclass(frozen=True, slots=True)
class PairTest:
    """The test of two systems on their shared articles, the higher-ranked one first."""

    first: str
    second: str
    difference: Difference
    p: float | None
    """Corrected for all pairs of the metric (Holm). If None, ``difference`` says why."""
    apart: bool
    """True if the difference is significant: p is at most ``ALPHA``."""


@dataclass(frozen=True, slots=True)
class Ranking:
    metric: Metric
    places: tuple[RankedSystem, ...]
    pair_tests: tuple[PairTest, ...]
    """One per pair of systems; ``rank_by_each`` makes none."""
    cautions: tuple[str, ...]
    tests: int
    """Number of tests that p is corrected for; if 0, the letters mean nothing."""


def rank_all(tables: Sequence[ScoreTable], metric: str, resampler: Resampler) -> tuple[Ranking, ...]:
    """Rank the systems of each table by the mean of one metric, those without a value last.

    A metric without a direction is ordered from high to low. p is corrected for the pairs of all tables.
    """
    ordered = [_order(table, [metric], resampler)[metric] for table in tables]
    pairs = [
        (number, *pair) for number, rows in enumerate(ordered) for pair in combinations([name for name, _ in rows], 2)
    ]
    values = [tables[number].pair(first, second, metric) for number, first, second in pairs]
    differences = compare_all(values, resampler)
    corrected = holm([difference.p for difference in differences])
    pair_tests: list[list[PairTest]] = [[] for _ in tables]
    for (number, first, second), difference, p in zip(pairs, differences, corrected, strict=True):
        pair_tests[number].append(PairTest(first, second, difference, p, p is not None and p <= ALPHA))
    tests = sum(p is not None for p in corrected)
    rankings = []
    for table, rows, tested in zip(tables, ordered, pair_tests, strict=True):
        places = _assign_letters(rows, [(each.first, each.second) for each in tested if each.apart])
        fewest = min((place.estimate.n for place in places), default=0)
        shared = min((each.difference.n for each in tested), default=None)
        warnings = list_cautions(fewest, shared, tests, resampler.count)
        rankings.append(Ranking(table.metric(metric), places, tuple(tested), warnings, tests))
    return tuple(rankings)


def rank_by_each(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> dict[str, Ranking]:
    """Rank the systems of one table by each metric, without ``pair_tests``, which take most of the time."""
    ordered = _order(table, metrics, resampler)
    pairs = {metric: list(combinations([name for name, _ in rows], 2)) for metric, rows in ordered.items()}
    values = [table.pair(*pair, metric) for metric, of_metric in pairs.items() for pair in of_metric]
    tested = iter(p_values(values, resampler))
    rankings = {}
    for metric, rows in ordered.items():
        corrected = holm([next(tested) for _ in pairs[metric]])
        apart = [pair for pair, p in zip(pairs[metric], corrected, strict=True) if p is not None and p <= ALPHA]
        tests = sum(p is not None for p in corrected)
        rankings[metric] = Ranking(table.metric(metric), _assign_letters(rows, apart), (), (), tests)
    return rankings


def _order(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> dict[str, list[tuple[str, Estimate]]]:
    """Sort the systems by their estimates, best first, for each metric; all estimates use the same resamples."""
    columns = [table.column(system, metric) for metric in metrics for system in table.systems]
    estimates = iter(mean_intervals(columns, resampler))
    by_metric = {}
    for metric in metrics:
        rows = [(system, next(estimates)) for system in table.systems]
        rows.sort(key=lambda row: row[1].mean or 0.0, reverse=table.metric(metric).better != "lower")
        by_metric[metric] = sorted(rows, key=lambda row: row[1].mean is None)
    return by_metric


def _assign_letters(rows: Sequence[tuple[str, Estimate]], apart: Sequence[tuple[str, str]]) -> tuple[RankedSystem, ...]:
    names = [system for system, estimate in rows if estimate.n]
    marks = assign_letters(len(names), {(names.index(first), names.index(second)) for first, second in apart})
    by_name = dict(zip(names, marks, strict=True))
    return tuple(RankedSystem(system, estimate, by_name.get(system, "")) for system, estimate in rows)


def list_cautions(articles: int, shared: int | None, tests: int, resamples: int) -> tuple[str, ...]:
    """List the conclusions that so few articles, or so few shared ones, cannot support."""
    cautions = [caution.warn_about_one_system(articles)]
    if shared is not None:
        cautions += [
            caution.warn_about_comparison(shared, max(1, tests)),
            caution.warn_about_resamples(resamples, tests),
        ]
    return tuple(filter(None, cautions))
