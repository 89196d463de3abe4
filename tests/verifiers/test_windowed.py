"""Combining the predictions for the windows of a long premise."""

from __future__ import annotations

from collections.abc import Sequence

from harness.records import Pair, Probabilities
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.windowed import WindowedVerifier


class Flaky(WindowedVerifier):
    """Contradicts windows with "king" and times out on the others."""

    def predict_windows(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [
            Prediction(Probabilities(0, 1, 0)) if "king" in pair.premise else abstain("timed out", transient=True)
            for pair in pairs
        ]


def test_verdict_is_transient_if_a_window_has_no_answer() -> None:
    premise = "The king left the old house. " + "A door was open all night. " * 20
    (verdict,) = Flaky(window_words=50, windows=2).verify([Pair(premise, "The king left a door open.")])
    assert (verdict.label, verdict.transient) == ("contradicted", True)
