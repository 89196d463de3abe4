"""Tabulate scores as systems × articles × metrics: means over samples, and the reasons for missing values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from harness.document import format as fmt
from harness.document.blocks import Cell, Notes, describe_missing_values
from harness.records import Metric, Score
from harness.stats.arrays import Booleans, Floats
from harness.stats.interval import Column, Estimate, Scale

NO_SCORE = "no score in the run"
"""The reason for a missing value if the run has no ``Score`` of the metric for the article."""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    systems: tuple[str, ...]
    articles: tuple[str, ...]
    metrics: tuple[Metric, ...]
    means: Floats
    """Systems × articles × metrics: the mean over samples with a value; 0 if no sample has a value."""
    present: Booleans
    """Systems × articles × metrics: True if a sample has a value."""
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    """Number of summaries per reason for a missing value, by (system, metric)."""

    def metric(self, name: str) -> Metric:
        return self.metrics[self._index(name)]

    def column(self, system: str, metric: str) -> Column:
        """Return the values of one system, one per article that has a value."""
        place = (self.systems.index(system), slice(None), self._index(metric))
        present = self.present[place]
        return Column(self.means[place][present], int((~present).sum()), self.scale(metric))

    def has_value(self, metric: str) -> bool:
        """True if any system has a value on any article."""
        return bool(self.present[:, :, self._index(metric)].any())

    def mean(self, system: str, metric: str) -> float | None:
        """Return the mean over the articles that have a value, or None if no article has one."""
        values = self.column(system, metric).values
        return fmean(values) if values.size else None

    def pair(self, first: str, second: str, metric: str) -> tuple[Floats, Floats]:
        """Return the values of two systems on their shared articles, in the same order."""
        one, other, number = self.systems.index(first), self.systems.index(second), self._index(metric)
        both = self.present[one, :, number] & self.present[other, :, number]
        return self.means[one, both, number], self.means[other, both, number]

    def missing(self, first: str, second: str, metric: str) -> tuple[int, int]:
        """Count the articles on which only the second system has a value, and those on which only the first does."""
        number = self._index(metric)
        one, other = (self.present[self.systems.index(name), :, number] for name in (first, second))
        return int((other & ~one).sum()), int((one & ~other).sum())

    def scale(self, metric: str) -> Scale:
        """Return the scale of the metric's format; ``plain`` if it has none, or if a value lies outside it."""
        number = self._index(metric)
        values, metric_format = self.means[:, :, number], self.metrics[number].format
        if metric_format == "number" or (values < 0).any():
            return "plain"
        if metric_format != "share":
            return "count"
        return "share" if (values <= 1).all() else "plain"

    def _index(self, name: str) -> int:
        return [metric.name for metric in self.metrics].index(name)


def tabulate(
    scores: Iterable[Score],
    metrics: Sequence[Metric],
    articles: Sequence[str],
    systems: Sequence[str],
    explain: Callable[[str, str], Sequence[str]] = lambda system, article: [NO_SCORE],
) -> ScoreTable:
    """Tabulate scores, using 11 bytes of memory per cell; ignore those for other metrics, articles and systems.

    ``explain(system, article)`` lists the reasons for a score that the run lacks.
    """
    names = (systems, articles, [metric.name for metric in metrics])
    rows, columns, layers = ({name: number for number, name in enumerate(of_axis)} for of_axis in names)
    shape = (len(rows), len(columns), len(layers))
    sums, counts, is_scored = np.zeros(shape), np.zeros(shape, dtype=np.uint16), np.zeros(shape, dtype=np.bool_)
    reasons: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for score in scores:
        if score.system in rows and score.article_id in columns and score.metric in layers:
            place = (rows[score.system], columns[score.article_id], layers[score.metric])
            is_scored[place] = True
            if score.value is None:
                reasons[score.system, score.metric][score.reason or fmt.NO_REASON] += 1
            else:
                counts[place] += 1
                sums[place] += score.value
    for row, column, layer in np.argwhere(~is_scored):
        reasons[systems[row], metrics[layer].name].update(explain(systems[row], articles[column]))
    means = np.divide(sums, counts, out=sums, where=counts > 0)
    return ScoreTable(tuple(systems), tuple(articles), tuple(metrics), means, counts > 0, reasons)


def show_mean(mean: Estimate, letters: str, metric: Metric, reasons: Mapping[str, int], notes: Notes) -> Cell:
    """Make a cell with a mean, its interval and letters; a note says which values are missing, and why."""
    note = notes.mark(describe_missing_values(mean.n, mean.missing, reasons)) if reasons else None
    interval = fmt.interval(mean.low, mean.high, metric.format)
    return Cell(fmt.value(mean.mean, metric.format), interval, letters, note)


def without_labels(score: Score) -> Score:
    """Return the score as the verifier alone gives it, without people's labels."""
    is_same = score.automatic is None and score.automatic_reason is None
    return score if is_same else replace(score, value=score.automatic, reason=score.automatic_reason)


# Sides ----------------------------------------------------------------------------------------------------------------


def merge_sides(tables: Mapping[str, ScoreTable], sides: Mapping[str, Sequence[tuple[str, str]]]) -> ScoreTable:
    """Merge systems into sides; each system is given as (name of its table, its own name).

    The tables must have the same articles and metrics in the same order. A side's value on an article is the mean over
    the side's systems. If any of them has no value there, the side has none: otherwise the values of different articles
    would be means over different systems.
    """
    any_table = next(iter(tables.values()))
    means, present = [], []
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for side, members in sides.items():
        rows = [(tables[name], tables[name].systems.index(system)) for name, system in members]
        present.append(np.all([table.present[row] for table, row in rows], axis=0))
        means.append(np.where(present[-1], np.mean([table.means[row] for table, row in rows], axis=0), 0.0))
        for name, system in members:
            for metric in any_table.metrics:
                counted = reasons.setdefault((side, metric.name), Counter())
                counted.update(tables[name].reasons.get((system, metric.name), {}))
    return replace(any_table, systems=tuple(sides), means=np.stack(means), present=np.stack(present), reasons=reasons)
