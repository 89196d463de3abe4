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
from harness.trust.calibrate import Calibrated, document
from harness.trust.crossfit import Crossfit, LabelledPredictions, Labels, MeasureChange, crossfit
from harness.verifiers.calibration import File, Method, Recalibration, Scaling

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
    given = LabelledPredictions(found, Labels.of_people(labels), groups, 0.5)
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
    said = Labels.of_people(labels if method == "vector" else [_merge(label) for label in labels])
    found = fit.fit_recalibration(wrong, said, method)
    truth = said.supported
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
    said = Labels.of_people([_merge(label) for label in drawn])
    fitted = fit.fit_recalibration(distort(found, np.full(3, 3.0), np.zeros(3)), said, fit.choose_method(said))
    after = fitted.apply(Probabilities(0.05, 0.9, 0.05))
    assert after.supported != pytest.approx(0.05, abs=0.02)
    assert after.contradicted / after.absent == pytest.approx(18)


shares = st.floats(0, 1)
numbers = st.floats(-4, 4)
scalings = st.builds(Scaling, supported=numbers, contradicted=numbers, absent=numbers)


@given(st.builds(Recalibration, method=st.just("vector"), weights=scalings, biases=scalings), shares, shares)
def test_recalibrated_probabilities_sum_to_one(found: Recalibration, first: float, second: float) -> None:
    raw = Probabilities(first * second, first * (1 - second), 1 - first)
    assert sum(found.apply(raw).values) == pytest.approx(1)


def test_rare_contradictions_are_not_distinguished_from_absent() -> None:
    """With fewer than ten contradicted rows, contradicted and absent are not distinguished."""
    contradicted: list[HumanLabel] = ["contradicted"] * 10
    absent: list[HumanLabel] = ["absent"] * 50
    few = Labels.of_people(["supported", *contradicted[1:], *absent])
    assert not few.three_way
    assert few.possible[1].tolist() == [False, True, True]
    assert Labels.of_people([*contradicted, *absent]).three_way


@pytest.mark.parametrize(
    ("rows", "labels", "method"),
    [
        (59, ["supported", "absent"], "temperature"),
        (60, ["supported", "unsupported"], "two-way"),
        (60, THREE, "vector"),
    ],
)
def test_number_of_labels_decides_the_method(rows: int, labels: tuple[HumanLabel, ...], method: Method) -> None:
    said = [labels[at % len(labels)] for at in range(rows)]
    assert fit.choose_method(Labels.of_people(said)) == method


def test_threshold_and_band_by_hand() -> None:
    """The best threshold is between 0.3 and 0.5. At 0.5, one of two supported calls is wrong, so 0.5 is uncertain."""
    scores = np.array([0.1, 0.2, 0.3, 0.5, 0.5, 0.8, 0.9])
    truth = np.array([False, False, False, True, False, True, True])
    found = fit.fit_band(truth, scores, 0.4)
    assert [found.low, found.threshold, found.high] == pytest.approx([0.4, 0.4, 0.65])
    assert [found.label(Probabilities(p, 0.0, 1 - p), 0.6) for p in (0.39, 0.4, 0.5, 0.65)] == [
        "absent",
        "uncertain",
        "uncertain",
        "supported",
    ]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])), min_size=1, max_size=30))
def test_a_band_never_costs_more_than_deciding(rows: list[tuple[bool, float]]) -> None:
    truth, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = fit.fit_band(truth, scores, 0.4)
    weights = np.where(truth, 1 / max(1, truth.sum()), 1 / max(1, (~truth).sum()))
    called = np.where(scores >= found.high, 1, np.where(scores >= found.low, -1, 0))
    costs = np.where(called == -1, 0.4, called != truth)
    assert 0 <= found.low <= found.threshold <= found.high <= 1
    assert (weights * costs).sum() <= (weights * ((scores >= found.threshold) != truth)).sum() + 1e-9


# Out of fold ----------------------------------------------------------------------------------------------------------


def test_random_labels_do_not_improve_the_fit() -> None:
    """A fit to random labels is no better than chance on other groups."""
    rng = np.random.default_rng(2)
    found = rng.dirichlet([1, 1, 1], 400)
    labels: list[HumanLabel] = ["supported" if coin else "unsupported" for coin in rng.random(400) < 0.5]
    fitted = run_crossfit(found, labels, np.arange(400) // 10)
    assert fitted.balanced_accuracy.after.value == pytest.approx(0.5, abs=0.06)


def test_crossfit_shows_the_gain_of_recalibration() -> None:
    right, labels = simulate(600)
    wrong = distort(right, np.full(3, 4.0), np.array([0.0, 0.0, 1.5]))
    groups = np.arange(600) // 12
    fitted = run_crossfit(wrong, labels, groups)
    gain = fitted.calibration_error.difference
    assert gain.high is not None
    assert gain.high < 0
    assert fitted.calibration_error.after.value == pytest.approx(0.0, abs=0.06)
    assert (fitted.rows, fitted.groups, fitted.folds, fitted.by_rows) == (600, 50, 5, False)
    assert fitted.macro_f1 is not None
    assert run_crossfit(wrong, labels, groups) == fitted


def test_different_base_rates_of_folds_do_not_lower_the_auc() -> None:
    """The verifier is constant; then its order cannot change, because the calibration is monotone."""
    found, labels = simulate(40, seed=3)
    constant = np.tile([0.6, 0.2, 0.2], (40, 1))
    fitted = run_crossfit(constant, labels, np.arange(40))
    assert (fitted.auc.before.value, fitted.auc.after.value) == (0.5, 0.5)
    two: list[HumanLabel] = ["supported" if label == "supported" else "unsupported" for label in labels]
    fitted = run_crossfit(found, two, np.arange(40))
    assert fitted.auc.after.value == pytest.approx(fitted.auc.before.value, abs=0.01)


def test_few_groups_are_folded_by_row_without_an_interval() -> None:
    found, labels = simulate(40)
    fitted = run_crossfit(found, labels, np.arange(40) % 3)
    assert fitted.by_rows
    assert fitted.folds == 10
    assert fitted.balanced_accuracy.after.low is None
    assert fitted.balanced_accuracy.after.reason == "an interval needs at least 8 groups, and there are 3"


def test_labels_from_one_fold_alone_are_refused() -> None:
    found, _ = simulate(40)
    labels: list[HumanLabel] = ["supported" if at < 8 else "unsupported" for at in range(40)]
    with pytest.raises(UsageError, match="cannot cross-validate"):
        run_crossfit(found, labels, np.arange(40) // 8)


@pytest.fixture(scope="module")
def calibrated() -> Calibrated:
    """Return a calibration on 80 labels of ten groups that agree with the probabilities."""
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
WORSE = "The balanced accuracy is worse than before, so do not use this calibration to improve it."


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (Figure(0.105, 0.01, 0.2), []),
        (Figure(0.095, -0.01, 0.2), [UNCLEAR]),
        (Figure(-0.105, -0.2, -0.01), [WORSE]),
        (Figure(0.5, reason=SAME), []),
        (Figure(-0.5, reason=SAME), [WORSE]),
        (Figure(0.5, reason="an interval needs at least 8 groups, and there are 4"), [UNCLEAR]),
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


def test_warning_of_fitted_labels_comes_first(calibrated: Calibrated) -> None:
    agreement = replace(calibrated.file.agreement, caution="v was fitted to labels.jsonl.")
    file = calibrated.file.model_copy(update={"agreement": agreement})
    assert document("v", replace(calibrated, file=file, skipped=2)).cautions[0] == "v was fitted to labels.jsonl."


def test_rows_left_out_are_counted(calibrated: Calibrated) -> None:
    left_out = replace(calibrated, skipped=1, edits=2, unsure=3)
    counts = [each.rpartition(": ")[2] for each in document("v", left_out).cautions if each.startswith("Left out")]
    assert counts == ["1 row.", "2 pairs.", "3 rows."]
