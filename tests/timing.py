"""How processor time grows with the work, independent of the machine's speed and load."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

FLOOR = 0.05
"""Minimum seconds counted for the smaller work; below, the clock is too coarse."""


def growth(smaller: Callable[[], object], larger: Callable[[], object]) -> float:
    """The ratio of processor times, larger to smaller, each the best of three."""
    smaller()  # imports on first use do not count
    return _seconds(larger) / max(_seconds(smaller), FLOOR)


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        started = process_time()
        work()
        taken.append(process_time() - started)
    return min(taken)
