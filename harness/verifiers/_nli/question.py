"""A hypothesis as a classifier is asked about it, window by window, and the prediction that its answers make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.records import Probabilities, Span
from harness.verifiers._nli.pairs import WindowPair
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain

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

    def predict(self, predictions: Predictions, aggregation: Aggregation) -> Prediction:
        """The prediction from the probabilities of all windows."""
        read = [WindowReading(window, predictions[pair]) for window, pair in zip(self.windows, self.pairs, strict=True)]
        if any(math.isnan(each.probabilities.supported) for each in read):
            return abstain("the numbers of the model overflow; set dtype: float32")
        reading = aggregated(read, aggregation)
        match most_likely(reading.probabilities):
            case "supported":
                return Prediction(reading.probabilities, reading.supporting)
            case "contradicted":
                return Prediction(reading.probabilities, reading.contradicting)
        windows = f"of {len(read) + self.left_out:,} windows the {len(read):,} were read"
        cut = f"{windows} that share the most words with the statement"
        return Prediction(reading.probabilities, reason=cut if self.left_out else None)


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
