"""Kappa and alpha against published values and scikit-learn, and their jackknife intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from sklearn.metrics import cohen_kappa_score

from harness.stats import kappa
from harness.stats.agreement import CORRELATION, Measure, jackknife, share, value_of
from harness.stats.arrays import Integers

EXAMPLES = {  # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A to C; "." is missing
    0.095: ["0100000010", "1110010000"],
    0.692: ["aabbdcccedda", "babbbccceddd"],
    0.743: ["123321412...", "1233224125.3", ".3332342251.", "12332441251."],
}


def encode_labels(rows: list[str]) -> Integers:
    """Units × raters."""
    names = sorted(set("".join(rows)) - {"."})
    return np.array([[names.index(said) if said != "." else -1 for said in unit] for unit in zip(*rows, strict=True)])


def one_group(labels: Integers) -> Integers:
    return np.zeros(len(labels), dtype=np.int64)


def compute(measure: Measure) -> float | None:
    return value_of(measure, 1)


@pytest.mark.parametrize(("expected", "rows"), EXAMPLES.items())
def test_alpha_equals_the_paper(expected: float, rows: list[str]) -> None:
    labels = encode_labels(rows)
    assert compute(kappa.krippendorff(labels, one_group(labels))) == pytest.approx(expected, abs=0.0005)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40))
def test_kappa_equals_scikit_learn(rows: list[tuple[int, int]]) -> None:
    first, second = np.array(rows).T
    found = compute(kappa.cohen(first, second, one_group(first)))
    if len({*first, *second}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second))


def test_alpha_is_undefined_if_all_labels_are_equal() -> None:
    same = np.zeros((5, 2), dtype=np.int64)
    assert compute(kappa.krippendorff(same, one_group(same))) is None


@pytest.mark.parametrize(
    "measure",
    [
        kappa.krippendorff,
        lambda both, of: kappa.cohen(both[:, 0], both[:, 1], of),
        lambda both, of: kappa.krippendorff_interval(both.astype(np.float64), of),
    ],
)
def test_resample_weighs_articles_by_their_draws(measure: Callable[[Integers, Integers], Measure]) -> None:
    """The first article is drawn twice, the second once."""
    labels, groups = np.random.default_rng(0).integers(0, 3, (60, 2)), np.repeat([0, 1], 30)
    twice = np.concatenate([labels[:30], labels[:30], labels[30:]])
    weighed = measure(labels, groups)(np.array([[2.0, 1.0]]))[0]
    assert weighed == pytest.approx(compute(measure(twice, one_group(twice))))


def test_interval_of_a_mean_uses_its_standard_error() -> None:
    """The slope of atanh, 1 / (1 - value²), converts the standard error to Fisher's z."""
    shares = [0.25, 0.5, 0.5, 0.75, 0.75, 0.75, 1.0, 0.5, 0.25, 0.75]
    found = jackknife(share(np.array(shares), np.arange(10)), 10, CORRELATION)
    centre, error = 0.6, stdev(shares) / math.sqrt(10)
    reach = float(t.ppf(0.975, 9)) * error / (1 - centre**2)
    assert found.value == pytest.approx(centre)
    assert found.low == pytest.approx(math.tanh(math.atanh(centre) - reach))
    assert found.high == pytest.approx(math.tanh(math.atanh(centre) + reach))


def test_kappa_undefined_without_an_article_has_no_interval() -> None:
    """Only the first of ten articles has another label."""
    labels = np.array([1] * 2 + [0] * 18)
    found = jackknife(kappa.cohen(labels, labels, np.arange(20) // 2), 10, CORRELATION, "article")
    assert found.reason == "it is undefined without one of the articles"


def test_interval_alpha_equals_the_paper() -> None:
    """Example C with squared differences gives 0.849, also after a change of the scale's origin and unit."""
    labels = encode_labels(EXAMPLES[0.743])
    ratings = np.where(labels < 0, np.nan, labels)
    for scale in (ratings, 1e6 + 10 * ratings):
        found = compute(kappa.krippendorff_interval(scale, one_group(labels)))
        assert found == pytest.approx(0.849, abs=0.0005)
