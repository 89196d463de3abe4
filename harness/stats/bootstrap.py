"""The studentised bootstrap (bootstrap-t) over articles, for many systems at once.

Each resample's deviation is measured in its own standard error, which carries the skew of the scores into the
interval (Efron & Tibshirani 1993, chapter 12; Hall 1992). In our simulation it is the interval that keeps its promise
on small and skewed samples, where percentile and BCa intervals are too short. A share is bootstrapped on the logit
scale, on which its standard error hangs less on its mean; the interval then lies in 0..1.

Rows are systems (or pairs), columns are articles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.stats.arrays import Floats
from harness.stats.resampling import Resampler

Scale = Literal["plain", "share"]
LEVEL = 0.95

# Rows handled at once, so that the resampled statistics of a chunk stay near the processor (128 × 10,000 numbers).
_CHUNK = 128
# A resample with less than this share of the variance of the articles drew equal values only, but for rounding.
_NO_SPREAD = 1e-10
# A resample's mean that is so little off, in standard deviations of the articles, is off by rounding only.
_NO_DEVIATION = 1e-9


@dataclass(frozen=True, slots=True)
class Bounds:
    """The ends of the intervals, one a row; infinite where the resamples give no bound."""

    low: Floats
    high: Floats


def mean_bounds(values: Floats, resampler: Resampler, scale: Scale = "plain") -> Bounds:
    """Intervals for the means of the rows of ``values`` (rows × articles, n ≥ 2), none of which is all alike."""
    return _in_chunks(lambda part: _mean_chunk(values[part], resampler, scale), len(values))


def ratio_bounds(numerators: Floats, denominators: Floats, resampler: Resampler) -> Bounds:
    """Intervals for sum(numerators) / sum(denominators) of each row, articles resampled with both of their numbers.

    The standard error is that of the linearised ratio (Cochran 1977, 6.13).
    """
    return _in_chunks(lambda part: _ratio_chunk(numerators[part], denominators[part], resampler), len(numerators))


def _in_chunks(bounds: Callable[[slice], Bounds], rows: int) -> Bounds:
    chunks = [bounds(slice(start, start + _CHUNK)) for start in range(0, rows, _CHUNK)]
    return Bounds(np.concatenate([part.low for part in chunks]), np.concatenate([part.high for part in chunks]))


def _mean_chunk(values: Floats, resampler: Resampler, scale: Scale) -> Bounds:
    n = values.shape[1]
    mean, deviation = values.mean(axis=1), values.std(axis=1)
    units = (values - mean[:, None]) / deviation[:, None]
    squares = units**2
    shift, spread = (np.empty((len(values), resampler.count)) for _ in range(2))
    start = 0
    for counts in resampler.counts(n):
        block = slice(start, start + len(counts))
        np.matmul(units / n, counts.T, out=shift[:, block])
        np.matmul(squares / n, counts.T, out=spread[:, block])
        start += len(counts)
    spread -= shift**2
    _without_rounding(shift)
    error = deviation / np.sqrt(n - 1)
    if scale == "plain":
        low, high = _quantiles(_studentised(shift, spread, n))
        return Bounds(mean - high * error, mean - low * error)
    return _share_bounds(mean, deviation, shift, spread, n)


def _share_bounds(mean: Floats, deviation: Floats, shift: Floats, spread: Floats, n: int) -> Bounds:
    """Studentised on the logit scale by the delta method: se(logit m) = se(m) / (m (1 - m)).

    ``shift`` and ``spread``: what the resamples gave (rows × resamples), in units of each row's standard deviation.
    """
    tiny = np.finfo(np.float64).tiny
    means = np.clip(mean[:, None] + deviation[:, None] * shift, tiny, 1 - np.finfo(np.float64).eps)
    slope = means * (1 - means) / deviation[:, None]
    moved = (_logit(means) - _logit(mean)[:, None]) * slope
    low, high = _quantiles(_studentised(moved, spread, n))
    error = deviation / np.sqrt(n - 1) / (mean * (1 - mean))
    low, high = _logit(mean) - high * error, _logit(mean) - low * error
    return Bounds(_share(low), _share(high))


def _ratio_chunk(numerators: Floats, denominators: Floats, resampler: Resampler) -> Bounds:
    n = numerators.shape[1]
    ratio = numerators.sum(axis=1) / denominators.sum(axis=1)
    residuals = numerators - ratio[:, None] * denominators
    sums = np.empty((5, len(numerators), resampler.count))
    terms = (residuals, denominators, residuals**2, residuals * denominators, denominators**2)
    start = 0
    for counts in resampler.counts(n):
        for row, term in zip(sums, terms, strict=True):
            row[:, start : start + len(counts)] = term @ counts.T
        start += len(counts)
    size = sums[1]
    moved = sums[0] / size
    variance = (sums[2] - 2 * moved * sums[3] + moved**2 * sums[4]) * n / size**2
    unit = (residuals**2).sum(axis=1) * n / denominators.sum(axis=1) ** 2
    scale = np.sqrt(unit)[:, None]
    deviations = moved / scale
    _without_rounding(deviations)
    low, high = _quantiles(_studentised(deviations, variance / scale**2, n))
    error = np.sqrt(unit / (n - 1))
    return Bounds(ratio - high * error, ratio - low * error)


def _without_rounding(deviations: Floats) -> None:
    """Set deviations, in standard deviations of the articles, to 0 where they are rounding."""
    deviations[np.abs(deviations) <= _NO_DEVIATION] = 0.0


def _studentised(moved: Floats, spread: Floats, n: int) -> Floats:
    """Deviations over their standard errors.

    Infinite, to its side, where a resample has no spread; 0 where it does not deviate either.
    """
    none = spread <= _NO_SPREAD
    scores: Floats = moved * np.sqrt((n - 1) / np.where(none, 1.0, spread))
    scores[none] = np.where(moved[none] == 0, 0.0, np.copysign(np.inf, moved[none]))
    return scores


def _quantiles(scores: Floats) -> tuple[Floats, Floats]:
    """The order statistics that leave (1 - LEVEL) / 2 of each row on either side."""
    count = scores.shape[1]
    below = max(0, int((1 - LEVEL) / 2 * (count + 1)) - 1)
    above = count - 1 - below
    ordered = np.partition(scores, (below, above), axis=1)
    return ordered[:, below], ordered[:, above]


def _logit(share: Floats) -> Floats:
    odds: Floats = np.log(share) - np.log1p(-share)
    return odds


def _share(logit: Floats) -> Floats:
    """Back from the logit scale; a bound that the resamples do not give stays infinite."""
    from scipy.special import expit

    share: Floats = np.where(np.isfinite(logit), expit(logit), logit)
    return share
