"""Tabulate scores as systems × articles × metrics: means over samples, and the reasons for missing values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from harness.document import format as fmt
from harness.errors import DataError
from harness.records import Metric, Score
from harness.stats.arrays import Booleans, Floats
from harness.stats.interval import Column, Scale

NO_SCORE = "no score in the run"
"""The reason if a system has no score for an article, not even one without a value."""
_REASONS = 1000  # maximum number of different reasons counted per system and metric


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
        """Return ``share`` if the metric has the format ``share`` and all its values lie in 0..1, else ``plain``."""
        number = self._index(metric)
        values = self.means[:, :, number]
        inside = bool(((values >= 0) & (values <= 1)).all())
        return "share" if inside and self.metrics[number].format == "share" else "plain"

    def _index(self, name: str) -> int:
        return [metric.name for metric in self.metrics].index(name)


class TableBuilder:
    """Builds a table score by score, with 11 bytes of memory per cell."""

    def __init__(self, systems: Sequence[str], articles: Iterable[str], metrics: Sequence[Metric]) -> None:
        self._systems = {name: number for number, name in enumerate(systems)}
        self._articles = {name: number for number, name in enumerate(articles)}
        self._metrics = {metric.name: number for number, metric in enumerate(metrics)}
        self._columns = tuple(metrics)
        shape = (len(self._systems), len(self._articles), len(self._metrics))
        self._sums, self._counts = np.zeros(shape), np.zeros(shape, dtype=np.uint16)
        self.scored: Booleans = np.zeros(shape, dtype=np.bool_)
        """Systems × articles × metrics: True if a score was added, with or without a value."""
        self._reasons: dict[tuple[str, str], Counter[str]] = {}

    def add(self, score: Score) -> None:
        """Add a score; ignore it if its system, article or metric is not in the table."""
        system, article = self._systems.get(score.system), self._articles.get(score.article_id)
        metric = self._metrics.get(score.metric)
        if system is None or article is None or metric is None:
            return
        place = (system, article, metric)
        self.scored[place] = True
        if score.value is None:
            self.add_reason(score.system, score.metric, score.reason or fmt.NO_REASON)
        else:
            self._counts[place] += 1
            self._sums[place] += score.value

    def add_reason(self, system: str, metric: str, reason: str, times: int = 1) -> None:
        """Count a reason for a missing value."""
        reasons = self._reasons.setdefault((system, metric), Counter())
        reasons[reason if reason in reasons or len(reasons) < _REASONS else "one of many other reasons"] += times

    def table(self) -> ScoreTable:
        """Return the table; nothing can be added afterwards."""
        present, means = self._counts > 0, self._sums
        np.divide(means, self._counts, out=means, where=present)
        return ScoreTable(tuple(self._systems), tuple(self._articles), self._columns, means, present, self._reasons)


def tabulate(
    scores: Iterable[Score], metrics: Sequence[Metric], articles: Sequence[str], systems: Sequence[str]
) -> ScoreTable:
    """Tabulate the scores of one run for these metrics, articles and systems.

    Raises DataError if two scores have the same system, article, sample and metric.
    """
    names = {metric.name for metric in metrics}
    chosen = [score for score in scores if score.metric in names]
    _require_unique(chosen)
    builder = TableBuilder(systems, articles, metrics)
    for score in chosen:
        builder.add(score)
    for number, system in enumerate(systems):
        for unscored, metric in zip((~builder.scored[number]).sum(axis=0), metrics, strict=True):
            if unscored:
                builder.add_reason(system, metric.name, NO_SCORE, int(unscored))
    return builder.table()


def _require_unique(scores: Sequence[Score]) -> None:
    counts = Counter((score.place, score.metric) for score in scores)
    for score in scores:
        if (count := counts[score.place, score.metric]) > 1:
            place = f"{score.metric} of {score.system} on {score.article_id}, sample {score.sample}"
            raise DataError(f"{place}: found {count} scores; keep one of them, or score the run again")


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
