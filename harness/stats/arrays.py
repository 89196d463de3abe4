"""Checked arrays of numbers."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from harness.errors import DataError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

# Values that differ by less than this share of their size are equal but for rounding.
_ROUNDING = 1e-12


def checked(values: npt.ArrayLike, what: str) -> Floats:
    """``values`` as one row of finite numbers; DataError where one is not a finite number or they are no row."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise DataError(f"{what}: one value an article is expected, and an array of shape {array.shape} was found")
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise DataError(
            f"{what}: {array[bad[0]]} at position {bad[0]} is not a finite number ({bad.size} such of {array.size}); "
            "leave out what has no value, and count it as missing"
        )
    return array


def checked_pair(first: npt.ArrayLike, second: npt.ArrayLike, what: str) -> tuple[Floats, Floats]:
    """Two checked rows of one length, value by value of the same articles."""
    one, other = checked(first, what), checked(second, what)
    if one.size != other.size:
        raise DataError(f"{what}: {one.size} and {other.size} values cannot be paired; give the shared articles only")
    return one, other


def checked_shares(values: npt.ArrayLike, what: str) -> Floats:
    """Checked values that all lie in 0..1."""
    array = checked(values, what)
    outside = np.flatnonzero((array < 0) | (array > 1))
    if outside.size:
        raise DataError(f"{what}: {array[outside[0]]:g} at position {outside[0]} is no share; shares lie in 0..1")
    return array


def difference(first: Floats, second: Floats) -> Floats:
    """The first minus the second, value by value; 0 where the two are equal but for rounding."""
    size = np.maximum(np.abs(first), np.abs(second))
    between = first - second
    between[np.abs(between) <= _ROUNDING * size] = 0.0
    return between


def equal(first: float, second: float) -> bool:
    """Whether two numbers are equal but for rounding."""
    return math.isclose(first, second, rel_tol=_ROUNDING)


def alike(rows: Floats) -> Booleans:
    """Whether all values of a row are equal but for rounding, row by row."""
    size = np.abs(rows).max(axis=1)
    same: Booleans = np.ptp(rows, axis=1) <= _ROUNDING * size
    return same


def ratio(numerator: Floats, denominator: Floats, above: float = 0.0) -> Floats:
    """The ratio, element by element; NaN where the denominator is not ``above`` this."""
    divided: Floats = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > above)
    return divided


def codes(names: Sequence[Hashable]) -> Integers:
    """The number of each name: 0 for the first that is met, and the same for equal ones."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)


def stacked(rows: Sequence[Floats]) -> Iterator[tuple[list[int], Floats]]:
    """The rows of one length as one array, which is handled at once, after their positions; length by length."""
    places: dict[int, list[int]] = {}
    for position, row in enumerate(rows):
        places.setdefault(row.size, []).append(position)
    for positions in places.values():
        yield positions, np.stack([rows[position] for position in positions])
