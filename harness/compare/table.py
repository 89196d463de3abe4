"""Tabulate scores as systems × articles × metrics: means over samples, and the reasons for missing values."""

from __future__ import annotations

import math
from array import array
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
"""The reason if a system has no score for an article, not even an empty one."""
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
        return self.metrics[self._metric(name)]

    def column(self, system: str, metric: str) -> Column:
        """Return the values of one system, one per article that has a value."""
        place = (self.systems.index(system), slice(None), self._metric(metric))
        present = self.present[place]
        return Column(self.means[place][present], int((~present).sum()), self.scale(metric))

    def has_value(self, metric: str) -> bool:
        """True if any system has a value on any article."""
        return bool(self.present[:, :, self._metric(metric)].any())

    def mean(self, system: str, metric: str) -> float | None:
        """Return the mean over the articles that have a value, or None if no article has one."""
        values = self.column(system, metric).values
        return fmean(values) if values.size else None

    def pair(self, first: str, second: str, metric: str) -> tuple[Floats, Floats]:
        """Return the values of two systems on their shared articles, in the same order."""
        one, other, number = self.systems.index(first), self.systems.index(second), self._metric(metric)
        both = self.present[one, :, number] & self.present[other, :, number]
        return self.means[one, both, number], self.means[other, both, number]

    def missing(self, first: str, second: str, metric: str) -> tuple[int, int]:
        """Count the articles on which only the second system has a value, and those on which only the first does."""
        number = self._metric(metric)
        one, other = (self.present[self.systems.index(name), :, number] for name in (first, second))
        return int((other & ~one).sum()), int((one & ~other).sum())

    def scale(self, metric: str) -> Scale:
        """Return ``share`` for a metric with this format whose values all lie in 0..1, else ``plain``."""
        number = self._metric(metric)
        values = self.means[:, :, number]
        inside = bool(((values >= 0) & (values <= 1)).all())
        return "share" if inside and self.metrics[number].format == "share" else "plain"

    def _metric(self, name: str) -> int:
        return [metric.name for metric in self.metrics].index(name)


class TableBuilder:
    """Builds a table score by score, with 11 bytes of memory per cell."""

    def __init__(self, systems: Sequence[str], articles: Iterable[str], metrics: Sequence[Metric]) -> None:
        self._systems = {name: number for number, name in enumerate(systems)}
        self._articles = {name: number for number, name in enumerate(articles)}
        self._metrics = {metric.name: number for number, metric in enumerate(metrics)}
        self._given = tuple(metrics)
        self._shape = (len(self._systems), len(self._articles), len(self._metrics))
        places = math.prod(self._shape)
        self._sums, self._counts = array("d", bytes(8 * places)), array("H", bytes(2 * places))
        self._lines = bytearray(places)
        self._reasons: dict[tuple[str, str], Counter[str]] = {}

    def add(self, score: Score) -> None:
        """Add a score; ignore it if its system, article or metric is not in the table."""
        system, article = self._systems.get(score.system), self._articles.get(score.article_id)
        metric = self._metrics.get(score.metric)
        if system is None or article is None or metric is None:
            return
        place = (system * self._shape[1] + article) * self._shape[2] + metric
        self._lines[place] = 1
        if score.value is None:
            self.add_reason(score.system, score.metric, score.reason or fmt.NO_REASON)
            return
        if not math.isfinite(score.value):  # one bad value from a plugin must not spoil the mean
            self.add_reason(score.system, score.metric, "the scorer gave a number that is not finite")
            return
        self._counts[place] += 1
        self._sums[place] += score.value

    def add_reason(self, system: str, metric: str, reason: str, times: int = 1) -> None:
        """Count a reason for a missing value."""
        reasons = self._reasons.setdefault((system, metric), Counter())
        reasons[reason if reason in reasons or len(reasons) < _REASONS else "one of many other reasons"] += times

    @property
    def lines(self) -> Booleans:
        """Systems × articles × metrics: True if a score was added, with or without a value."""
        return np.frombuffer(self._lines, dtype=np.bool_).reshape(self._shape)

    def table(self) -> ScoreTable:
        """Return the table; nothing can be added afterwards."""
        counts = np.frombuffer(self._counts, dtype=np.uint16).reshape(self._shape)
        means = np.frombuffer(self._sums, dtype=np.float64).reshape(self._shape)
        np.divide(means, counts, out=means, where=counts > 0)
        return ScoreTable(tuple(self._systems), tuple(self._articles), self._given, means, counts > 0, self._reasons)


def tabulate(scores: Iterable[Score], metrics: Sequence[Metric], articles: Sequence[str] | None = None) -> ScoreTable:
    """Tabulate the scores of one run for these metrics and articles (default: all articles that have scores).

    Raises DataError for a value that is not finite, and for two scores in one place.
    """
    names = {metric.name for metric in metrics}
    chosen = [score for score in scores if score.metric in names]
    _require_valid(chosen)
    systems = tuple(dict.fromkeys(score.system for score in chosen))
    listed = tuple(dict.fromkeys(score.article_id for score in chosen) if articles is None else articles)
    builder = TableBuilder(systems, listed, metrics)
    for score in chosen:
        builder.add(score)
    lines = builder.lines
    for system, metric in np.argwhere(lines.any(axis=1)):
        if lacking := int((~lines[system, :, metric]).sum()):
            builder.add_reason(systems[system], metrics[metric].name, NO_SCORE, lacking)
    return builder.table()


def _require_valid(scores: Sequence[Score]) -> None:
    def place(score: Score) -> str:
        return f"{score.metric} of {score.system} on {score.article_id}, sample {score.sample}"

    counts = Counter((score.place, score.metric) for score in scores)
    for score in scores:
        if (count := counts[score.place, score.metric]) > 1:
            raise DataError(f"{place(score)}: found {count} scores; keep one of them, or score the run again")
        if score.value is not None and not math.isfinite(score.value):
            message = "write null with a reason for a score that could not be computed"
            raise DataError(f"{place(score)} is {score.value}; {message}")


# Sides ----------------------------------------------------------------------------------------------------------------


def merge_sides(tables: Mapping[str, ScoreTable], sides: Mapping[str, Sequence[tuple[str, str]]]) -> ScoreTable:
    """Merge systems into sides; each system is given as (name of its table, its own name).

    The tables must have the same articles and metrics in the same order. A side's value on an article is the mean over
    the side's systems. If any of them has no value there, the side has none: otherwise the values of different articles
    would be means over different systems.
    """
    any_table = next(iter(tables.values()))
    shape = (len(sides), *any_table.means.shape[1:])
    means, present = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for number, (side, members) in enumerate(sides.items()):
        values = [_values(tables[table], system) for table, system in members]
        present[number] = np.all([there for _, there in values], axis=0)
        means[number] = np.where(present[number], np.mean([value for value, _ in values], axis=0), 0.0)
        for metric in any_table.metrics:
            counted: Counter[str] = Counter()
            for table, system in ((tables[name], system) for name, system in members):
                no_line = {NO_SCORE: len(table.articles)}
                counted.update(table.reasons.get((system, metric.name), {}) if system in table.systems else no_line)
            if counted:
                reasons[side, metric.name] = counted
    return replace(any_table, systems=tuple(sides), means=means, present=present, reasons=reasons)


def _values(table: ScoreTable, system: str) -> tuple[Floats, Booleans]:
    """Return the values of a system (articles × metrics); all are missing if the table does not have it."""
    if system not in table.systems:
        return np.zeros(table.means.shape[1:]), np.zeros(table.means.shape[1:], dtype=np.bool_)
    place = table.systems.index(system)
    return table.means[place], table.present[place]
