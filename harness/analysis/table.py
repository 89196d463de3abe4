"""Scores as systems × articles × metrics: the mean over samples, what is missing, and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.analysis.arrays import Booleans, Floats, Integers
from harness.analysis.bootstrap import Scale
from harness.analysis.interval import Column
from harness.errors import DataError
from harness.records import Metric, Score

NO_SCORE = "no score in the run"
"""The reason of an article of which a system has not even a line."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The values of all summaries, one a row, with the place of each in the table."""

    system: Integers
    article: Integers
    metric: Integers
    value: Floats


@dataclass(frozen=True, slots=True)
class Table:
    """Every system × article × metric of a run. ``means`` is 0 where ``present`` is False, and not to be read there."""

    systems: tuple[str, ...]
    articles: tuple[str, ...]
    metrics: tuple[Metric, ...]
    means: Floats
    """Systems × articles × metrics: the mean over the samples that have a value."""
    present: Booleans
    """Whether any sample has a value."""
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    """Of (system, metric): why summaries have no value, and how many."""
    rows: Samples

    def metric(self, name: str) -> Metric:
        """The metric of this name; DataError where the table has none."""
        return self.metrics[self._metric(name)]

    def column(self, system: str, metric: str) -> Column:
        """The values of one system, one an article that has one."""
        place = (self._system(system), slice(None), self._metric(metric))
        present = self.present[place]
        return Column(self.means[place][present], int((~present).sum()), self.scale(metric))

    def shared(self, first: str, second: str, metric: str) -> tuple[str, ...]:
        """The articles on which both systems have a value."""
        return tuple(self.articles[article] for article in np.flatnonzero(self._shared(first, second, metric)))

    def pair(self, first: str, second: str, metric: str) -> tuple[Floats, Floats]:
        """The values of two systems on their shared articles, in one order."""
        both, number = self._shared(first, second, metric), self._metric(metric)
        values = self.means[:, :, number]
        return values[self._system(first), both], values[self._system(second), both]

    def samples(self, system: str, metric: str) -> list[Floats]:
        """The values of each article's samples, for the articles that have any."""
        rows = self.rows
        chosen = (rows.system == self._system(system)) & (rows.metric == self._metric(metric))
        order = np.argsort(rows.article[chosen], kind="stable")
        articles, values = rows.article[chosen][order], rows.value[chosen][order]
        return np.split(values, np.flatnonzero(np.diff(articles)) + 1) if values.size else []

    def scale(self, metric: str) -> Scale:
        """share for a metric that is shown as one and lies in 0..1 in all of the table."""
        number = self._metric(metric)
        values = self.means[:, :, number]  # 0 where there is none, which is a share too
        inside = bool(((values >= 0) & (values <= 1)).all())
        return "share" if inside and self.metrics[number].format == "share" else "plain"

    def _shared(self, first: str, second: str, metric: str) -> Booleans:
        present = self.present[:, :, self._metric(metric)]
        both: Booleans = present[self._system(first)] & present[self._system(second)]
        return both

    def _system(self, name: str) -> int:
        return _place(self.systems, name, "system")

    def _metric(self, name: str) -> int:
        return _place([metric.name for metric in self.metrics], name, "metric")


def of_scores(scores: Sequence[Score], metrics: Sequence[Metric], articles: Sequence[str] | None = None) -> Table:
    """The table of the scores of one run, of these metrics; scores of others are left out.

    ``articles`` are those of the plan, so that one without any score counts as missing; left out, those of the scores.
    DataError for a value that is no finite number, and for two scores in one place.
    """
    names = {metric.name: number for number, metric in enumerate(metrics)}
    chosen = [score for score in scores if score.metric in names]
    _refuse(chosen)
    systems = tuple(dict.fromkeys(score.system for score in chosen))
    listed = tuple(dict.fromkeys(score.article_id for score in chosen) if articles is None else articles)
    codes = {name: number for number, name in enumerate(systems)}, {name: number for number, name in enumerate(listed)}
    stray = next((score for score in chosen if score.article_id not in codes[1]), None)
    if stray:
        raise DataError(f"article {stray.article_id} has scores and is not in the plan; score the run again")
    rows = _rows([score for score in chosen if score.value is not None], codes, names)
    shape = (len(systems), len(listed), len(names))
    flat = np.ravel_multi_index((rows.system, rows.article, rows.metric), shape) if rows.value.size else rows.system
    counts = np.bincount(flat, minlength=math.prod(shape)).reshape(shape)
    sums = np.bincount(flat, weights=rows.value, minlength=math.prod(shape)).reshape(shape)
    means = np.divide(sums, counts, out=np.zeros(shape), where=counts > 0)
    return Table(systems, listed, tuple(metrics), means, counts > 0, _reasons(chosen, listed), rows)


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


def _rows(scores: Sequence[Score], codes: tuple[dict[str, int], dict[str, int]], metrics: dict[str, int]) -> Samples:
    systems, articles = codes
    return Samples(
        np.array([systems[score.system] for score in scores], dtype=np.int64),
        np.array([articles[score.article_id] for score in scores], dtype=np.int64),
        np.array([metrics[score.metric] for score in scores], dtype=np.int64),
        np.array([score.value for score in scores], dtype=np.float64),
    )


def _reasons(scores: Sequence[Score], articles: Sequence[str]) -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    for score in scores:
        key = (score.system, score.metric)
        seen.setdefault(key, set()).add(score.article_id)
        if score.value is None:
            found.setdefault(key, Counter())[score.reason or "no reason given"] += 1
    for key, present in seen.items():
        if len(present) < len(articles):
            found.setdefault(key, Counter())[NO_SCORE] += len(articles) - len(present)
    return found


def _place(names: Sequence[str], name: str, what: str) -> int:
    if name not in names:
        raise DataError(f"there is no {what} {name!r} in the scores; there are {', '.join(names) or 'none'}")
    return names.index(name)
