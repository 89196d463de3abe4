"""Arrays of numbers, compared and divided with care for rounding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from harness.errors import DataError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_ROUNDING = 1e-12  # relative difference below which two values are equal


def require_pair(first: npt.ArrayLike, second: npt.ArrayLike, what: str) -> tuple[Floats, Floats]:
    """Return two sequences as arrays; raise DataError unless they are equally long and all values are finite."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape != other.shape or one.ndim != 1:
        raise DataError(f"{what}: shapes {one.shape} and {other.shape} cannot be paired; give one value per article")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise DataError(f"{what}: not all values are finite numbers; leave out articles without a value")
    return one, other


def require_within(scale: tuple[float, float], values: npt.ArrayLike, what: str) -> Floats:
    """Return the values, clipped to the scale; raise DataError if one is off it by more than 0.001 (rounding)."""
    low, high = scale
    array = np.asarray(values, dtype=np.float64)
    outside = np.flatnonzero(~((array >= low - 0.001) & (array <= high + 0.001)))  # NaN is outside, too
    if outside.size:
        raise DataError(f"{what}: {array[outside[0]]:g} at position {outside[0]} is not between {low:g} and {high:g}")
    return np.clip(array, low, high)


def subtract(first: Floats, second: Floats) -> Floats:
    """Subtract the second from the first, value by value; exactly 0 if the two differ only by rounding."""
    difference = first - second
    difference[np.abs(difference) <= _ROUNDING * np.maximum(np.abs(first), np.abs(second))] = 0.0
    return difference


def is_constant(rows: Floats) -> Booleans:
    """True for each row whose values differ only by rounding."""
    same: Booleans = np.ptp(rows, axis=1) <= _ROUNDING * np.abs(rows).max(axis=1)
    return same


def divide(numerator: Floats, denominator: Floats, above: float = 0.0) -> Floats:
    """Divide element by element; NaN unless the denominator is greater than ``above``."""
    divided: Floats = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > above)
    return divided


def stack_by_length(rows: Sequence[Floats]) -> Iterator[tuple[list[int], Floats]]:
    """Stack the rows of each length into one array; yield each array with the positions of its rows."""
    places: dict[int, list[int]] = {}
    for position, row in enumerate(rows):
        places.setdefault(row.size, []).append(position)
    for positions in places.values():
        yield positions, np.stack([rows[position] for position in positions])
