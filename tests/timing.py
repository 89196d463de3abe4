"""Times that say how the work grows, and nothing about the machine or what else it does."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

FLOOR = 0.05
"""Seconds that a smaller piece of work counts as at least: below, the clock says nothing."""


def growth(smaller: Callable[[], object], larger: Callable[[], object]) -> float:
    """How many times the processor time of ``smaller`` the ``larger`` takes; of each the best of three."""
    smaller()  # what is loaded by its first use is no part of it
    return _seconds(larger) / max(_seconds(smaller), FLOOR)


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        started = process_time()
        work()
        taken.append(process_time() - started)
    return min(taken)
