"""Estimate what people would find, from automatic verdicts on all units and human verdicts on some.

Prediction-powered inference (Angelopoulos et al. 2023), power-tuned (PPI++, Angelopoulos, Duchi & Zrnic 2023):

    combined = human - weight × (automatic on the labelled part - automatic on everything).

``weight`` minimises the variance. It is 0 if the automatic verdicts carry no information, and 1 if they are as good as
people's. The labelled units must be a random sample of all units. Facts of one article are not independent, so standard
errors come from leaving out one article at a time (jackknife). Intervals use Student's t on the logit scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.agreement import SHARE, Bounds, Figure, jackknife_interval, number_groups
from harness.stats.arrays import Floats, Integers, require_within

_NO_SPREAD = 1e-12  # smaller standard errors, and smaller distances outside the scale, are rounding errors


@dataclass(frozen=True, slots=True)
class PredictionPowered:
    """Three estimates of one mean, with intervals over articles."""

    automatic: Figure
    """The mean according to the automatic verdicts. Its interval ignores the errors of these verdicts."""
    human: Figure
    combined: Figure
    weight: float
    """The weight of the automatic verdicts in the combined estimate, 0..1."""


def estimate(
    automatic: npt.ArrayLike,
    human: Sequence[float | None],
    articles: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    scale: Bounds = SHARE,
) -> PredictionPowered:
    """Estimate the mean verdict that people would give to all units (facts, claims or summaries).

    Each unit has an automatic verdict, a human verdict or None, an article, and a weight above 0 (default: 1). Raises
    DataError if a verdict is outside the ``scale``.
    """
    units = _make_sums(automatic, human, weights, scale)
    sums = units.group(number_groups(articles))
    labelled = np.flatnonzero(sums.weight > 0)
    every, count = np.arange(sums.weight.size), labelled.size
    # one labelled article has no variance between articles, so each unit is treated as an article
    weight = _tune(sums if count > 1 else units)

    def combine(kept: _Sums) -> Floats:
        moved = kept.predicted_judged / kept.weight - kept.predicted / kept.units
        combined: Floats = kept.judged / kept.weight - weight * moved
        return combined

    machine = _estimate(lambda kept: kept.predicted / kept.units, sums, every, every.size, every.size - 1, scale)
    people = _estimate(lambda kept: kept.judged / kept.weight, sums, labelled, count, count - 1, scale)
    both = _estimate(combine, sums, every, count, count - 2, scale) if count else people
    return PredictionPowered(machine, people, both, weight)


class _Sums(NamedTuple):
    """Weighted sums over the units of each article, or the terms of these sums, one per unit."""

    units: Floats
    """Weights of all units."""
    predicted: Floats
    weight: Floats
    """Weights of the labelled units."""
    judged: Floats
    predicted_judged: Floats
    """Automatic verdicts of the labelled units."""

    def group(self, groups: Integers) -> _Sums:
        return _Sums(*(np.bincount(groups, weights=part).astype(np.float64) for part in self))

    def total(self) -> _Sums:
        return _Sums(*(np.atleast_1d(part.sum()) for part in self))


def _make_sums(
    automatic: npt.ArrayLike, human: Sequence[float | None], weights: npt.ArrayLike | None, scale: Bounds
) -> _Sums:
    predicted = require_within(scale, automatic, "automatic verdicts")
    labelled = np.array([value is not None for value in human], dtype=bool)
    judged = np.zeros(len(human))
    judged[labelled] = require_within(scale, [value for value in human if value is not None], "human verdicts")
    every = np.ones(len(human)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = every * labelled
    return _Sums(every, every * predicted, weight, weight * judged, weight * predicted)


def _tune(sums: _Sums) -> float:
    """Find the weight in 0..1 with the smallest linearised variance over articles."""
    total = sums.total()
    if not total.weight[0]:
        return 0.0
    human, machine = total.judged / total.weight, total.predicted_judged / total.weight
    gain = (sums.judged - human * sums.weight) / total.weight
    moved = (sums.predicted_judged - machine * sums.weight) / total.weight
    moved -= (sums.predicted - sums.units * total.predicted / total.units) / total.units
    size = float(moved @ moved)
    return float(np.clip(gain @ moved / size, 0.0, 1.0)) if size > _NO_SPREAD**2 else 0.0


def _estimate(
    value: Callable[[_Sums], Floats], sums: _Sums, left_out: Integers, n: int, freedom: int, scale: Bounds
) -> Figure:
    """Compute the mean with its jackknife interval.

    ``left_out`` lists the articles to leave out in turn; ``n`` articles have verdicts.
    """
    if not n:
        return Figure(None, reason=caution.explain_too_few(0))
    (low, high), mean = scale, float(value(sums.total())[0])
    outside = f"the estimate {mean:.3g} is not inside {low:g}..{high:g}; more human verdicts are needed"
    if not low - _NO_SPREAD <= mean <= high + _NO_SPREAD:
        return Figure(mean, reason=outside)
    if n < caution.MIN_FOR_INTERVAL:
        return Figure(mean, reason=caution.explain_too_few(n))
    means = value(_Sums(*(part.sum() - part[left_out] for part in sums)))
    if means.std() < _NO_SPREAD:
        return Figure(mean, reason=caution.explain_no_spread(n))
    if not low < mean < high:
        return Figure(mean, reason=outside)
    return Figure(mean, *jackknife_interval(mean, means, freedom, scale))
