"""Scores as systems × articles × metrics: the mean over samples, what is missing, and why."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from harness.document import format as fmt
from harness.errors import DataError
from harness.records import Metric, Score
from harness.stats.arrays import Booleans, Floats
from harness.stats.interval import Column, Scale

NOT_FINITE = "the scorer gave a number that is not finite"
NO_SCORE = "no score in the run"
"""The reason of an article of which a system has not even a line."""
_REASONS = 1000
"""Different reasons that are counted, of each system and metric."""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Every system × article × metric of a run. ``means`` is 0 where ``present`` is False, and not to be read there."""

    systems: tuple[str, ...]
    articles: tuple[str, ...]
    metrics: tuple[Metric, ...]
    means: Floats
    """Systems × articles × metrics: the mean over the samples that have a value."""
    present: Booleans
    """Whether any sample has a value."""
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    """(system, metric) → why summaries have no value, and how many."""

    def metric(self, name: str) -> Metric:
        """The metric of this name; DataError where the table has none."""
        return self.metrics[self._metric(name)]

    def column(self, system: str, metric: str) -> Column:
        """The values of one system, one an article that has one."""
        place = (self._system(system), slice(None), self._metric(metric))
        present = self.present[place]
        return Column(self.means[place][present], int((~present).sum()), self.scale(metric))

    def has_value(self, metric: str) -> bool:
        """Whether any system has a value of a metric on any article."""
        return bool(self.present[:, :, self._metric(metric)].any())

    def mean(self, system: str, metric: str) -> float | None:
        """The mean over the articles that have a value; None where none has."""
        values = self.column(system, metric).values
        return fmean(values) if values.size else None

    def pair(self, first: str, second: str, metric: str) -> tuple[Floats, Floats]:
        """The values of two systems on their shared articles, in one order."""
        one, other, number = self._system(first), self._system(second), self._metric(metric)
        both = self.present[one, :, number] & self.present[other, :, number]
        return self.means[one, both, number], self.means[other, both, number]

    def missing(self, first: str, second: str, metric: str) -> tuple[int, int]:
        """On how many articles the first system has no value and the second has one, and the other way round."""
        number = self._metric(metric)
        one, other = (self.present[self._system(name), :, number] for name in (first, second))
        return int((other & ~one).sum()), int((one & ~other).sum())

    def scale(self, metric: str) -> Scale:
        """share for a metric that is shown as one and lies in 0..1 in all of the table."""
        number = self._metric(metric)
        values = self.means[:, :, number]  # 0 where there is none, which is a share too
        inside = bool(((values >= 0) & (values <= 1)).all())
        return "share" if inside and self.metrics[number].format == "share" else "plain"

    def _system(self, name: str) -> int:
        return _place(self.systems, name, "system")

    def _metric(self, name: str) -> int:
        return _place([metric.name for metric in self.metrics], name, "metric")


class Filling:
    """A table that is filled score by score: in memory there are no more than its numbers, 11 bytes a place."""

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
        """A line of the scores; that of a system, an article or a metric that is not in the table is left out."""
        system, article = self._systems.get(score.system), self._articles.get(score.article_id)
        metric = self._metrics.get(score.metric)
        if system is None or article is None or metric is None:
            return
        place = (system * self._shape[1] + article) * self._shape[2] + metric
        self._lines[place] = 1
        if score.value is None:
            self.lacks(score.system, score.metric, score.reason or fmt.NO_REASON)
            return
        if not math.isfinite(score.value):  # a plugin's slip must not spread through a mean
            self.lacks(score.system, score.metric, NOT_FINITE)
            return
        self._counts[place] += 1
        self._sums[place] += score.value

    def lacks(self, system: str, metric: str, reason: str, times: int = 1) -> None:
        """So many summaries of a system have no value, for this reason."""
        reasons = self._reasons.setdefault((system, metric), Counter())
        reasons[reason if reason in reasons or len(reasons) < _REASONS else "one of many other reasons"] += times

    @property
    def lines(self) -> Booleans:
        """Systems × articles × metrics: whether there was any line."""
        return np.frombuffer(self._lines, dtype=np.bool_).reshape(self._shape)

    def table(self) -> ScoreTable:
        """What was filled in; nothing can be added any more."""
        counts = np.frombuffer(self._counts, dtype=np.uint16).reshape(self._shape)
        means = np.frombuffer(self._sums, dtype=np.float64).reshape(self._shape)
        np.divide(means, counts, out=means, where=counts > 0)  # 0 stays where there is no value
        return ScoreTable(tuple(self._systems), tuple(self._articles), self._given, means, counts > 0, self._reasons)


def filled(
    systems: Sequence[str], articles: Iterable[str], metrics: Sequence[Metric], scores: Iterable[Score]
) -> Filling:
    """A table with these scores in it."""
    filling = Filling(systems, articles, metrics)
    for score in scores:
        filling.add(score)
    return filling


def of_scores(scores: Sequence[Score], metrics: Sequence[Metric], articles: Sequence[str] | None = None) -> ScoreTable:
    """The table of the scores of one run, of these metrics; scores of others are left out.

    ``articles`` are those of the plan, so that one without any score counts as missing; left out, those of the scores.
    DataError for a value that is no finite number, and for two scores in one place.
    """
    names = {metric.name for metric in metrics}
    chosen = [score for score in scores if score.metric in names]
    _refuse(chosen)
    systems = tuple(dict.fromkeys(score.system for score in chosen))
    listed = tuple(dict.fromkeys(score.article_id for score in chosen) if articles is None else articles)
    planned = frozenset(listed)
    stray = next((score for score in chosen if score.article_id not in planned), None)
    if stray:
        raise DataError(f"article {stray.article_id} has scores and is not in the plan; score the run again")
    filling = filled(systems, listed, metrics, chosen)
    lines = filling.lines
    for system, metric in np.argwhere(lines.any(axis=1)):
        if lacking := int((~lines[system, :, metric]).sum()):
            filling.lacks(systems[system], metrics[metric].name, NO_SCORE, lacking)
    return filling.table()


def _refuse(scores: Sequence[Score]) -> None:
    places = Counter((score.system, score.article_id, score.sample, score.metric) for score in scores)
    for (system, article, sample, metric), count in places.items():
        if count > 1:
            place = f"{metric} of {system} on {article}, sample {sample}"
            raise DataError(f"{place}: {count} scores in one place; keep one of them, or score the run again")
    for score in scores:
        if score.value is not None and not math.isfinite(score.value):
            place = f"{score.metric} of {score.system} on {score.article_id}, sample {score.sample}"
            raise DataError(
                f"{place} is {score.value}; write null with a reason for a score that could not be computed"
            )


def _place(names: Sequence[str], name: str, what: str) -> int:
    if name not in names:
        raise DataError(f"there is no {what} {name!r} in the scores; there are {', '.join(names) or 'none'}")
    return names.index(name)
