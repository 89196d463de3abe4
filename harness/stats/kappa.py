"""Agreement beyond chance: Cohen's kappa of two raters and Krippendorff's alpha of any number of raters.

Both are measures in the sense of ``agreement.py``; the tests check them against scikit-learn and published values.
Labels are numbers from 0 on; a negative number is a missing label.

The interval is a jackknife over articles, in Fisher's z (Miller 1974), widened by Student's t. Bootstrap intervals are
too short if raters nearly agree; the jackknife keeps its 95% coverage from 10 articles on
(``benchmarks/stats/statistics.md``).
"""

from __future__ import annotations

import math

import numpy as np

from harness.stats import caution
from harness.stats.agreement import Figure, Measure, count_groups, split_into_blocks, value_of
from harness.stats.arrays import Floats, Integers, divide
from harness.stats.interval import LEVEL

_NOTHING = 1e-9  # an expected disagreement below this is rounding error
_SAME = 1e-12  # values within this range differ only by rounding


def cohen(first: Integers, second: Integers, groups: Integers) -> Measure:
    """Cohen's (1960) kappa of two raters of the same rows, in -1..1; undefined if both always give the same label."""
    size = max(int(first.max(initial=0)), int(second.max(initial=0))) + 1
    tables = np.zeros((count_groups(groups), size, size))
    np.add.at(tables, (groups, first, second), 1.0)

    def measure(weights: Floats) -> Floats:
        counts = np.tensordot(weights, tables, axes=1)
        total = counts.sum(axis=(1, 2))
        agreeing = np.trace(counts, axis1=1, axis2=2)
        by_chance = (counts.sum(axis=1) * counts.sum(axis=2)).sum(axis=1)
        return divide(agreeing * total - by_chance, total**2 - by_chance, _NOTHING)

    return measure


def krippendorff(labels: Integers, groups: Integers) -> Measure:
    """Krippendorff's (2011) alpha for nominal labels, as rows × raters; rows with fewer than two labels do not count.

    Alpha is undefined if all labels are the same.
    """
    size = int(labels.max(initial=0)) + 1
    counts = (labels[:, :, None] == np.arange(size)).sum(axis=1).astype(np.float64)
    raters = counts.sum(axis=1)
    paired = raters > 1
    rows = counts[paired]
    # pairs of labels of one row by different raters; the weight of a row is its number of labels
    coincidences = rows[:, :, None] * rows[:, None, :] - rows[:, :, None] * np.eye(size)
    tables = np.zeros((count_groups(groups), size, size))
    np.add.at(tables, groups[paired], coincidences / (raters[paired] - 1)[:, None, None])

    def measure(weights: Floats) -> Floats:
        pairs = np.tensordot(weights, tables, axes=1)
        per_label = pairs.sum(axis=2)
        total = per_label.sum(axis=1)
        differ = total - np.trace(pairs, axis1=1, axis2=2)
        by_chance = total**2 - (per_label**2).sum(axis=1)
        return 1 - divide((total - 1) * differ, by_chance, _NOTHING)

    return measure


def krippendorff_interval(ratings: Floats, groups: Integers) -> Measure:
    """Krippendorff's alpha for ratings on a scale, as rows × raters, with squared differences; NaN is a missing rating.

    Rows with fewer than two ratings do not count.
    """
    there = np.isfinite(ratings)
    raters = there.sum(axis=1)
    paired = raters > 1
    there, count = there[paired], raters[paired].astype(np.float64)
    values = np.where(there, ratings[paired], 0.0)
    values = np.where(there, values - values.sum() / max(1, there.sum()), 0.0)  # large numbers would lose digits
    total, squares = values.sum(axis=1), (values**2).sum(axis=1)
    differ = 2 * (count * squares - total**2) / (count - 1)
    sums = [
        np.bincount(groups[paired], weights=each, minlength=count_groups(groups))
        for each in (count, total, squares, differ)
    ]

    def measure(weights: Floats) -> Floats:
        n, mean, square, within = (weights @ each for each in sums)
        return 1 - divide((n - 1) * within, 2 * (n * square - mean**2), _NOTHING)

    return measure


def figure(measure: Measure, groups: int, noun: str = "group") -> Figure:
    """Compute the value in -1..1 with its 95% interval, or say why it is missing."""
    from scipy.special import stdtrit

    value = value_of(measure, groups)
    if value is None:
        return Figure(None, reason="the labels are all alike, so there is nothing to compare")
    if groups < caution.FEWEST_FOR_INTERVAL:
        return Figure(value, reason=caution.explain_too_few(groups, noun))
    every = np.arange(groups)
    without_each = ((every[part, None] != every).astype(np.float64) for part in split_into_blocks(groups, groups))
    left = np.concatenate([measure(weights) for weights in without_each])
    if not np.isfinite(left).all():
        return Figure(value, reason=f"it is undefined without one of the {noun}s")
    if abs(value) >= 1 or np.ptp(left) < _SAME:
        return Figure(value, reason=f"the same whichever {noun} is left out")
    spread = math.sqrt((groups - 1) * float(left.var()))
    reach = float(stdtrit(groups - 1, (1 + LEVEL) / 2)) * spread / (1 - value**2)
    centre = math.atanh(value)
    return Figure(value, math.tanh(centre - reach), math.tanh(centre + reach))
