"""Measures of agreement against scikit-learn and SciPy, on all groups once and on a resample of the groups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score, roc_curve

from harness.stats import agreement
from harness.stats.agreement import SAME, Figure, Measure, Summaries
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler

GROUPS = 6
COUNTS = np.array([2.0, 0.0, 1.0, 3.0, 1.0, 1.0])
"""How often a resample draws each group."""


def sample(seed: int, rows: int = 80) -> tuple[Booleans, Floats, Integers]:
    """Random labels, scores with ties, and groups; every group has a row."""
    rng = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(GROUPS), rng.integers(0, GROUPS, rows - GROUPS)])
    truth = np.concatenate([[True, False, True, False, True, False], rng.random(rows - GROUPS) < 0.4])
    scores = np.round(np.clip(rng.normal(0.4 + 0.2 * truth, 0.2), 0, 1), 1)
    return truth, scores.astype(np.float64), groups.astype(np.int64)


def repeats(groups: Integers) -> Integers:
    """The numbers of the rows in the resample, with repeats."""
    return np.repeat(np.arange(groups.size), COUNTS[groups].astype(int))


def labels(truth: Booleans, scores: Floats) -> tuple[Integers, Integers]:
    """Return true labels of three classes, and predicted labels of four."""
    return (1 * truth + (scores > 0.6)).astype(np.int64), np.minimum(4 * scores, 3).astype(np.int64)


SCIKIT_LEARN = {
    "auc": (agreement.auc, roc_auc_score),
    "balanced accuracy": (
        lambda truth, scores, groups: agreement.balanced_accuracy(truth, scores > 0.5, groups),
        lambda truth, scores: balanced_accuracy_score(truth, scores > 0.5),
    ),
    "balanced accuracy of some rows": (
        lambda truth, scores, groups: agreement.balanced_accuracy(truth, scores > 0.5, groups, scores != 0.5),
        lambda truth, scores: balanced_accuracy_score(truth[scores != 0.5], scores[scores != 0.5] > 0.5),
    ),
    "macro F1": (
        lambda truth, scores, groups: agreement.macro_f1(*labels(truth, scores), groups, (0, 1, 2)),
        lambda truth, scores: f1_score(*labels(truth, scores), labels=[0, 1, 2], average="macro"),
    ),
}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("ours", "oracle"), SCIKIT_LEARN.values(), ids=SCIKIT_LEARN)
def test_measures_equal_scikit_learns(
    ours: Callable[[Booleans, Floats, Integers], Measure], oracle: Callable[[Booleans, Floats], float], seed: int
) -> None:
    truth, scores, groups = sample(seed)
    measure, rows = ours(truth, scores, groups), repeats(groups)
    assert agreement.value_of(measure, GROUPS) == pytest.approx(oracle(truth, scores))
    assert measure(COUNTS[None, :])[0] == pytest.approx(oracle(truth[rows], scores[rows]))


def test_calibration_error_by_hand() -> None:
    """One of the three rows with score 0.1 is supported, and the row with score 0.9 is."""
    truth, scores = np.array([True, False, False, True]), np.array([0.1, 0.1, 0.1, 0.9])
    measure = agreement.calibration_error(truth, scores, np.zeros(4, dtype=np.int64))
    assert agreement.value_of(measure, 1) == pytest.approx((0.7 + 0.1) / 4)
    bins = agreement.reliability(truth, scores)
    assert [each.rows for each in bins if each.rows] == [3, 1]
    assert [each.predicted for each in bins if each.rows] == pytest.approx([0.1, 0.9])
    assert [each.supported for each in bins if each.rows] == pytest.approx([1 / 3, 1])
    assert len(bins) == agreement.BINS == 15
    assert agreement.reliability(np.array([True]), np.array([1.0]))[-1].rows == 1


@pytest.mark.parametrize("seed", range(5))
def test_best_threshold_maximises_youdens_j(seed: int) -> None:
    truth, scores, _ = sample(seed)
    false, true, _ = roc_curve(truth, scores)
    called = scores >= agreement.best_threshold(truth, scores)
    assert balanced_accuracy_score(truth, called) == pytest.approx((1 + (true - false).max()) / 2)


def test_highest_of_the_best_thresholds_lies_between_two_scores() -> None:
    assert agreement.best_threshold(np.array([False, False, True]), np.array([0.2, 0.4, 0.8])) == pytest.approx(0.6)
    tied = agreement.best_threshold(np.array([False, True, False, True]), np.array([0.2, 0.4, 0.6, 0.8]))
    assert tied == pytest.approx(0.7)  # as good as 0.3


@pytest.mark.parametrize(("ours", "oracle"), [(agreement.pearson, pearsonr), (agreement.spearman, spearmanr)])
def test_correlations_equal_scipys(ours: agreement.Correlation, oracle: object) -> None:
    rng = np.random.default_rng(3)
    first, second = (np.round(rng.random((4, 12)), 1).astype(np.float64) for _ in "xy")
    expected = [oracle(one, other).statistic for one, other in zip(first, second, strict=True)]  # type: ignore[operator]  # SciPy has no types
    np.testing.assert_allclose(ours(first, second), expected)


@pytest.mark.parametrize("correlation", [agreement.pearson, agreement.spearman])
def test_constant_row_or_row_with_a_missing_value_has_no_correlation(correlation: agreement.Correlation) -> None:
    first = np.array([[1.0, 2, np.nan, 4], [0.1 + 0.2, 0.3, 0.3, 0.3], [1, 3, 2, 4]])
    assert np.isnan(correlation(first, np.array([[2.0, 1, 3, 4]] * 3))).tolist() == [True, True, False]


def test_correlations_of_summaries_and_of_systems_leave_out_missing_summaries() -> None:
    people = np.array([[0.0, 0.5, 1.0, 0.7], [0.2, 0.9, 0.6, 99.0]])
    ours = np.array([[0.1, 0.5, 0.9, 0.2], [0.3, 0.2, 0.1, -99.0]])
    there = np.array([[True] * 4, [True, True, True, False]])
    table = Summaries(people, ours, there)
    each = [pearsonr(people[0], ours[0]).statistic, pearsonr(people[1, :3], ours[1, :3]).statistic]
    assert agreement.correlations_by_article(table, agreement.pearson) == pytest.approx(each)
    means = [[0.1, 0.7, 0.8, 0.7], [0.2, 0.35, 0.5, 0.2]]
    expected = pearsonr(*means).statistic
    assert agreement.value_of(agreement.system_level(table, agreement.pearson), 2) == pytest.approx(expected)


# Intervals ------------------------------------------------------------------------------------------------------------


def test_interval_removes_the_bias_of_resampling() -> None:
    """The scores are calibrated, so the true error is 0. Chance raises the measured error, and resampling once more."""
    rng = np.random.default_rng(0)
    scores, groups = rng.random(400), np.arange(400) // 10
    measure = agreement.calibration_error(rng.random(400) < scores, scores, groups)
    found = agreement.bootstrap(measure, 40, Resampler(1, 500))
    resamples = np.concatenate([measure(counts) for counts in Resampler(1, 500).draw_counts(40)])
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert resamples.mean() > 1.2 * found.value
    assert (found.low + found.high) / 2 < found.value
    assert found.low >= 0


def test_groups_equal_up_to_rounding_have_no_interval() -> None:
    """The share is 0.1 in every group, so the resamples differ only by rounding."""
    measure = agreement.share(np.full(30, 0.1), np.repeat(np.arange(10), 3))
    resamples = np.concatenate([measure(counts) for counts in Resampler(0, 200).draw_counts(10)])
    assert np.ptp(resamples) > 0
    for found in (agreement.jackknife(measure, 10), agreement.bootstrap(measure, 10, Resampler(0, 200))):
        assert (found.low, found.high, found.reason) == (None, None, agreement.SAME)


def test_perfect_correlation_has_no_bootstrap_interval() -> None:
    """No resample exceeds 1, so the basic bootstrap would give the interval 1 to 1."""
    people = np.random.default_rng(0).random((12, 4)) + np.arange(4) / 2
    table = agreement.Summaries(people, people + np.random.default_rng(1).random((12, 4)) / 2, np.full((12, 4), True))
    measure = agreement.system_level(table, agreement.spearman)
    assert np.ptp(np.concatenate([measure(counts) for counts in Resampler(0, 500).draw_counts(12)])) > 0
    found = agreement.bootstrap(measure, 12, Resampler(0, 500), agreement.CORRELATION)
    assert found.value == pytest.approx(1)
    assert (found.low, found.high) == (None, None)
    assert found.reason


def test_measures_equal_up_to_rounding_have_no_gain() -> None:
    """The second measure is the first, computed from thirds of its values."""
    values = np.random.default_rng(0).random(30)
    before = agreement.share(values, np.arange(30))
    after = agreement.share(np.repeat(values / 3, 3) * 3, np.repeat(np.arange(30), 3))
    found = agreement.jackknife(agreement.gain(before, after), 30, agreement.CORRELATION)
    assert found == Figure(0.0, None, None, SAME)


@pytest.mark.parametrize(
    ("groups", "right", "reason"),
    [
        (3, [True, False, True], "an interval needs at least 8 groups, and there are 3"),
        (1, [True], "an interval needs at least 8 groups, and there is 1"),
        (9, [True] * 9, SAME),
    ],
)
def test_missing_interval_or_value_has_a_reason(groups: int, right: list[bool], reason: str) -> None:
    measure = agreement.share(np.array(right), np.arange(groups))
    undefined = agreement.auc(np.ones(9, dtype=bool), np.linspace(0, 1, 9), np.arange(9))
    for estimate in (agreement.jackknife, partial(agreement.bootstrap, resampler=Resampler(0, 100))):
        assert estimate(measure, groups) == Figure(float(np.mean(right)), None, None, reason)
        found = estimate(undefined, 9)
        assert found.value is None
        assert found.reason


def test_gain_uses_the_same_groups() -> None:
    """The second measure is 0.1 higher in every group: the gain has no spread, although both measures do."""
    base = np.linspace(0.1, 0.8, 10)
    groups = np.arange(10)
    before, after = agreement.share(base, groups), agreement.share(base + 0.1 + 1e-9 * base, groups)
    gain = agreement.jackknife(agreement.gain(before, after), 10, agreement.CORRELATION)
    assert [gain.value, gain.low, gain.high] == pytest.approx([0.1, 0.1, 0.1])


# Folds ----------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(0, 100))
def test_folds_keep_groups_whole_and_balanced(names: list[int], seed: int) -> None:
    groups = agreement.number_groups(names)
    fold = agreement.fold_by_group(groups, np.random.default_rng(seed))
    counts = [len(set(groups[fold == number])) for number in range(int(fold.max()) + 1)]
    assert all(len(set(fold[groups == group])) == 1 for group in set(groups))
    assert sum(counts) == len(set(names))
    assert max(counts) - min(counts) <= 1
    assert len(counts) == min(agreement.FOLDS, len(set(names)))
