"""Agreement beyond chance: Cohen's kappa of two raters and Krippendorff's alpha of any number of raters.

Both are measures in the sense of ``agreement.py``; the tests check them against scikit-learn and published values.
Labels are numbers from 0 on.
"""

from __future__ import annotations

import numpy as np

from harness.stats.agreement import Measure, count_groups
from harness.stats.arrays import Floats, Integers, divide

_NOTHING = 1e-9  # an expected disagreement below this is rounding error


def cohen(first: Integers, second: Integers, groups: Integers) -> Measure:
    """Cohen's (1960) kappa of two raters who both labelled all rows; undefined if all labels are the same."""
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
    """Krippendorff's (2011) alpha for nominal labels, as rows × raters; undefined if all labels are the same.

    A negative number is a missing label.
    """
    one_hot = labels[:, :, None] == np.arange(labels.max(initial=0) + 1)
    return _alpha(np.where(labels[:, :, None] < 0, np.nan, one_hot), groups)


def krippendorff_interval(ratings: Floats, groups: Integers) -> Measure:
    """Krippendorff's alpha for ratings on a scale, as rows × raters; NaN is a missing rating."""
    return _alpha(ratings[:, :, None], groups)


def _alpha(points: Floats, groups: Integers) -> Measure:
    """Alpha by squared distance of points (rows × raters × dimensions); rows with one rater do not count."""
    raters = np.isfinite(points[:, :, 0]).sum(axis=1)
    paired = raters > 1
    count, points = raters[paired].astype(np.float64), points[paired]
    if points.size:
        points = points - np.nanmin(points)  # large numbers would lose digits
    totals, squares = np.nansum(points, axis=1), np.nansum(points**2, axis=(1, 2))
    within = (count * squares - (totals**2).sum(axis=1)) / (count - 1)
    sums = np.zeros((count_groups(groups), 3 + totals.shape[1]))
    np.add.at(sums, groups[paired], np.column_stack([count, squares, within, totals]))

    def measure(weights: Floats) -> Floats:
        n, square, differ, *total = (weights @ sums).T
        by_chance = n * square - (np.array(total) ** 2).sum(axis=0)
        return 1 - divide((n - 1) * differ, by_chance, _NOTHING)

    return measure
