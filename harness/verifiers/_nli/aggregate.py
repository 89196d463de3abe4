"""From what a classifier makes of each window to what it makes of the premise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.records import Probabilities, Span

Aggregation = Literal["max", "strongest"]


@dataclass(frozen=True, slots=True)
class Read:
    """A window and what the classifier makes of a statement there."""

    window: Span
    probabilities: Probabilities

    @property
    def says(self) -> float:
        """How much of the statement the window decides, either way."""
        return self.probabilities.supported + self.probabilities.contradicted


@dataclass(frozen=True, slots=True)
class Judged:
    """What a premise makes of a statement."""

    probabilities: Probabilities
    supporting: Span
    """The window that supports it most."""
    contradicting: Span
    """The window that decides most of it, either way: if it is contradicted, there."""


def judged(reads: Sequence[Read], aggregation: Aggregation) -> Judged:
    """One judgement from at least one window.

    ``max``: P(supported) is the highest of any window (SummaC's zero-shot rule). What that leaves is contradicted or
    absent in the proportion of the window that decides most, either way: that one speaks of the statement, where a
    neutral one speaks of something else. ``strongest``: that window's probabilities alone, so that a sure
    contradiction in one place outweighs a weak support in another.
    """
    supporting = max(reads, key=lambda read: read.probabilities.supported)
    deciding = max(reads, key=lambda read: read.says)
    if aggregation == "strongest":
        return Judged(deciding.probabilities, deciding.window, deciding.window)
    left = 1 - supporting.probabilities.supported
    other = deciding.probabilities.contradicted + deciding.probabilities.absent
    contradicted = left * deciding.probabilities.contradicted / other if other else 0.0
    probabilities = Probabilities(supporting.probabilities.supported, contradicted, max(0.0, left - contradicted))
    return Judged(probabilities, supporting.window, deciding.window)


def against(alone: Probabilities, contrast: float) -> Probabilities:
    """A statement's probabilities where its false version is supported with the probability ``contrast``.

    The two share the support that they claim, as a premise that supports one contradicts the other; and what the
    premise says nothing of by the statement, it contradicts as far as it supports the false version.
    """
    claimed = alone.supported + contrast
    supported = alone.supported * alone.supported / claimed if claimed else 0.0
    absent = alone.absent * (1 - contrast)
    return Probabilities(supported, max(0.0, 1 - supported - absent), absent)
