"""The mean of one system over articles, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.stats import caution
from harness.stats.arrays import Floats, alike, checked, checked_shares, stacked
from harness.stats.bootstrap import Scale, mean_bounds, ratio_bounds
from harness.stats.resampling import RESAMPLES, Resampler


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over articles. ``low`` and ``high`` are None where ``reason`` says why, as is the mean of nothing."""

    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    n: int
    """Articles with a value."""
    missing: int
    """Articles without one."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one system and metric, one an article that has a value."""

    values: Floats
    missing: int = 0
    scale: Scale = "plain"
    """share: the values lie in 0..1, and so does the interval."""


def mean_interval(
    values: npt.ArrayLike,
    rng: np.random.Generator,
    scale: Scale = "plain",
    missing: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """The mean of ``values``, one an article, with its 95% bootstrap-t interval over articles.

    DataError for a value that is no finite number, and on the scale ``share`` for one outside of 0..1.
    """
    column = Column(np.asarray(values, dtype=np.float64), missing, scale)
    return mean_intervals([column], Resampler.of(rng, resamples))[0]


def mean_intervals(columns: Sequence[Column], resampler: Resampler) -> list[Estimate]:
    """One estimate a column, in order; each is what the column alone would get from the same resampler."""
    rows = [_checked(column) for column in columns]
    estimates: list[Estimate | None] = [None] * len(columns)
    for scale in ("plain", "share"):
        chosen = [position for position, column in enumerate(columns) if column.scale == scale]
        for places, stack in stacked([rows[position] for position in chosen]):
            for place, ends in zip(places, interval_ends(stack, resampler, scale), strict=True):
                position = chosen[place]
                estimates[position] = _estimate(rows[position], columns[position], ends)
    return [estimate for estimate in estimates if estimate is not None]


def _checked(column: Column) -> Floats:
    return (checked_shares if column.scale == "share" else checked)(column.values, "scores of a system")


class Ends(NamedTuple):
    """The ends of an interval; both are None where ``reason`` says why."""

    low: float | None
    high: float | None
    reason: str | None = None

    @classmethod
    def of(cls, low: float, high: float, n: int) -> Ends:
        """What the bootstrap over ``n`` articles gave, which is infinite where they are too alike."""
        return cls(low, high) if np.isfinite(low) and np.isfinite(high) else cls(None, None, caution.too_alike(n))


def interval_ends(values: Floats, resampler: Resampler, scale: Scale = "plain", called: str = "value") -> list[Ends]:
    """The interval of the mean of each row of ``values`` (rows × articles), or why there is none."""
    rows, n = values.shape
    if n < caution.FEWEST_FOR_INTERVAL:
        reason = caution.too_few(n) if n else caution.no_value()
        return [Ends(None, None, reason)] * rows
    flat = alike(values)
    ends = [Ends(None, None, caution.no_spread(n, float(row[0]), called)) for row in values]
    spread = np.flatnonzero(~flat)
    if spread.size:
        bounds = mean_bounds(values[spread], resampler, scale)
        for row, low, high in zip(spread, bounds.low, bounds.high, strict=True):
            ends[row] = Ends.of(float(low), float(high), n)
    return ends


def ratio_ends(numerators: Floats, denominators: Floats, resampler: Resampler) -> Ends:
    """The interval of sum(numerators) / sum(denominators), both one an article, or why there is none."""
    n = numerators.size
    if n < caution.FEWEST_FOR_INTERVAL:
        return Ends(None, None, caution.too_few(n) if n else caution.no_value())
    if alike((numerators / denominators)[None, :])[0]:
        return Ends(None, None, caution.no_spread(n, float(numerators.sum() / denominators.sum())))
    bounds = ratio_bounds(numerators[None, :], denominators[None, :], resampler)
    return Ends.of(float(bounds.low[0]), float(bounds.high[0]), n)


def _estimate(row: Floats, column: Column, ends: Ends) -> Estimate:
    mean, median = (float(row.mean()), float(np.median(row))) if row.size else (None, None)
    return Estimate(mean, median, ends.low, ends.high, row.size, column.missing, ends.reason)
