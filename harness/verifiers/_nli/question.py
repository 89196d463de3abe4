"""A pair as a classifier is asked about it, and the prediction that its answers make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.records import Probabilities, Span
from harness.verifiers._nli.aggregate import Aggregation, Judged, Read, against, judged
from harness.verifiers._nli.pairs import Asked
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain

Answers = Mapping[Asked, Probabilities]


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

    def judged(self, answers: Answers, aggregation: Aggregation) -> Judged:
        reads = [Read(window, answers[asked]) for window, asked in zip(self.windows, self.asked, strict=True)]
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

    def predict(self, answers: Answers, aggregation: Aggregation) -> Prediction:
        """The best supported wording counts, against the best supported false version."""
        if self.closed is not None:
            return self.closed
        if any(math.isnan(answers[asked].supported) for asked in self.asked):
            return abstain("the numbers of the model overflow; set dtype: float32")
        best, wording = max((_judged(held, answers, aggregation) for held in self.wordings), key=_support)
        if not self.contrasts:
            return _decided(best, wording)
        false, contrast = max((_judged(held, answers, aggregation) for held in self.contrasts), key=_support)
        both = against(best.probabilities, false.probabilities.supported)
        if most_likely(both) == "contradicted" and false.probabilities.supported > best.probabilities.supported:
            return Prediction(both, false.supporting, f"the premise supports the false version: {contrast.statement}")
        return _decided(Judged(both, best.supporting, best.contradicting), wording)


def _judged(held: WindowedHypothesis, answers: Answers, aggregation: Aggregation) -> tuple[Judged, WindowedHypothesis]:
    return held.judged(answers, aggregation), held


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
