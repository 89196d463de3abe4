"""Holm's correction: many comparisons, one error rate for all of them.

statsmodels has it too, for p values that are all there; it would bring pandas to every user for this one loop. The
tests hold ours against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import DataError


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """The p values corrected for each other, in their order (Holm 1979); those that are None stay so and do not count.

    Rejecting where the corrected p is at most alpha keeps the chance of any false rejection at or below alpha, whatever
    the dependence between the tests. DataError for a p outside of 0..1.
    """
    wrong = next((value for value in p if value is not None and not 0 <= value <= 1), None)
    if wrong is not None:
        raise DataError(f"{wrong} is no p value; give values in 0..1, and None where a test was not made")
    ordered = sorted((value, position) for position, value in enumerate(p) if value is not None)
    corrected: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, position) in enumerate(ordered):
        largest = max(largest, min(1.0, (len(ordered) - rank) * value))
        corrected[position] = largest
    return tuple(corrected)
