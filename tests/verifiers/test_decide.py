"""From a prediction to a label: each threshold, and what it is taken for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from pydantic import ValidationError

from harness.records import Label, Pair, Probabilities
from harness.verifiers.decide import Band, Thresholds, decide, most_likely
from harness.verifiers.prediction import Prediction, PredictiveVerifier, abstain

DEFAULT = Thresholds()


class Fixed(PredictiveVerifier):
    """Predicts the same of every pair."""

    prediction: Prediction

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self.prediction for _ in pairs]


def predicted(
    supported: float, contradicted: float, *, of_article: bool = False, unexplained: bool = False
) -> Prediction:
    absent = 1 - supported - contradicted
    return Prediction(Probabilities(supported, contradicted, absent), of_article=of_article, unexplained=unexplained)


@pytest.mark.parametrize(
    ("prediction", "label"),
    [
        (predicted(0.51, 0.2), "supported"),
        (predicted(0.49, 0.2), "uncertain"),
        (predicted(0.2, 0.2), "absent"),
        # What the rest of a long premise may say otherwise takes .86; contradicted is called from a half on.
        (predicted(0.85, 0.1, of_article=True), "uncertain"),
        (predicted(0.89, 0.1, of_article=True), "supported"),
        (predicted(0.4, 0.49, of_article=True), "uncertain"),
        (predicted(0.4, 0.51, of_article=True, unexplained=True), "contradicted"),
        # Contradicted takes .6; where values were compared and none conflicts .7.
        (predicted(0.2, 0.59), "uncertain"),
        (predicted(0.2, 0.61), "contradicted"),
        (predicted(0.2, 0.69, unexplained=True), "uncertain"),
        (predicted(0.2, 0.71, unexplained=True), "contradicted"),
    ],
)
def test_each_label_has_its_threshold(prediction: Prediction, label: Label) -> None:
    assert decide(prediction, DEFAULT).label == label


def test_an_undecided_label_says_what_it_lacks() -> None:
    decision = decide(predicted(0.2, 0.65, unexplained=True), DEFAULT)
    assert decision.reason == "the likeliest answer has 0.65 and needs 0.7"
    almost = decide(predicted(0.8599, 0.1, of_article=True), DEFAULT)
    assert almost.reason == "the likeliest answer has 0.85 and needs 0.86"


def test_a_threshold_that_is_raised_raises_those_above_it() -> None:
    strict = Thresholds(threshold=0.9, contradiction_threshold=0.95)
    assert decide(predicted(0.89, 0.1), strict).label == "uncertain"
    assert decide(predicted(0.02, 0.94, unexplained=True), strict).label == "uncertain"
    assert decide(predicted(0.02, 0.96, unexplained=True), strict).label == "contradicted"


@pytest.mark.parametrize(
    ("prediction", "reason"),
    [
        (predicted(0.89, 0.1, of_article=True), None),
        (predicted(0.6, 0.3, of_article=True), "18 there; the likeliest answer has 0.60 and needs 0.86"),
        (predicted(0.1, 0.9), "18 there"),
    ],
)
def test_what_the_premise_has_otherwise_is_told_unless_the_label_is_supported(
    prediction: Prediction, reason: str | None
) -> None:
    """Also of what is undecided, though supported is likeliest: it says what to look at."""
    (verdict,) = Fixed(prediction=replace(prediction, objection="18 there")).verify([Pair("17 here.", "18 here.")])
    assert verdict.reason == reason


def test_who_abstains_is_undecided_whatever_the_numbers() -> None:
    decision = decide(abstain("no answer came"), Thresholds(threshold=0.34))
    assert (decision.label, decision.reason) == ("uncertain", "no answer came")


def test_three_equal_probabilities_are_a_prediction_like_any_other() -> None:
    assert decide(predicted(1 / 3, 1 / 3), DEFAULT).reason == "the likeliest answer has 0.33 and needs 0.5"


def test_a_band_decides_in_place_of_the_threshold_and_contradicted_keeps_its_own() -> None:
    band = Band(low=0.2, threshold=0.25, high=0.3)
    labels = [decide(each, DEFAULT, band).label for each in (predicted(0.31, 0.1), predicted(0.29, 0.1))]
    assert labels == ["supported", "uncertain"]
    assert decide(predicted(0.1, 0.65, unexplained=True), DEFAULT, band).label == "uncertain"
    assert decide(predicted(0.1, 0.65), DEFAULT, band).label == "contradicted"


def test_of_equal_probabilities_the_more_careful_label_is_likeliest() -> None:
    assert most_likely(Probabilities(0.5, 0.5, 0.0)) == "contradicted"
    assert most_likely(Probabilities(0.5, 0.0, 0.5)) == "absent"


def test_thresholds_below_a_third_are_refused() -> None:
    """Of three labels one always has a third."""
    with pytest.raises(ValidationError):
        Thresholds(threshold=0.3)
