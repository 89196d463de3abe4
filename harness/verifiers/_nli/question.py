"""A pair as a classifier is asked about it, window by window, and the prediction that its answers make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.records import Probabilities, Span
from harness.verifiers._nli.pairs import WindowPair
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.probabilities import against

Aggregation = Literal["max", "strongest"]
Predictions = Mapping[WindowPair, Probabilities]
"""The probabilities that a classifier gives each pair."""


@dataclass(frozen=True, slots=True)
class WindowReading:
    """A window, and what the classifier makes of a hypothesis there."""

    window: Span
    probabilities: Probabilities

    @property
    def decisiveness(self) -> float:
        """The probability that the window decides the hypothesis, either way."""
        return self.probabilities.supported + self.probabilities.contradicted


@dataclass(frozen=True, slots=True)
class PremiseReading:
    """What the windows of a premise together make of a hypothesis."""

    probabilities: Probabilities
    supporting: Span
    """The window that supports it most."""
    contradicting: Span
    """The window that decides most of it, either way: if it is contradicted, there."""


@dataclass(frozen=True, slots=True)
class WindowedHypothesis:
    """A hypothesis and the windows of the premise that it is held against: one at least."""

    hypothesis: str
    windows: Sequence[Span]
    left_out: int
    """How many windows of the premise are not read for it."""

    @property
    def pairs(self) -> list[WindowPair]:
        return [WindowPair(window.text, self.hypothesis) for window in self.windows]

    def aggregated(self, predictions: Predictions, aggregation: Aggregation) -> PremiseReading:
        reads = [
            WindowReading(window, predictions[pair]) for window, pair in zip(self.windows, self.pairs, strict=True)
        ]
        return aggregated(reads, aggregation)


@dataclass(frozen=True, slots=True)
class Question:
    """The wordings of a hypothesis and its false versions, each held against the premise."""

    wordings: Sequence[WindowedHypothesis] = ()
    contrasts: Sequence[WindowedHypothesis] = ()
    abstention: Prediction | None = None
    """The prediction where there is nothing to ask; None where there is a wording."""

    @property
    def pairs(self) -> list[WindowPair]:
        return [pair for hypothesis in (*self.wordings, *self.contrasts) for pair in hypothesis.pairs]

    def predict(self, predictions: Predictions, aggregation: Aggregation) -> Prediction:
        """The best supported wording counts, against the best supported false version."""
        if self.abstention is not None:
            return self.abstention
        if any(math.isnan(predictions[pair].supported) for pair in self.pairs):
            return abstain("the numbers of the model overflow; set dtype: float32")
        best, wording = _best(self.wordings, predictions, aggregation)
        if not self.contrasts:
            return _decided(best, wording)
        false, contrast = _best(self.contrasts, predictions, aggregation)
        both = against(best.probabilities, false.probabilities.supported)
        if most_likely(both) == "contradicted" and false.probabilities.supported > best.probabilities.supported:
            return Prediction(both, false.supporting, f"the premise supports the false version: {contrast.hypothesis}")
        return _decided(PremiseReading(both, best.supporting, best.contradicting), wording)


def _best(
    hypotheses: Sequence[WindowedHypothesis], predictions: Predictions, aggregation: Aggregation
) -> tuple[PremiseReading, WindowedHypothesis]:
    """The hypothesis that the premise supports most, after its reading."""
    readings = [(hypothesis.aggregated(predictions, aggregation), hypothesis) for hypothesis in hypotheses]
    return max(readings, key=lambda entry: entry[0].probabilities.supported)


def _decided(best: PremiseReading, hypothesis: WindowedHypothesis) -> Prediction:
    match most_likely(best.probabilities):
        case "supported":
            return Prediction(best.probabilities, best.supporting)
        case "contradicted":
            return Prediction(best.probabilities, best.contradicting)
    read, there = len(hypothesis.windows), len(hypothesis.windows) + hypothesis.left_out
    cut = f"of {there:,} windows the {read:,} were read that share the most words with the statement"
    return Prediction(best.probabilities, reason=cut if hypothesis.left_out else None)


def aggregated(reads: Sequence[WindowReading], aggregation: Aggregation) -> PremiseReading:
    """The reading of the premise from those of its windows, at least one.

    ``max``: P(supported) is the highest of any window (SummaC's zero-shot rule). What that leaves is contradicted or
    absent in the proportion of the window that decides most, either way: that one speaks of the hypothesis, where a
    neutral one speaks of something else. ``strongest``: that window's probabilities alone, so that a sure
    contradiction in one place outweighs a weak support in another.
    """
    supporting = max(reads, key=lambda read: read.probabilities.supported)
    deciding = max(reads, key=lambda read: read.decisiveness)
    if aggregation == "strongest":
        return PremiseReading(deciding.probabilities, deciding.window, deciding.window)
    left = 1 - supporting.probabilities.supported
    other = deciding.probabilities.contradicted + deciding.probabilities.absent
    contradicted = left * deciding.probabilities.contradicted / other if other else 0.0
    probabilities = Probabilities(supporting.probabilities.supported, contradicted, max(0.0, left - contradicted))
    return PremiseReading(probabilities, supporting.window, deciding.window)
