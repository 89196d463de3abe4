"""Agreement beyond chance: Cohen's kappa of two raters, Krippendorff's alpha of any number of them, and intervals.

Both are measures in the sense of ``agreement.py``: sums over articles, weighed, so that all resamples of articles are
had at once. Labels are numbers from 0 on; where a rater gave none there is a number below 0.

scikit-learn's ``cohen_kappa_score`` gives the same to 1e-16, one resample at a time: over 200 resamples of 724 labels
it takes a thousand times as long, and importing it takes 1.5 s. The tests hold ours against it.

The interval is the jackknife's over articles, in Fisher's z. Where raters nearly agree, few articles hold all there is
of disagreement, and intervals of the bootstrap are too short: of 30 labels with a kappa of .86 they held three times in
four. The jackknife's spread, carried to a scale on which it hardly depends on the value (Miller 1974, on correlations)
and widened by Student's t, keeps its 95% from 10 articles on (``benchmarks/stats/kappa_intervals.md``). It draws
nothing, so the interval is the same whoever asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from harness.stats import caution
from harness.stats.agreement import Figure, Measure, blocks, group_count, value_of
from harness.stats.arrays import Floats, Integers, ratio
from harness.stats.bootstrap import LEVEL

_NOTHING = 1e-9
"""A disagreement by chance below this is rounding: there is none to be had, and no measure."""
_SAME = 1e-12
"""What rounding makes of equal values."""


def cohen(first: Integers, second: Integers, groups: Integers) -> Measure:
    """Cohen's (1960) kappa of two raters of the same rows, in -1..1; undefined where both give one label only."""
    tables = _confusions(first, second, groups)

    def measure(weights: Floats) -> Floats:
        counts = np.tensordot(weights, tables, axes=1)
        total = counts.sum(axis=(1, 2))
        agreeing = np.trace(counts, axis1=1, axis2=2)
        by_chance = (counts.sum(axis=1) * counts.sum(axis=2)).sum(axis=1)
        return ratio(agreeing * total - by_chance, total**2 - by_chance, _NOTHING)

    return measure


def krippendorff(labels: Integers, groups: Integers) -> Measure:
    """Krippendorff's alpha for names of things, of rows × raters with gaps (Krippendorff 2011).

    Rows that fewer than two rated do not count. 1 is full agreement, 0 what chance gives, below 0 is worse than that;
    undefined where there is one label only.
    """
    tables = _coincidences(labels, groups)

    def measure(weights: Floats) -> Floats:
        pairs = np.tensordot(weights, tables, axes=1)
        per_label = pairs.sum(axis=2)
        total = per_label.sum(axis=1)
        differ = total - np.trace(pairs, axis1=1, axis2=2)
        by_chance = total**2 - (per_label**2).sum(axis=1)
        return 1 - ratio((total - 1) * differ, by_chance, _NOTHING)

    return measure


def _confusions(first: Integers, second: Integers, groups: Integers) -> Floats:
    """How often the first gave a label and the second another: groups × labels × labels."""
    size = _labels(first, second)
    tables = np.zeros((group_count(groups), size, size))
    np.add.at(tables, (groups, first, second), 1.0)
    return tables


def _coincidences(labels: Integers, groups: Integers) -> Floats:
    """Ordered pairs of labels of the same row by different raters, each row weighing as many as it has labels."""
    size = _labels(labels)
    counts = (labels[:, :, None] == np.arange(size)).sum(axis=1).astype(np.float64)
    raters = counts.sum(axis=1)
    paired = raters > 1
    rows = counts[paired]
    pairs = rows[:, :, None] * rows[:, None, :] - rows[:, :, None] * np.eye(size)
    tables = np.zeros((group_count(groups), size, size))
    np.add.at(tables, groups[paired], pairs / (raters[paired] - 1)[:, None, None])
    return tables


def _labels(*given: Integers) -> int:
    return max(int(each.max(initial=0)) for each in given) + 1


def figure(measure: Measure, groups: int, called: str = "group") -> Figure:
    """The value in -1..1 of a measure over so many groups, with its 95% interval, or the reason why there is none.

    ``called``: what a group is.
    """
    from scipy.special import stdtrit

    value = value_of(measure, groups)
    if value is None:
        return Figure(None, reason="the labels are all alike, so there is nothing to compare")
    if groups < caution.FEWEST_FOR_INTERVAL:
        return Figure(value, reason=caution.too_few(groups, called))
    left = np.concatenate([measure(weights) for weights in _without_each(groups)])
    if not np.isfinite(left).all():
        return Figure(value, reason=f"it rests on one {called}")
    if abs(value) >= 1 or np.ptp(left) < _SAME:
        return Figure(value, reason=f"the same whichever {called} is left out")
    spread = math.sqrt((groups - 1) * float(left.var()))
    reach = float(stdtrit(groups - 1, (1 + LEVEL) / 2)) * spread / (1 - value**2)
    centre = math.atanh(value)
    return Figure(value, math.tanh(centre - reach), math.tanh(centre + reach))


def _without_each(groups: int) -> Iterator[Floats]:
    """Blocks of weights, a row a group: all groups but this one."""
    every = np.arange(groups)
    for part in blocks(groups, groups):
        yield (every[part, None] != every).astype(np.float64)
