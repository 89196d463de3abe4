"""Measure how well a verifier's scores agree with people's labels.

The rows (labels) come in groups, usually articles. Rows of one group are not independent, so an interval leaves out or
resamples whole groups. A ``Measure`` is a function that takes group weights (resamples × groups) and returns one value
per resample; weights of 1 give the value of the measure. Inside this module an undefined value is NaN; outside, it is a
``Figure`` with None and a reason.

``jackknife`` keeps its 95% coverage from about 10 groups on (``benchmarks/stats/statistics.md``). With so few
groups, bootstrap intervals of values near 1 are too short; ``bootstrap`` is for calibration errors and correlations.

``truth`` is True if people said supported; ``groups`` has the group number of each row, 0 … G-1 without gaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import Booleans, Floats, Integers, divide, is_constant, subtract
from harness.stats.interval import LEVEL
from harness.stats.resampling import Resampler

Measure = Callable[[Floats], Floats]
Bounds = tuple[float, float]
SHARE: Bounds = (0.0, 1.0)
CORRELATION: Bounds = (-1.0, 1.0)

RESAMPLES = 2_000
FOLDS = 5
BINS = 15
"""Number of equal-width bins of the expected calibration error, as in Guo et al. (2017)."""
SAME = "all groups give the same value, so their spread cannot be estimated"
"""The reason for a missing interval if there is no spread."""

_MIN_DEFINED = 0.95  # an interval needs a value in at least this share of the resamples
_ROUNDING = 1e-12  # values within this range differ only by rounding


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95% interval over groups. If the value or the interval is None, ``reason`` says why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


def jackknife(measure: Measure, groups: int, bounds: Bounds = SHARE, noun: str = "group") -> Figure:
    """Evaluate a measure over N groups; leave out one group at a time to compute an interval (Miller 1974).

    The interval uses Student's t on the logit scale, which is Fisher's z if the bounds are -1 and 1. ``bounds`` are the
    lowest and highest possible values; ``noun`` is the word for a group.
    """
    value = value_of(measure, groups)
    if value is None or groups < caution.MIN_FOR_INTERVAL:
        return _without_interval(value, groups, noun)
    every = np.arange(groups)
    replicates = np.concatenate([measure((every != left_out).astype(np.float64)[None]) for left_out in every])
    if not np.isfinite(replicates).all():
        return Figure(value, reason=f"it is undefined without one of the {noun}s")
    if not bounds[0] < value < bounds[1] or np.ptp(replicates) < _ROUNDING:
        return Figure(value, reason=SAME)
    return Figure(value, *jackknife_interval(value, replicates, groups - 1, bounds))


def jackknife_interval(value: float, replicates: Floats, freedom: int, bounds: Bounds = SHARE) -> tuple[float, float]:
    """Compute the interval of a value from its jackknife replicates, the values with one group left out."""
    from scipy.special import expit, logit, stdtrit

    low, high = bounds
    error = math.sqrt((replicates.size - 1) * float(replicates.var())) * (high - low) / ((value - low) * (high - value))
    centre, reach = float(logit((value - low) / (high - low))), float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    below, above = (low + (high - low) * float(expit(end)) for end in (centre - reach, centre + reach))
    return below, above


def bootstrap(
    measure: Measure, groups: int, resampler: Resampler, bounds: Bounds = SHARE, noun: str = "group"
) -> Figure:
    """Evaluate a measure over N groups, with a basic bootstrap interval (Davison & Hinkley 1997, 5.2).

    Resampling lowers a system correlation and raises a calibration error. The basic bootstrap corrects this bias, while
    percentile intervals double it.
    """
    value = value_of(measure, groups)
    if value is None or groups < caution.MIN_FOR_INTERVAL:
        return _without_interval(value, groups, noun)
    resampled = np.concatenate([measure(counts) for counts in resampler.draw_counts(groups)])
    defined = resampled[np.isfinite(resampled)]
    if defined.size < _MIN_DEFINED * resampled.size:
        return Figure(value, reason=f"it is undefined in too many resamples of the {noun}s")
    if is_constant(defined[None, :])[0]:
        return Figure(value, reason=SAME)
    if min(abs(value - end) for end in bounds) < _ROUNDING:  # the interval would be [value, value]
        return Figure(value, reason=f"{value:g} is the end of the scale, so resamples of the {noun}s give no interval")
    low, high = np.clip(2 * value - np.quantile(defined, [(1 + LEVEL) / 2, (1 - LEVEL) / 2]), *bounds)
    return Figure(value, float(low), float(high))


def gain(before: Measure, after: Measure) -> Measure:
    """The second measure minus the first, on the same groups; 0 if they differ only by rounding."""
    return lambda weights: subtract(after(weights), before(weights))


def value_of(measure: Measure, groups: int) -> float | None:
    """Evaluate a measure over N groups, or return None if it is undefined."""
    value = float(measure(np.ones((1, groups)))[0]) if groups else np.nan
    return value if np.isfinite(value) else None


def _without_interval(value: float | None, groups: int, noun: str) -> Figure:
    if value is None and groups:
        return Figure(None, reason="the labels or the scores are all alike, so there is nothing to compare")
    return Figure(value, reason=caution.explain_too_few(groups, noun))


# Two-way: supported or not ------------------------------------------------------------------------------------------


def auc(truth: Booleans, scores: Floats, groups: Integers) -> Measure:
    """Area under the ROC curve: how often a supported row scores above another row; ties count half."""
    order = np.argsort(scores, kind="stable")
    truth, groups = truth[order], groups[order]
    starts = np.flatnonzero(np.diff(scores[order], prepend=-np.inf) > 0)

    def measure(weights: Floats) -> Floats:
        rows = weights[:, groups]
        positive = np.add.reduceat(rows * truth, starts, axis=1)
        negative = np.add.reduceat(rows * ~truth, starts, axis=1)
        below = np.cumsum(negative, axis=1) - negative / 2
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        return divide((positive * below).sum(axis=1), pairs)

    return measure


def balanced_accuracy(truth: Booleans, called: Booleans, groups: Integers, counted: Booleans | None = None) -> Measure:
    """The mean of the accuracies on supported rows and on all others; rows outside ``counted`` are left out."""
    among = np.ones(truth.size, dtype=bool) if counted is None else counted
    yes, no = truth & among, ~truth & among
    sums = _sum_groups(groups, yes & called, yes, no & ~called, no)

    def measure(weights: Floats) -> Floats:
        hits, supported, rejected, other = (weights @ each for each in sums)
        return (divide(hits, supported) + divide(rejected, other)) / 2

    return measure


def calibration_error(truth: Booleans, scores: Floats, groups: Integers) -> Measure:
    """Expected calibration error over ``BINS`` bins of equal width."""
    table = np.zeros((count_groups(groups), BINS))
    np.add.at(table, (groups, _bin(scores)), truth - scores)
    rows = _sum_groups(groups, np.ones(truth.size))[0]
    return lambda weights: divide(np.abs(weights @ table).sum(axis=1), weights @ rows)


def share(right: Booleans | Floats, groups: Integers) -> Measure:
    """The mean of ``right`` over rows."""
    hits, rows = _sum_groups(groups, right, np.ones(right.size))
    return lambda weights: divide(weights @ hits, weights @ rows)


def best_threshold(truth: Booleans, scores: Floats) -> float:
    """The highest threshold with the best balanced accuracy (Youden's J), halfway between two scores."""
    order = np.argsort(-scores, kind="stable")
    cut = np.flatnonzero(np.diff(scores[order], append=-np.inf) < 0)
    hits, alarms = np.cumsum(truth[order])[cut], np.cumsum(~truth[order])[cut]
    best = int(np.argmax(hits / max(1, truth.sum()) - alarms / max(1, (~truth).sum())))
    thresholds = scores[order][cut]
    at, below = float(thresholds[best]), float(thresholds[min(best + 1, cut.size - 1)])
    middle = (at + below) / 2
    return middle if below < middle < at else at


def decide_out_of_fold(truth: Booleans, scores: Floats, fold: Integers) -> tuple[Booleans, tuple[float, ...]]:
    """Return whether each row reaches the threshold fitted on the other folds, and the thresholds.

    The thresholds are empty if, for any fold, all rows of the other folds are supported, or none is.
    """
    called = np.zeros(truth.size, dtype=bool)
    thresholds = []
    for number in range(int(fold.max(initial=-1)) + 1):
        inside = fold == number
        if not 0 < truth[~inside].sum() < (~inside).sum():
            return called, ()
        thresholds.append(best_threshold(truth[~inside], scores[~inside]))
        called[inside] = scores[inside] >= thresholds[-1]
    return called, tuple(thresholds)


@dataclass(frozen=True, slots=True)
class Bin:
    """The rows with P(supported) in ``low <= p < high``; the last bin includes 1."""

    low: float
    high: float
    rows: int
    predicted: float | None
    """Mean P(supported); None without rows."""
    supported: float | None
    """Share of the rows that people labelled supported."""


def reliability(truth: Booleans, scores: Floats) -> tuple[Bin, ...]:
    """Compare predicted with observed frequencies in ``BINS`` bins of equal width."""
    places = _bin(scores)
    bins = []
    for number in range(BINS):
        inside = places == number
        rows = int(inside.sum())
        means = (float(scores[inside].mean()), float(truth[inside].mean())) if rows else (None, None)
        bins.append(Bin(number / BINS, (number + 1) / BINS, rows, *means))
    return tuple(bins)


# Three-way -----------------------------------------------------------------------------------------------------------


def macro_f1(truth: Integers, called: Integers, groups: Integers, classes: Sequence[int]) -> Measure:
    """The mean F1 over the classes. A prediction outside them is wrong; a row with -1 in both arrays does not count."""
    is_true, is_called = (labels[:, None] == np.array(classes) for labels in (truth, called))
    tables = (is_true & is_called, is_called, is_true)
    hits, predicted, true = (np.stack(_sum_groups(groups, *rows.T), axis=1) for rows in tables)

    def measure(weights: Floats) -> Floats:
        # NaN if a class has neither rows nor predictions in a resample
        mean: Floats = divide(2 * (weights @ hits), weights @ predicted + weights @ true).mean(axis=1)
        return mean

    return measure


# Summaries and systems -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Summaries:
    """Scores by people and by harness (``ours``), as articles × systems; ``present`` is True if a summary has both."""

    people: Floats
    ours: Floats
    present: Booleans


Correlation = Callable[[Floats, Floats], Floats]
"""Correlates each row of the first array with the same row of the second; NaN if either row is constant."""


def correlations_by_article(summaries: Summaries, correlation: Correlation) -> Floats:
    """Correlate the scores across systems for each article; NaN for fewer than three systems, or constant scores."""
    articles = zip(summaries.people, summaries.ours, summaries.present, strict=True)
    return np.array(
        [
            float(correlation(people[None, both], ours[None, both])[0]) if both.sum() > 2 else np.nan
            for people, ours, both in articles
        ]
    )


def system_level(summaries: Summaries, correlation: Correlation) -> Measure:
    """Correlation of the systems' means over the articles."""
    is_judged = summaries.present.astype(np.float64)
    people, ours = (np.where(summaries.present, each, 0.0) for each in (summaries.people, summaries.ours))

    def measure(weights: Floats) -> Floats:
        count = weights @ is_judged
        return correlation(divide(weights @ people, count), divide(weights @ ours, count))

    return measure


def pearson(first: Floats, second: Floats) -> Floats:
    one, other = (each - each.mean(axis=1, keepdims=True) for each in (first, second))
    size = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    return divide((one * other).sum(axis=1), np.where(size > np.finfo(np.float64).eps * first.shape[1], size, 0.0))


def spearman(first: Floats, second: Floats) -> Floats:
    """Spearman's correlation of each pair of rows: Pearson's on ranks; ties, up to rounding, get their average rank."""
    from scipy.stats import rankdata  # takes a second to import

    return pearson(*(rankdata(np.round(each, 9), axis=1) for each in (first, second)))


# Groups ---------------------------------------------------------------------------------------------------------------


def number_groups(names: npt.ArrayLike) -> Integers:
    """Number the names from 0 in sort order; equal names get equal numbers."""
    _, numbers = np.unique(np.asarray(names, dtype=object).astype(str), return_inverse=True)
    return numbers.astype(np.int64)


def count_groups(groups: Integers) -> int:
    return int(groups.max(initial=-1)) + 1


def fold_by_group(groups: Integers, rng: np.random.Generator, count: int = FOLDS) -> Integers:
    """Assign a fold to each row. Groups are shuffled and dealt out in turn, so no group is in two folds."""
    order = rng.permutation(count_groups(groups))
    fold = np.empty_like(order)
    fold[order] = np.arange(order.size) % count
    dealt: Integers = fold[groups]
    return dealt


def _sum_groups(groups: Integers, *rows: Floats | Booleans) -> list[Floats]:
    count = count_groups(groups)
    return [np.bincount(groups, weights=each, minlength=count).astype(np.float64) for each in rows]


def _bin(scores: Floats) -> Integers:
    return np.minimum((scores * BINS).astype(np.int64), BINS - 1)
