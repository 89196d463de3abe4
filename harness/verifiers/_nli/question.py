"""A pair as a classifier is asked about it, window by window, and the prediction that its answers make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.records import Probabilities, Span
from harness.verifiers._nli.pairs import Asked
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain

Aggregation = Literal["max", "strongest"]
Predictions = Mapping[Asked, Probabilities]
"""What a classifier makes of each pair."""


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


@dataclass(frozen=True, slots=True)
class WindowedHypothesis:
    """A statement and the windows of the premise that it is held against: one at least."""

    statement: str
    windows: Sequence[Span]
    left_out: int
    """How many windows of the premise are not read for it."""

    @property
    def asked(self) -> list[Asked]:
        return [Asked(window.text, self.statement) for window in self.windows]

    def judged(self, predictions: Predictions, aggregation: Aggregation) -> Judged:
        reads = [Read(window, predictions[asked]) for window, asked in zip(self.windows, self.asked, strict=True)]
        return judged(reads, aggregation)


@dataclass(frozen=True, slots=True)
class Question:
    """The wordings of a hypothesis and its false versions, each held against the premise."""

    wordings: Sequence[WindowedHypothesis] = ()
    contrasts: Sequence[WindowedHypothesis] = ()
    closed: Prediction | None = None
    """The prediction where there is nothing to ask; None where there is a wording."""

    @property
    def asked(self) -> list[Asked]:
        return [asked for held in (*self.wordings, *self.contrasts) for asked in held.asked]

    def predict(self, predictions: Predictions, aggregation: Aggregation) -> Prediction:
        """The best supported wording counts, against the best supported false version."""
        if self.closed is not None:
            return self.closed
        if any(math.isnan(predictions[asked].supported) for asked in self.asked):
            return abstain("the numbers of the model overflow; set dtype: float32")
        best, wording = max((_judged(held, predictions, aggregation) for held in self.wordings), key=_support)
        if not self.contrasts:
            return _decided(best, wording)
        false, contrast = max((_judged(held, predictions, aggregation) for held in self.contrasts), key=_support)
        both = against(best.probabilities, false.probabilities.supported)
        if most_likely(both) == "contradicted" and false.probabilities.supported > best.probabilities.supported:
            return Prediction(both, false.supporting, f"the premise supports the false version: {contrast.statement}")
        return _decided(Judged(both, best.supporting, best.contradicting), wording)


def _judged(
    held: WindowedHypothesis, predictions: Predictions, aggregation: Aggregation
) -> tuple[Judged, WindowedHypothesis]:
    return held.judged(predictions, aggregation), held


def _support(entry: tuple[Judged, WindowedHypothesis]) -> float:
    return entry[0].probabilities.supported


def _decided(best: Judged, held: WindowedHypothesis) -> Prediction:
    match most_likely(best.probabilities):
        case "supported":
            return Prediction(best.probabilities, best.supporting)
        case "contradicted":
            return Prediction(best.probabilities, best.contradicting)
    read, there = len(held.windows), len(held.windows) + held.left_out
    cut = f"of {there:,} windows the {read:,} were read that share the most words with the statement"
    return Prediction(best.probabilities, reason=cut if held.left_out else None)


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
