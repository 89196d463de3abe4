"""A premise too long for one prompt: it is read in windows, and the window that decides gives the prediction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import Field

from harness.checker_en.windows import Retrieved, index
from harness.records import Pair, Span
from harness.text import words
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, PredictiveVerifier, abstain


class WindowedVerifier(PredictiveVerifier):
    """A verifier that is asked about premises of limited length; ``predict_windows`` is its one method."""

    window_words: int = Field(2000, ge=50)
    """Words of a premise that are read at once; a longer one is read in windows of whole sentences."""
    windows: int = Field(4, ge=1)
    """Windows of a long premise that are read, those that share the most with the hypothesis; reasons say how many."""

    def predict_windows(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order; each premise and hypothesis has words, and no premise is over the limit."""
        raise NotImplementedError

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        retrieved = [_retrieved(pair, self.window_words, self.windows) for pair in pairs]
        requests = [
            replace(pair, premise=window.text)
            for pair, read in zip(pairs, retrieved, strict=True)
            for window in read.windows
        ]
        answers = iter(self.predict_windows(requests) if requests else ())
        return [_prediction(read, answers) for read in retrieved]


def _retrieved(pair: Pair, limit: int, most: int) -> Retrieved:
    """The windows that are read: the whole premise where it fits; none where the hypothesis has no words."""
    if not words(pair.hypothesis):
        return Retrieved((), 0)
    indexed = index(pair.premise, "chunk", limit)
    if len(indexed.windows) <= 1:
        return Retrieved((Span(0, len(pair.premise), pair.premise),), 0)
    return indexed.best(" ".join((pair.hypothesis, *pair.accepted)), most)


def _prediction(read: Retrieved, answers: Iterator[Prediction]) -> Prediction:
    """The prediction of a pair from those of its windows, which are next in ``answers``."""
    predictions = [_moved(next(answers), window.start) for window in read.windows]
    if not predictions:
        return abstain("the statement has no words")
    prediction = _decisive(predictions)
    if len(predictions) == 1 and not read.left_out:
        return prediction
    note = f"the premise was read in windows, {len(predictions)} of {len(predictions) + read.left_out}"
    return replace(prediction, reason=f"{prediction.reason}; {note}" if prediction.reason else note)


def _decisive(predictions: Sequence[Prediction]) -> Prediction:
    """The prediction of the window that speaks clearest for or against the hypothesis.

    A window without an answer may hold what the others lack: then nothing is absent, no label can be given. One that
    has no answer this time is asked again, whatever the others say.
    """
    answered = [prediction for prediction in predictions if not prediction.abstained]
    clearest = max(
        answered,
        key=lambda each: max(each.probabilities.supported, each.probabilities.contradicted),
        default=predictions[0],
    )
    silent = next((prediction for prediction in predictions if prediction.abstained), None)
    decisive = silent if silent and most_likely(clearest.probabilities) == "absent" else clearest
    return replace(decisive, transient=any(prediction.transient for prediction in predictions))


def _moved(prediction: Prediction, by: int) -> Prediction:
    span = prediction.evidence
    return prediction if span is None else replace(prediction, evidence=Span(span.start + by, span.end + by, span.text))
