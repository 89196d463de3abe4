"""Variance between articles and between samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.errors import DataError
from harness.stats.variance import components


def test_components_by_hand() -> None:
    """Means 1, 2, 6; within sums of squares 2 + 2 + 2 over 3 = 2; between 2 × 14 / 2 = 14; (14 - 2) / 2 = 6."""
    found = components([[0, 2], [1, 3], [5, 7]])
    assert (found.articles, found.samples) == (3, 6)
    assert found.within == pytest.approx(2)
    assert found.between == pytest.approx(6)


def test_unequal_numbers_of_samples_against_scipys_analysis_of_variance() -> None:
    """F is the mean square between over the one within, so between / within = (F - 1) / the mean number of samples."""
    random = np.random.default_rng(1)
    sizes = np.array([1, 2, 3, 4] * 3)
    rows = [random.normal(mean, 1, size) for mean, size in zip(random.normal(0, 2, 12), sizes, strict=True)]
    size = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / 11
    found = components(rows)
    assert found.between is not None
    assert found.within is not None
    assert found.between / found.within == pytest.approx((stats.f_oneway(*rows).statistic - 1) / size)


def test_standard_errors_are_the_jackknifes() -> None:
    rows = [list(row) for row in np.random.default_rng(2).normal(size=(8, 3)) + np.arange(8)[:, None]]
    left = [components(rows[:article] + rows[article + 1 :]) for article in range(8)]
    within = np.array([part.within for part in left])
    assert components(rows).within_error == pytest.approx(np.sqrt(7 / 8 * ((within - within.mean()) ** 2).sum()))


def test_no_difference_between_articles_is_0_and_said() -> None:
    found = components([[0, 1], [1, 0], [0, 1], [1, 0]])
    assert found.between == 0
    assert found.within == 0.5
    assert found.reason == "the estimate between articles is -0.25, which cannot be told from 0"


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        ([], "0 articles with a value; at least 3 are needed"),
        ([[1, 2]], "1 article with a value; at least 3 are needed"),
        ([[1], [2], [3]], "at least two articles must have several samples each"),
        ([[1, 2], [2], [3]], "at least two articles must have several samples each"),
    ],
)
def test_too_little_has_a_reason(samples: list[list[float]], reason: str) -> None:
    found = components(samples)
    assert (found.between, found.within, found.reason) == (None, None, reason)


def test_articles_without_a_value_do_not_count() -> None:
    assert components([[0, 2], [], [1, 3], [5, 7]]) == components([[0, 2], [1, 3], [5, 7]])


def test_nan_is_refused() -> None:
    with pytest.raises(DataError, match="samples of an article: nan"):
        components([[float("nan"), 1]])


@given(st.permutations(range(6)))
@settings(max_examples=20)
def test_the_order_of_articles_does_not_matter(order: list[int]) -> None:
    rows = np.random.default_rng(3).normal(size=(6, 2)) + np.arange(6)[:, None]
    found, other = components(list(rows)), components(list(rows[order]))
    assert found.between == pytest.approx(other.between)
    assert found.between_error == pytest.approx(other.between_error)
