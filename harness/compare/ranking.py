"""Rank systems by one metric, with intervals and letters. Systems that share a letter do not differ significantly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from string import ascii_lowercase

from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.stats.caution import ALPHA, can_be_significant
from harness.stats.interval import Estimate, mean_intervals
from harness.stats.paired import Difference, compare_all, holm
from harness.stats.resampling import Resampler


@dataclass(frozen=True, slots=True)
class RankedSystem:
    system: str
    estimate: Estimate
    letters: str
    """Systems that share one do not differ significantly. Empty if there is no value, or no p could be ≤ ``ALPHA``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDifference(Difference):
    """A side minus a reference; p is corrected for all pairs of the metric (Holm)."""

    reference: str
    side: str
    missing: tuple[int, int]
    """Number of articles on which only the side has a value, and number on which only the reference has one."""

    @property
    def is_significant(self) -> bool:
        return self.p is not None and self.p <= ALPHA

    def reverse(self) -> MetricDifference:
        """Swap the side and the reference."""
        mean, low, high, worst, best = (
            None if value is None else 0.0 - value for value in (self.mean, self.high, self.low, self.best, self.worst)
        )
        return replace(
            self, reference=self.side, side=self.reference, before=self.after, after=self.before,
            mean=mean, low=low, high=high, worst=worst, best=best, missing=self.missing[::-1],
        )  # fmt: skip  # keep each swapped pair on one line


@dataclass(frozen=True, slots=True)
class Ranking:
    metric: Metric
    places: tuple[RankedSystem, ...]
    differences: tuple[MetricDifference, ...]
    """One per pair of systems, the higher-ranked one as the reference."""
    tests: int
    """Number of tests that p is corrected for."""

    def place(self, system: str) -> RankedSystem:
        return next(place for place in self.places if place.system == system)

    def difference(self, reference: str, side: str) -> MetricDifference:
        for each in self.differences:
            if (each.reference, each.side) == (reference, side):
                return each
            if (each.side, each.reference) == (reference, side):
                return each.reverse()
        raise KeyError(reference, side)


def rank_tables(
    tables: Sequence[ScoreTable], metrics: Sequence[str], resampler: Resampler, intervals: bool = True
) -> list[dict[str, Ranking]]:
    """Rank the systems of each table by the mean of each metric; systems without a value come last.

    A metric without a direction is ordered from high to low. p is corrected for the differing pairs of all tables.
    ``intervals=False`` skips the intervals of differences, which take most of the time.
    """
    ordered = [_order(table, metrics, resampler) for table in tables]
    pairs = [
        (metric, number, reference, side)
        for metric in metrics
        for number, rows in enumerate(ordered)
        for (reference, _), (side, _) in combinations(rows[metric], 2)
    ]
    values = [tables[number].pair(side, reference, metric) for metric, number, reference, side in pairs]
    found = list(zip(pairs, compare_all(values, resampler, intervals), strict=True))
    rankings: list[dict[str, Ranking]] = [{} for _ in tables]
    for metric in metrics:
        of_metric = [(pair, each) for pair, each in found if pair[0] == metric]
        corrected = holm([each.p if each.changed else None for _, each in of_metric])  # p = 1 if equal (Tarone 1990)
        differences: list[list[MetricDifference]] = [[] for _ in tables]
        for ((_, number, reference, side), each), p in zip(of_metric, corrected, strict=True):
            missing = tables[number].missing(reference, side, metric)
            row = MetricDifference(**asdict(each) | {"p": p or each.p}, reference=reference, side=side, missing=missing)
            differences[number].append(row)
        tests = sum(p is not None for p in corrected)
        for number, table in enumerate(tables):
            places = _assign_letters(ordered[number][metric], differences[number], tests)
            rankings[number][metric] = Ranking(table.metric(metric), places, tuple(differences[number]), tests)
    return rankings


_Rows = Sequence[tuple[str, Estimate]]
"""Systems with their estimates, best first."""


def _order(table: ScoreTable, metrics: Sequence[str], resampler: Resampler) -> Mapping[str, _Rows]:
    """Sort the systems by their estimates for each metric; all estimates use the same resamples."""
    names = [(system, metric) for metric in metrics for system in table.systems]
    estimates = dict(zip(names, mean_intervals([table.column(*name) for name in names], resampler), strict=True))
    by_metric = {}
    for metric in metrics:
        rows = [(system, estimates[system, metric]) for system in table.systems]
        rows.sort(key=lambda row: row[1].mean or 0.0, reverse=table.metric(metric).better != "lower")
        by_metric[metric] = sorted(rows, key=lambda row: row[1].mean is None)
    return by_metric


def _assign_letters(rows: _Rows, differences: Sequence[MetricDifference], tests: int) -> tuple[RankedSystem, ...]:
    shared = max((each.n for each in differences), default=0)
    names = [name for name, estimate in rows if estimate.n] if can_be_significant(shared, max(1, tests)) else []
    apart = [(names.index(each.reference), names.index(each.side)) for each in differences if each.is_significant]
    letters = dict(zip(names, assign_letters(len(names), apart), strict=True))
    return tuple(RankedSystem(system, estimate, letters.get(system, "")) for system, estimate in rows)


def assign_letters(count: int, different: Collection[tuple[int, int]]) -> tuple[str, ...]:
    """Assign letters to systems 0..count-1, so that two share a letter if and only if they do not differ.

    If systems are sorted best first, the best one has the letter a. After z come a1, b1, …, a2, … This is the compact
    letter display of Piepho (2004, "An algorithm for a letter-based representation of all-pairwise comparisons").
    """
    groups: list[frozenset[int]] = [frozenset(range(count))] if count else []
    for one, other in sorted({(min(pair), max(pair)) for pair in different}):
        split: list[frozenset[int]] = []
        for group in groups:
            split += [group - {one}, group - {other}] if {one, other} <= group else [group]
        groups = []
        for group in sorted(set(split), key=lambda members: (-len(members), sorted(members))):
            if not any(group <= larger for larger in groups):
                groups.append(group)
    marks = [""] * count
    for number, members in enumerate(sorted(map(sorted, groups))):
        turn, letter = divmod(number, len(ascii_lowercase))
        for member in members:
            marks[member] += ascii_lowercase[letter] + (str(turn) if turn else "")
    return tuple(marks)
