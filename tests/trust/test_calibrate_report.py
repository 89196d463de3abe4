"""What ``harness calibrate`` prints: the change, and what cannot be concluded from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harness.data.pairs import HumanLabel
from harness.records import Agreement
from harness.stats.agreement import SAME, Figure
from harness.trust.calibrate_report import document
from harness.trust.crossfit import Calibrated, LabelledPredictions, Labels, MeasureChange, crossfit
from harness.verifiers.calibration import File


@pytest.fixture(scope="module")
def calibrated() -> Calibrated:
    """Eighty labels of ten groups that agree with the probabilities."""
    scores = np.linspace(0.05, 0.95, 80)
    probabilities = np.stack([scores, (1 - scores) / 3, (1 - scores) * 2 / 3], axis=1)
    said: list[HumanLabel] = ["supported" if score > 0.5 else "unsupported" for score in scores]
    given = LabelledPredictions(probabilities, Labels.of_people(said), np.arange(80) % 10, 0.5)
    found = crossfit(given, np.where(scores > 0.5, 0, 2), 0.4, np.random.default_rng(0))
    agreement = Agreement("labels.jsonl", 10, 80, 0.9, 0.9, 0.1, "its calibration", "2026-11-25")
    file = File(
        format=1, made_by="test", verifier="v|code:0", recalibration=found.recalibration, decision=found.decision,
        agreement=agreement, groups=(), report={},
    )  # fmt: skip  # one record
    return Calibrated(found, 0, 0, 0, file)


UNCLEAR = "These labels do not show whether the balanced accuracy is better than before."
WORSE = "The balanced accuracy is worse than before: do not use this calibration for its sake."


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (Figure(0.105, 0.01, 0.2), []),
        (Figure(0.095, -0.01, 0.2), [UNCLEAR]),
        (Figure(-0.105, -0.2, -0.01), [WORSE]),
        (Figure(0.5, reason=SAME), []),
        (Figure(-0.5, reason=SAME), [WORSE]),
        (Figure(0.5, reason="4 groups; an interval needs at least 8"), [UNCLEAR]),
    ],
)
def test_unclear_and_worse_changes_are_cautioned(calibrated: Calibrated, gain: Figure, said: list[str]) -> None:
    change = MeasureChange("balanced accuracy", Figure(0.5), Figure(1.0), gain)
    changed = replace(calibrated, crossfit=replace(calibrated.crossfit, balanced_accuracy=change))
    assert [each for each in document("v", changed).cautions if "balanced accuracy" in each] == said


def test_lower_calibration_error_is_an_improvement(calibrated: Calibrated) -> None:
    lower = MeasureChange("expected calibration error", Figure(0.2), Figure(0.1), Figure(-0.1, -0.15, -0.05), False)
    better = replace(calibrated, crossfit=replace(calibrated.crossfit, calibration_error=lower))
    assert not [each for each in document("v", better).cautions if "calibration error" in each]


def test_answer_describes_the_fit(calibrated: Calibrated) -> None:
    found = document("v", calibrated)
    assert found.title == "v on labels.jsonl"
    assert found.answer[0] == "80 labels in 10 groups, 40 of them supported."
    assert found.answer[1] == "Recalibrated by weights for supported and for the rest, and a bias for supported."
    assert "5 folds of groups" in found.answer[-1]


def test_warning_of_fitted_labels_comes_first(calibrated: Calibrated) -> None:
    agreement = replace(calibrated.file.agreement, caution="v was fitted to labels.jsonl.")
    file = calibrated.file.model_copy(update={"agreement": agreement})
    assert document("v", replace(calibrated, file=file, skipped=2)).cautions[0] == "v was fitted to labels.jsonl."


def test_rows_left_out_are_counted(calibrated: Calibrated) -> None:
    left_out = replace(calibrated, skipped=1, edits=2, unsure=3)
    counts = [each.rpartition(": ")[2] for each in document("v", left_out).cautions if each.startswith("Left out")]
    assert counts == ["1 row.", "2 pairs.", "3 rows."]
