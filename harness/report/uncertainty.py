"""How sure the means of a leaderboard are: their intervals, and which systems cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness.compare import ranking
from harness.compare.ranking import RankedSystem, Ranking
from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.report.index import Index
from harness.report.score_table import score_table
from harness.stats.arrays import Booleans
from harness.stats.resampling import Resampler


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What the table of means does not show of every system and metric."""

    places: Mapping[tuple[str, str], RankedSystem]
    """By (system, metric), without letters where no two systems were tested. One without a score is not in it."""
    cautions: tuple[str, ...]
    """In words, what so few articles cannot show."""


def uncertainty(index: Index, metrics: Sequence[Metric]) -> Uncertainty:
    """The intervals of each metric over the articles, and the letters of its groups."""
    table = _with_values(score_table(index))
    resampler = Resampler(index.results.manifest.seed)
    names = [metric.name for metric in metrics if table.systems]
    orders = ranking.orders(table, names, resampler)
    return Uncertainty(
        places={
            (place.system, name): place if order.tests else replace(place, letters="")
            for name, order in orders.items()
            for place in order.places
        },
        cautions=_cautions(tuple(orders.values()), resampler.count),
    )


def _cautions(orders: Sequence[Ranking], resamples: int) -> tuple[str, ...]:
    """By the system that has the most values: what others lack is told by the notes of the table."""
    n = max((place.estimate.n for order in orders for place in order.places), default=0)
    tests = max((order.tests for order in orders), default=0)
    several = any(len(order.places) > 1 for order in orders)
    return ranking.cautions(n, n if several and n else None, tests, resamples)


def _with_values(table: ScoreTable) -> ScoreTable:
    """The table without the systems that have no value at all."""
    has_values: Booleans = np.any(table.present, axis=(1, 2))
    systems = tuple(name for name, has in zip(table.systems, has_values, strict=True) if has)
    return replace(table, systems=systems, means=table.means[has_values], present=table.present[has_values])
