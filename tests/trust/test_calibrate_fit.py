"""Fitting a calibration: distortions that it undoes, fits on random labels, and the cautions of the report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from harness.data.pairs import HumanLabel
from harness.errors import UsageError
from harness.records import Agreement, Probabilities
from harness.stats.agreement import SAME, Figure
from harness.stats.arrays import Booleans, Floats, Integers
from harness.trust import crossfit as fit
from harness.trust.calibrate import CalibrationResult, document
from harness.trust.crossfit import (
    AUC,
    BALANCED_ACCURACY,
    CALIBRATION_ERROR,
    MACRO_F1,
    Crossfit,
    LabelledPredictions,
    MeasureChange,
    crossfit,
    list_possible,
)
from harness.verifiers.calibration import File, Method

THREE: tuple[HumanLabel, ...] = ("supported", "contradicted", "absent")


def simulate(rows: int, seed: int = 0) -> tuple[Floats, list[HumanLabel]]:
    """Return calibrated probabilities, and labels drawn from them."""
    rng = np.random.default_rng(seed)
    found = rng.dirichlet([0.7, 0.5, 0.7], rows)
    drawn = (rng.random(rows)[:, None] > found.cumsum(axis=1)).sum(axis=1)
    return found, [THREE[number] for number in np.minimum(drawn, 2)]


def distort(found: Floats, weights: Floats, biases: Floats) -> Floats:
    return np.asarray(softmax(np.log(found) * weights + biases, axis=1))


def run_crossfit(found: Floats, labels: list[HumanLabel], groups: Integers) -> Crossfit:
    """Crossfit a verifier that always gives the most likely label."""
    given = LabelledPredictions(found, list_possible(labels), groups, 0.5)
    return crossfit(given, found.argmax(axis=1), 0.4, np.random.default_rng(0))


def brier(found: Floats, truth: Booleans) -> float:
    return float(((found[:, 0] - truth) ** 2).mean())


@pytest.mark.parametrize(("method", "few"), [("temperature", 400), ("two-way", 4_000), ("vector", 4_000)])
def test_recalibration_undoes_a_distortion(method: Method, few: int) -> None:
    right, labels = simulate(few)
    weights, biases = np.full(3, 3.0), np.zeros(3)
    if method != "temperature":
        biases[0] = 1.0
    wrong = distort(right, weights, biases)
    said = list_possible(labels if method == "vector" else [_merge(label) for label in labels])
    found = fit.fit_recalibration(wrong, said, method)
    truth = said[:, 0]
    better = fit.apply_recalibration(found, wrong)
    assert brier(better, truth) < brier(wrong, truth) - 0.02
    assert brier(better, truth) == pytest.approx(brier(right, truth), abs=0.01)
    if method == "vector":
        assert found.weights.supported == pytest.approx(1 / 3, abs=0.05)
        np.testing.assert_allclose(better, right, atol=0.08)


def _merge(label: HumanLabel) -> HumanLabel:
    return label if label == "supported" else "unsupported"


@pytest.mark.parametrize("rows", [40, 80])
def test_two_way_labels_keep_the_split_of_contradicted_and_absent(rows: int) -> None:
    found, drawn = simulate(rows)
    said = list_possible([_merge(label) for label in drawn])
    fitted = fit.fit_recalibration(distort(found, np.full(3, 3.0), np.zeros(3)), said, fit.choose_method(said))
    after = fitted.apply(Probabilities(0.05, 0.9, 0.05))
    assert after.supported != pytest.approx(0.05, abs=0.02)
    assert after.contradicted / after.absent == pytest.approx(18)


@pytest.mark.parametrize(
    ("labels", "method"),
    [
        (["supported"] * 30 + ["absent"] * 29, "temperature"),
        (["supported"] * 30 + ["unsupported"] * 30, "two-way"),
        (["supported"] * 41 + ["absent"] * 10 + ["contradicted"] * 9, "two-way"),
        (["supported"] * 40 + ["absent"] * 10 + ["contradicted"] * 10, "vector"),
    ],
)
def test_number_of_labels_decides_the_method(labels: list[HumanLabel], method: Method) -> None:
    assert fit.choose_method(list_possible(labels)) == method


def test_threshold_and_band_equal_hand_worked_values() -> None:
    """The best threshold is between 0.3 and 0.5. At 0.5, one of two supported calls is wrong, so 0.5 is uncertain."""
    scores = np.array([0.1, 0.2, 0.3, 0.5, 0.5, 0.8, 0.9])
    truth = np.array([False, False, False, True, False, True, True])
    found = fit.fit_band(truth, scores, 0.4)
    assert [found.low, found.threshold, found.high] == pytest.approx([0.4, 0.4, 0.65])
    labels = [found.label(Probabilities(p, 0.0, 1 - p), 0.6) for p in (0.39, 0.4, 0.5, 0.65)]
    assert labels == ["absent", "uncertain", "uncertain", "supported"]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])), min_size=1, max_size=30))
def test_a_band_never_costs_more_than_deciding(rows: list[tuple[bool, float]]) -> None:
    truth, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = fit.fit_band(truth, scores, 0.4)
    weights = np.where(truth, 1 / max(1, truth.sum()), 1 / max(1, (~truth).sum()))
    called = np.where(scores >= found.high, 1, np.where(scores >= found.low, -1, 0))
    costs = np.where(called == -1, 0.4, called != truth)
    assert 0 <= found.low <= found.threshold <= found.high <= 1
    assert (weights * costs).sum() <= (weights * ((scores >= found.threshold) != truth)).sum() + 1e-9


def test_random_labels_do_not_improve_the_fit() -> None:
    """A fit to random labels is no better than chance on other groups."""
    rng = np.random.default_rng(2)
    found = rng.dirichlet([1, 1, 1], 400)
    labels: list[HumanLabel] = ["supported" if coin else "unsupported" for coin in rng.random(400) < 0.5]
    fitted = run_crossfit(found, labels, np.arange(400) // 10)
    assert fitted.changes[BALANCED_ACCURACY].after.value == pytest.approx(0.5, abs=0.06)


def test_crossfit_shows_the_gain_of_recalibration() -> None:
    right, labels = simulate(600)
    wrong = distort(right, np.full(3, 4.0), np.array([0.0, 0.0, 1.5]))
    groups = np.arange(600) // 12
    fitted = run_crossfit(wrong, labels, groups)
    error = fitted.changes[CALIBRATION_ERROR]
    assert (error.difference.high or 0) < 0
    assert error.after.value == pytest.approx(0.0, abs=0.06)
    assert (fitted.rows, fitted.groups, fitted.folds, fitted.by_rows) == (600, 50, 5, False)
    assert MACRO_F1 in fitted.changes
    assert run_crossfit(wrong, labels, groups) == fitted


def test_different_base_rates_of_folds_do_not_lower_the_auc() -> None:
    """The verifier is constant; then its order cannot change, because the calibration is monotone."""
    found, labels = simulate(40, seed=3)
    auc = run_crossfit(np.tile([0.6, 0.2, 0.2], (40, 1)), labels, np.arange(40)).changes[AUC]
    assert (auc.before.value, auc.after.value) == (0.5, 0.5)
    auc = run_crossfit(found, [_merge(label) for label in labels], np.arange(40)).changes[AUC]
    assert auc.after.value == pytest.approx(auc.before.value, abs=0.01)


def test_labels_from_one_fold_alone_are_refused() -> None:
    found, _ = simulate(40)
    labels: list[HumanLabel] = ["supported" if at < 8 else "unsupported" for at in range(40)]
    with pytest.raises(UsageError, match="cannot cross-validate"):
        run_crossfit(found, labels, np.arange(40) // 8)


@pytest.fixture(scope="module")
def calibration() -> CalibrationResult:
    """Return a calibration on 80 labels of ten groups that agree with the probabilities."""
    scores = np.linspace(0.05, 0.95, 80)
    probabilities = np.stack([scores, (1 - scores) / 3, (1 - scores) * 2 / 3], axis=1)
    labels: list[HumanLabel] = ["supported" if score > 0.5 else "unsupported" for score in scores]
    found = run_crossfit(probabilities, labels, np.arange(80) % 10)
    agreement = Agreement("labels.jsonl", 10, 80, 0.9, 0.9, 0.1, "its calibration", "2026-11-25")
    file = File(
        format=1, made_by="test", verifier="v|code:0", recalibration=found.recalibration, decision=found.decision,
        agreement=agreement, groups=(), report={},
    )  # fmt: skip  # one record
    return CalibrationResult(found, 0, 0, 0, file)


UNCLEAR = "These labels do not show whether the {} is better than before."
WORSE = "This calibration makes the {} worse; do not use it if that number matters to you."


@pytest.mark.parametrize(
    ("name", "gain", "said"),
    [
        (BALANCED_ACCURACY, Figure(0.105, 0.01, 0.2), []),
        (BALANCED_ACCURACY, Figure(0.095, -0.01, 0.2), [UNCLEAR]),
        (BALANCED_ACCURACY, Figure(-0.105, -0.2, -0.01), [WORSE]),
        (BALANCED_ACCURACY, Figure(0.5, reason=SAME), []),
        (BALANCED_ACCURACY, Figure(-0.5, reason=SAME), [WORSE]),
        (BALANCED_ACCURACY, Figure(0.5, reason="an interval needs at least 8 groups, and there are 4"), [UNCLEAR]),
        (CALIBRATION_ERROR, Figure(-0.1, -0.15, -0.05), []),
        (CALIBRATION_ERROR, Figure(0.1, 0.05, 0.15), [WORSE]),
    ],
)
def test_doubtful_change_is_cautioned(calibration: CalibrationResult, name: str, gain: Figure, said: list[str]) -> None:
    change = MeasureChange(name, Figure(0.5), Figure(1.0), gain, higher_is_better=name != CALIBRATION_ERROR)
    changes = {**calibration.crossfit.changes, name: change}
    changed = replace(calibration, crossfit=replace(calibration.crossfit, changes=changes))
    cautions = [each for each in document("v", changed).cautions if f"the {name}" in each.lower()]
    assert cautions == [each.format(name) for each in said]


def test_cautions_begin_with_fitted_labels_and_count_rows_left_out(calibration: CalibrationResult) -> None:
    agreement = replace(calibration.file.agreement, caution="v was fitted to labels.jsonl.")
    file = calibration.file.model_copy(update={"agreement": agreement})
    cautions = document("v", replace(calibration, file=file, skipped=1, edits=2, unsure=3)).cautions
    assert cautions[0] == "v was fitted to labels.jsonl."
    counts = [each.rpartition(": ")[2] for each in cautions if each.startswith("Left out")]
    assert counts == ["1 row.", "2 pairs.", "3 rows."]
