"""Arrays of numbers, compared and divided with care for rounding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_ROUNDING = 1e-12  # relative difference below which two values are equal


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
