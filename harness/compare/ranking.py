"""Systems by one metric: best first, each with its interval, and in groups that cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.stats import caution
from harness.stats.caution import ALPHA
from harness.stats.interval import Estimate, mean_intervals
from harness.stats.multiple_comparisons import holm, letters
from harness.stats.paired import Difference, compare_all
from harness.stats.resampling import Resampler, p_values

RANKED_BY = "fact_recall"
"""The metric that orders the rows where the run has it as a headline; otherwise the first headline that has a
direction does."""


@dataclass(frozen=True, slots=True)
class RankedSystem:
    """A system's place: two that share a letter do not differ significantly."""

    system: str
    estimate: Estimate
    letters: str


@dataclass(frozen=True, slots=True)
class PairTest:
    """Two systems on their shared articles, the better placed one first."""

    first: str
    second: str
    difference: Difference
    p: float | None
    """Corrected for all pairs of the ranking (Holm); None where ``difference`` says why."""
    apart: bool
    """Whether the two differ significantly."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All systems by one metric. The family that is corrected for are the pairs of this metric."""

    metric: Metric
    places: tuple[RankedSystem, ...]
    pair_tests: tuple[PairTest, ...]
    """Every two of them; none of what ``orders`` gives, nor cautions."""
    cautions: tuple[str, ...]
    tests: int
    """How many tests the p values are corrected for; where there are none, the letters say nothing."""


def rank_all(tables: Sequence[ScoreTable], metric: str, resampler: Resampler) -> tuple[Ranking, ...]:
    """A ranking a table by the mean of one metric; the family that is corrected for are the pairs of all of them.

    Systems that have no value come last; a metric that is better neither way is ordered from high to low.
    """
    ordered = [_ordered(table, [metric], resampler)[metric] for table in tables]
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
        places = _places(rows, [(pair_test.first, pair_test.second) for pair_test in tested if pair_test.apart])
        fewest = min((place.estimate.n for place in places), default=0)
        shared = min((pair_test.difference.n for pair_test in tested), default=None)
        shortages = cautions(fewest, shared, tests, resampler.count)
        rankings.append(Ranking(table.metric(metric), places, tuple(tested), shortages, tests))
    return tuple(rankings)


def orders(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> dict[str, Ranking]:
    """The ranking of one table by each metric without the tests of pairs, whose differences take most of the time."""
    ordered = _ordered(table, metrics, resampler)
    pairs = {metric: list(combinations([name for name, _ in rows], 2)) for metric, rows in ordered.items()}
    values = [table.pair(*pair, metric) for metric, of_metric in pairs.items() for pair in of_metric]
    tested = iter(p_values(values, resampler))
    orders = {}
    for metric, rows in ordered.items():
        corrected = holm([next(tested) for _ in pairs[metric]])
        apart = [pair for pair, p in zip(pairs[metric], corrected, strict=True) if p is not None and p <= ALPHA]
        tests = sum(p is not None for p in corrected)
        orders[metric] = Ranking(table.metric(metric), _places(rows, apart), (), (), tests)
    return orders


def _ordered(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> dict[str, list[tuple[str, Estimate]]]:
    """By each metric, from the same draws: the systems with their estimates, best first."""
    columns = [table.column(system, metric) for metric in metrics for system in table.systems]
    estimates = iter(mean_intervals(columns, resampler))
    by_metric = {}
    for metric in metrics:
        rows = [(system, next(estimates)) for system in table.systems]
        by_metric[metric] = sorted(rows, key=_best_first(table.metric(metric)))
    return by_metric


def _best_first(metric: Metric) -> Callable[[tuple[str, Estimate]], tuple[bool, float]]:
    sign = 1 if metric.better == "lower" else -1

    def place(row: tuple[str, Estimate]) -> tuple[bool, float]:
        mean = row[1].mean
        return (mean is None, 0.0 if mean is None else sign * mean)

    return place


def _places(rows: Sequence[tuple[str, Estimate]], apart: Sequence[tuple[str, str]]) -> tuple[RankedSystem, ...]:
    names = [system for system, _ in rows]
    marks = letters(len(names), {(names.index(first), names.index(second)) for first, second in apart})
    return tuple(RankedSystem(system, estimate, mark) for (system, estimate), mark in zip(rows, marks, strict=True))


def cautions(articles: int, shared: int | None, tests: int, resamples: int) -> tuple[str, ...]:
    """Each kind of shortage once: of articles with a value, and where systems are compared of those that they share."""
    shortages = [caution.for_one_system(articles)]
    if shared is not None:
        shortages.append(caution.for_comparison(shared, max(1, tests)))
        shortages.append(caution.for_resamples(resamples, tests))
    return tuple(filter(None, shortages))


def ranking_metric(metrics: Sequence[Metric]) -> Metric | None:
    """What orders the rows; None where no headline metric has a direction, and the config's order stands."""
    headlines = [metric for metric in metrics if metric.headline and metric.better != "neither"]
    return next((metric for metric in headlines if metric.name == RANKED_BY), headlines[0] if headlines else None)
