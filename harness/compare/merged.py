"""Systems put together into sides: all models under one prompt, say, or a system of each of two runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from harness.compare.table import NO_SCORE, ScoreTable
from harness.stats.arrays import Booleans, Floats

Member = tuple[int, str]
"""The position of a table, and a system."""


def merged(tables: Sequence[ScoreTable], sides: Mapping[str, Sequence[Member]]) -> ScoreTable:
    """One table with the sides as its systems; the tables have the same articles and metrics, in one order.

    A side's value on an article is the mean over its systems, and is missing where one of them has none there: else it
    would be a mean of other systems on one article than on the next.
    """
    names = tuple(sides)
    shape = (len(names), *tables[0].means.shape[1:])
    means, present = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    for number, members in enumerate(sides.values()):
        values = [_values(tables[table], system) for table, system in members]
        present[number] = np.all([there for _, there in values], axis=0)
        means[number] = np.where(present[number], np.mean([value for value, _ in values], axis=0), 0.0)
    reasons = {
        (side, metric.name): _reasons(tables, sides[side], metric.name)
        for side in names
        for metric in tables[0].metrics
    }
    return replace(
        tables[0],
        systems=names,
        means=means,
        present=present,
        reasons={key: counts for key, counts in reasons.items() if counts},
    )


def _values(table: ScoreTable, system: str) -> tuple[Floats, Booleans]:
    """Articles × metrics of a system; all missing where the table has no line of it."""
    if system not in table.systems:
        return np.zeros(table.means.shape[1:]), np.zeros(table.means.shape[1:], dtype=np.bool_)
    place = table.systems.index(system)
    return table.means[place], table.present[place]


def _reasons(tables: Sequence[ScoreTable], members: Sequence[Member], metric: str) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for number, system in members:
        table = tables[number]
        reasons.update(
            {NO_SCORE: len(table.articles)} if system not in table.systems else table.reasons.get((system, metric), {})
        )
    return reasons
