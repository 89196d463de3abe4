"""The base class of verifiers that read long premises in windows; the clearest window decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from harness.checker_en.windows import Retrieved, index
from harness.records import Pair, Span
from harness.text import words
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.predictive import PredictiveVerifier


class WindowedVerifier(PredictiveVerifier):
    """A verifier that reads premises of limited length; subclasses implement only ``predict_windows``."""

    window_words: int = Field(2000, ge=50)
    """Maximum words of a premise to read at once; longer premises are read in windows of whole sentences."""
    windows: int = Field(4, ge=1)
    """Number of windows to read of a long premise: those that share the most words with the hypothesis. The verdict's
    reason states how many were read."""

    def predict_windows(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict each pair, in order; premises and hypotheses have words, and no premise exceeds the limit."""
        raise NotImplementedError

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        retrieved = [_retrieve(pair, self.window_words, self.windows) for pair in pairs]
        requests = [
            replace(pair, premise=window.text)
            for pair, read in zip(pairs, retrieved, strict=True)
            for window in read.windows
        ]
        answers = iter(self.predict_windows(requests) if requests else ())
        return [_combine(read, [_shift(next(answers), each.start) for each in read.windows]) for read in retrieved]


def _retrieve(pair: Pair, limit: int, most: int) -> Retrieved:
    """Choose the windows to read: the whole premise if it fits, none if the hypothesis has no words."""
    if not words(pair.hypothesis):
        return Retrieved((), 0)
    indexed = index(pair.premise, "chunk", limit)
    if len(indexed.windows) <= 1:
        return Retrieved((Span(0, len(pair.premise), pair.premise),), 0)
    return indexed.best(" ".join((pair.hypothesis, *pair.accepted)), most)


def _shift(prediction: Prediction, by: int) -> Prediction:
    span = prediction.evidence
    return prediction if span is None else replace(prediction, evidence=Span(span.start + by, span.end + by, span.text))


def _combine(read: Retrieved, predictions: Sequence[Prediction]) -> Prediction:
    """Return the prediction of the window that is clearest for or against the hypothesis.

    If a window got no answer, the hypothesis is not called absent, because that window may state it.
    """
    if not predictions:
        return abstain("the statement has no words")
    clearest = max(
        (prediction for prediction in predictions if not prediction.abstained),
        key=lambda each: max(each.probabilities.supported, each.probabilities.contradicted),
        default=predictions[0],
    )
    silent = next((prediction for prediction in predictions if prediction.abstained), None)
    decisive = silent if silent and most_likely(clearest.probabilities) == "absent" else clearest
    decisive = replace(decisive, transient=any(prediction.transient for prediction in predictions))
    if len(predictions) == 1 and not read.left_out:
        return decisive
    note = f"{len(predictions)} of {len(predictions) + read.left_out} windows of the premise were read"
    return replace(decisive, reason=f"{decisive.reason}; {note}" if decisive.reason else note)
