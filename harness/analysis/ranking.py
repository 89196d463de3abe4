"""Systems by one metric: best first, each with its interval, and in groups that cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from harness.analysis import caution
from harness.analysis.caution import Caution
from harness.analysis.family import holm
from harness.analysis.groups import letters
from harness.analysis.interval import Estimate, mean_intervals
from harness.analysis.paired import Difference, compare_all
from harness.analysis.power import ALPHA
from harness.analysis.resampling import Resampler
from harness.analysis.table import Table
from harness.records import Metric


@dataclass(frozen=True, slots=True)
class Place:
    """A system's place: two that share a letter do not differ significantly."""

    system: str
    estimate: Estimate
    letters: str


@dataclass(frozen=True, slots=True)
class Contest:
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
    places: tuple[Place, ...]
    contests: tuple[Contest, ...]
    cautions: tuple[Caution, ...]


def rank(table: Table, metric: str, resampler: Resampler, alpha: float = ALPHA) -> Ranking:
    """Rank the systems of a table by the mean of one metric, the systems that have no value last.

    A metric that is better neither way is ordered from high to low.
    """
    estimates = mean_intervals([table.column(system, metric) for system in table.systems], resampler)
    kind = table.metric(metric)
    sign = 1 if kind.better == "lower" else -1

    def order(row: tuple[str, Estimate]) -> tuple[bool, float]:
        mean = row[1].mean
        return (mean is None, 0.0 if mean is None else sign * mean)

    ordered = sorted(zip(table.systems, estimates, strict=True), key=order)
    names = [system for system, _ in ordered]
    contests = _contests(table, metric, names, resampler, alpha)
    apart = {(names.index(contest.first), names.index(contest.second)) for contest in contests if contest.apart}
    marks = letters(len(names), apart)
    places = tuple(Place(system, estimate, mark) for (system, estimate), mark in zip(ordered, marks, strict=True))
    return Ranking(kind, places, contests, _cautions(places, contests, resampler, alpha))


def _contests(table: Table, metric: str, names: list[str], resampler: Resampler, alpha: float) -> tuple[Contest, ...]:
    pairs = list(combinations(names, 2))
    differences = compare_all([table.pair(first, second, metric) for first, second in pairs], resampler)
    corrected = holm([difference.p for difference in differences])
    return tuple(
        Contest(first, second, difference, p, p is not None and p <= alpha)
        for (first, second), difference, p in zip(pairs, differences, corrected, strict=True)
    )


def _cautions(
    places: tuple[Place, ...], contests: tuple[Contest, ...], resampler: Resampler, alpha: float
) -> tuple[Caution, ...]:
    """Each kind of shortage once, at its worst."""
    tests = sum(contest.p is not None for contest in contests)
    found = [caution.for_one_system(min((place.estimate.n for place in places), default=0))]
    if contests:
        shared = min(contest.difference.n for contest in contests)
        found.append(caution.for_comparison(shared, max(1, tests), alpha))
        found.append(caution.for_resamples(resampler.count, tests, alpha))
    return tuple(entry for entry in found if entry)
