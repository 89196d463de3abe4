"""The other intervals for a mean, to see why the studentised bootstrap is the one that is used.

Percentile and BCa intervals (Efron & Tibshirani 1993, chapters 13 and 14; BCa's acceleration from the skewness of the
articles, as the jackknife gives it for a mean) and Student's t. Rows are experiments, columns articles.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from harness.stats.arrays import Booleans, Floats
from harness.stats.resampling import Resampler


def covers(values: Floats, truth: float, resampler: Resampler) -> Mapping[str, Booleans]:
    """Of each method and experiment, whether its 95% interval holds the truth."""
    rows, n = values.shape
    mean = values.mean(axis=1)
    centred = values - mean[:, None]
    means = np.sort(np.concatenate([centred @ counts.T / n for counts in resampler.counts(n)], axis=1), axis=1)
    below = (means < 0).mean(axis=1) + (means == 0).mean(axis=1) / 2
    bias = ndtri(np.clip(below, 1 / resampler.count, 1 - 1 / resampler.count))
    skew = (centred**3).sum(axis=1) / np.maximum((centred**2).sum(axis=1), 1e-30) ** 1.5 / 6
    reach = values.std(axis=1, ddof=1) / np.sqrt(n) * stdtrit(n - 1, 0.975)
    plain = [np.full(rows, 0.025), np.full(rows, 0.975)]
    corrected = [ndtr(bias + (bias + z) / (1 - skew * (bias + z))) for z in (-1.959964, 1.959964)]
    return {
        "percentile": _inside(means, plain, truth - mean),
        "BCa": _inside(means, corrected, truth - mean),
        "Student's t": np.abs(truth - mean) <= reach,
    }


def _inside(means: Floats, levels: list[Floats], truth: Floats) -> Booleans:
    """Whether the truth lies between two order statistics of the resampled means."""
    count = means.shape[1]
    places = [np.clip((level * (count + 1)).astype(int) - 1, 0, count - 1) for level in levels]
    low, high = (np.take_along_axis(means, place[:, None], axis=1)[:, 0] for place in places)
    inside: Booleans = (low <= truth) & (truth <= high)
    return inside
