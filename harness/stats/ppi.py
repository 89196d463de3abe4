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
from harness.stats.arrays import Floats, Integers, require_shares

_NO_SPREAD = 1e-12  # smaller standard errors, and smaller distances outside 0..1, are rounding errors


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
    low, high = scale
    automatic = (np.asarray(automatic, dtype=np.float64) - low) / (high - low)
    human = [None if value is None else (value - low) / (high - low) for value in human]
    sums = _sum_up(automatic, human, articles, weights)
    labelled = np.flatnonzero(sums.weight > 0)
    every, count = np.arange(sums.weight.size), labelled.size
    # one labelled article has no variance between articles, so each unit is treated as an article
    weight = _tune(sums if count > 1 else _sum_up(automatic, human, range(len(human)), weights))

    def combine(kept: _Sums) -> Floats:
        moved = kept.predicted_judged / kept.weight - kept.predicted / kept.units
        combined: Floats = kept.judged / kept.weight - weight * moved
        return combined

    machine = _estimate(lambda kept: kept.predicted / kept.units, sums, every, every.size, every.size - 1, scale)
    people = _estimate(lambda kept: kept.judged / kept.weight, sums, labelled, count, count - 1, scale)
    both = _estimate(combine, sums, every, count, count - 2, scale) if count else people
    return PredictionPowered(machine, people, both, weight)


class _Sums(NamedTuple):
    """Weighted sums over the units of each article."""

    units: Floats
    """Weights of all units."""
    predicted: Floats
    weight: Floats
    """Weights of the labelled units."""
    judged: Floats
    predicted_judged: Floats
    """Automatic verdicts of the labelled units."""

    def total(self) -> _Sums:
        return _Sums(*(np.atleast_1d(part.sum()) for part in self))

    def without_each(self, chosen: Integers) -> _Sums:
        """Compute the totals without one article, for each of the chosen articles."""
        return _Sums(*(part.sum() - part[chosen] for part in self))


def _sum_up(
    automatic: npt.ArrayLike, human: Sequence[float | None], articles: npt.ArrayLike, weights: npt.ArrayLike | None
) -> _Sums:
    predicted = require_shares(automatic, "automatic verdicts")
    labelled = np.array([value is not None for value in human], dtype=bool)
    judged = np.zeros(len(human))
    judged[labelled] = require_shares([value for value in human if value is not None], "human verdicts")
    every = np.ones(len(human)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = every * labelled
    article = number_groups(articles)
    terms = (every, every * predicted, weight, weight * judged, weight * predicted)
    return _Sums(*(np.bincount(article, weights=term).astype(np.float64) for term in terms))


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
    """Compute the share with its jackknife interval, and express it on the ``scale``.

    ``left_out`` lists the articles to leave out in turn; ``n`` articles have verdicts.
    """
    if not n:
        return Figure(None, reason=caution.explain_too_few(0))
    (low, high), share = scale, float(value(sums.total())[0])
    mean = low + share * (high - low)
    outside = f"the estimate {mean:.3g} is not inside {low:g}..{high:g}; more human verdicts are needed"
    if not -_NO_SPREAD <= share <= 1 + _NO_SPREAD:
        return Figure(mean, reason=outside)
    if n < caution.MIN_FOR_INTERVAL:
        return Figure(mean, reason=caution.explain_too_few(n))
    shares = value(sums.without_each(left_out))
    if shares.std() < _NO_SPREAD:
        return Figure(mean, reason=caution.explain_no_spread(n))
    if not 0 < share < 1:
        return Figure(mean, reason=outside)
    return Figure(mean, *jackknife_interval(mean, low + shares * (high - low), freedom, scale))
