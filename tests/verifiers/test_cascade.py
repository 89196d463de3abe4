"""The cascade asks cheap verifiers first and reports which one decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from plugins_of_others import FailingVerifier

from harness.records import Pair, Probabilities, Span
from harness.verifiers.cascade import Cascade
from harness.verifiers.decide import Prediction, abstain
from harness.verifiers.predictive import PredictiveVerifier


class Scripted(PredictiveVerifier):
    """Predicts the probabilities that the hypothesis names, ``0.7 0.2 0.1``, and abstains if it names none."""

    name: str = ""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._prediction(pair) for pair in pairs]

    def _prediction(self, pair: Pair) -> Prediction:
        parts = [part for part in pair.hypothesis.split(";") if part.strip().startswith(self.name)]
        numbers = parts[0].split()[1:] if parts else []
        if not numbers:
            return abstain("nothing expected")
        return Prediction(Probabilities(*map(float, numbers)), Span(0, 1, pair.premise[0]), f"{self.name} says so")


class Never(PredictiveVerifier):
    """Fails if it is asked."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        raise AssertionError(f"asked about {len(pairs)} pairs")


def cascade(*steps: PredictiveVerifier, step_threshold: float = 0.9) -> Cascade:
    return Cascade(steps=steps, step_threshold=step_threshold)


class Words(Scripted):
    """Only its ``absent`` is conclusive."""

    conclusive = frozenset({"absent"})


A, B, WORDS = Scripted(name="a"), Scripted(name="b"), Words(name="a")
KIND = Scripted.kind()
CANNOT_DECIDE = "cannot decide that a statement is supported; add a stronger verifier to steps"


def test_step_is_final_from_the_step_threshold() -> None:
    asked = [Pair("p", "a 0.03 0.02 0.95; b 0.97 0.02 0.01")]
    labels = [cascade(A, B, step_threshold=least).verify(asked)[0].label for least in (0.9, 0.96)]
    assert labels == ["absent", "supported"]
    assert cascade(A, Never()).verify(asked)[0].label == "absent"


def test_only_undecided_pairs_go_on_in_order() -> None:
    pairs = [Pair("p", "a 0.95 0.03 0.02"), Pair("p", "a 0.5 0.3 0.2; b 0.01 0.98 0.01"), Pair("p", "a 0.02 0.03 0.95")]
    found = [verdict.probabilities.values for verdict in cascade(A, B).verify(pairs)]
    assert found == [(0.95, 0.03, 0.02), (0.01, 0.98, 0.01), (0.02, 0.03, 0.95)]


@pytest.mark.parametrize(
    ("steps", "hypothesis", "label", "reason"),
    [
        ((A, B), "a 0.95 0.03 0.02; b 0.1 0.1 0.8", "supported", f"decided by {KIND}: a says so"),
        ((A, B), "a 0.5 0.3 0.2; b 0.8 0.1 0.1", "supported", f"decided by {KIND}, the last step: b says so"),
        ((A, B), "a 0.6 0.3 0.1", "supported", f"decided by {KIND}, the last step: a says so"),  # b abstains
        ((A, B), "nobody knows", "uncertain", "nothing expected"),
        # an inconclusive label does not count, however confident
        ((WORDS, B), "a 0.99 0.01 0; b 0.02 0.97 0.01", "contradicted", f"decided by {KIND}: b says so"),
        ((WORDS, B), "a 0 0.01 0.99; b 0.97 0.02 0.01", "absent", f"decided by {Words.kind()}: a says so"),
        ((WORDS, B), "a 0.1 0.05 0.85", "absent", f"decided by {Words.kind()}, the last step: a says so"),
        ((WORDS, B), "a 0.85 0.05 0.1", "uncertain", "nothing expected"),
        ((WORDS,), "a 0.99 0.01 0", "uncertain", f"{Words.kind()} alone {CANNOT_DECIDE}: a says so"),
    ],
)
def test_verdict_says_which_step_decided(steps: tuple[Scripted, ...], hypothesis: str, label: str, reason: str) -> None:
    (verdict,) = cascade(*steps).verify([Pair("p", hypothesis)])
    assert (verdict.label, verdict.reason) == (label, reason)


@pytest.mark.parametrize(
    ("step", "own", "hypothesis", "label"),
    [
        ({"decisions": "strict"}, {}, "a 0.57 0.03 0.4", "uncertain"),
        ({"threshold": 0.3}, {}, "a 0.35 0.05 0.6", "supported"),
        ({"contradicted_share": 0.8}, {}, "a 0.1 0.6 0.3", "absent"),
        # the cascade's own thresholds apply to all steps
        ({"decisions": "strict"}, {"threshold": 0.5}, "a 0.57 0.03 0.4", "supported"),
        ({"decisions": "lenient"}, {"decisions": "strict"}, "a 0.57 0.03 0.4", "uncertain"),
    ],
)
def test_deciding_step_thresholds_apply(step: dict[str, Any], own: dict[str, Any], hypothesis: str, label: str) -> None:
    (verdict,) = Cascade(steps=(Scripted(name="a", **step),), **own).verify([Pair("p", hypothesis)])
    assert verdict.label == label


def test_thresholds_of_a_cascade_do_not_make_an_inconclusive_label_count() -> None:
    (verdict,) = Cascade(steps=(WORDS,), threshold=0.3).verify([Pair("p", "a 0.44 0.06 0.5")])
    assert (verdict.label, verdict.abstained) == ("uncertain", True)


class Down(Scripted):
    """A server that times out."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [abstain("the server timed out", transient=True) for _ in pairs]


def test_verdict_is_transient_if_a_later_step_fails() -> None:
    (verdict,) = cascade(A, Down()).verify([Pair("p", "a 0.6 0.3 0.1")])
    assert (verdict.label, verdict.transient) == ("supported", True)
    assert verdict.reason == f"decided by {KIND}, the last step: a says so; {Down.kind()}: the server timed out"
    (silent,) = cascade(A, Down()).verify([Pair("p", "nobody knows")])
    assert (silent.label, silent.transient, silent.reason) == ("uncertain", True, "the server timed out")


def test_step_with_too_few_verdicts_is_named() -> None:
    with pytest.raises(ValueError, match="FailingVerifier returned 0 of 1 verdicts"):
        Cascade(steps=(FailingVerifier(gives="less"),)).verify([Pair("p", "They protested.")])
