from __future__ import annotations

import pytest

from harness.records import Label, Probabilities
from harness.verifiers.decide import Band, Prediction, Thresholds, abstain, decide, most_likely
from harness.verifiers.lexical import Lexical

BAND = Band(low=0.4, threshold=0.5, high=0.6)


def prediction(supported: float, contradicted: float, *, of_article: bool = False) -> Prediction:
    return Prediction(Probabilities(supported, contradicted, 1 - supported - contradicted), of_article=of_article)


@pytest.mark.parametrize(
    ("supported", "contradicted", "label"),
    [
        (0.60, 0.40, "supported"),  # support is decided first, whatever the rest says
        (0.59, 0.41, "uncertain"),
        (0.40, 0.00, "uncertain"),
        (0.39, 0.31, "contradicted"),  # .31 of .61 is more than half
        (0.39, 0.30, "absent"),  # .30 of .61 is less
        (0.00, 0.50, "contradicted"),
    ],
)
def test_support_is_decided_first_then_the_kind_of_failure(supported: float, contradicted: float, label: Label) -> None:
    assert decide(prediction(supported, contradicted), Thresholds(), BAND).label == label


def test_larger_contradicted_share_calls_fewer_hypotheses_contradicted() -> None:
    weak = prediction(0.1, 0.5)  # .5 of .9 is .56
    assert decide(weak, Thresholds(), BAND).label == "contradicted"
    assert decide(weak, Thresholds(contradicted_share=0.6), BAND).label == "absent"


@pytest.mark.parametrize("options", [Thresholds, Lexical])
def test_presets_are_ordered_and_stricter_for_articles(options: type[Thresholds]) -> None:
    highs = [[options(decisions=preset).band(of_article).high for preset in ("strict", "balanced", "lenient")]
             for of_article in (False, True)]  # fmt: skip  # one table
    assert all(strict > balanced > lenient for strict, balanced, lenient in highs)
    likely = highs[0][1]
    assert decide(prediction(likely, 0.0), options()).label == "supported"
    assert decide(prediction(likely, 0.0, of_article=True), options()).label != "supported"


def test_threshold_leaves_nothing_undecided() -> None:
    options = Thresholds(threshold=0.7)
    assert decide(prediction(0.7, 0.3), options).label == "supported"
    assert decide(prediction(0.69, 0.31), options).label == "contradicted"


def test_undecided_verdict_has_a_reason() -> None:
    decision = decide(prediction(0.5, 0.2), Thresholds(), BAND)
    assert decision.reason == "P(supported) is 0.50; verdicts from 0.40 to 0.60 are undecided"
    silent = decide(abstain("the server is busy"), Thresholds(threshold=0.0))
    assert (silent.label, silent.reason) == ("uncertain", "the server is busy")


def test_more_cautious_of_two_equally_likely_labels_wins() -> None:
    assert most_likely(Probabilities(0.5, 0.5, 0.0)) == "contradicted"
    assert most_likely(Probabilities(0.4, 0.2, 0.4)) == "absent"
