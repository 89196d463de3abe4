"""Two systems on shared articles: the permutation test, the interval and the effect size."""

import itertools
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from harness.errors import DataError
from harness.stats.paired import Difference, compare, compare_all, hedges
from harness.stats.resampling import Resampler, p_values, sign_flip

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
"""Heights of 15 pairs of maize, crossed minus self-fertilised, in eighths of an inch (Fisher 1935, The Design of
Experiments, section 21)."""

PAIRS = st.integers(8, 20).flatmap(
    lambda n: st.tuples(*[arrays(np.float64, n, elements=st.sampled_from([0, 0.25, 0.5, 0.7, 1]))] * 2)
)


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_darwins_maize_has_fishers_p() -> None:
    """863 of the 32,768 sign patterns give a total as large as Darwin's 314, and 863 one as small."""
    found = compare(DARWIN, [0] * 15, rng(), resamples=2**15)
    assert found.exact
    assert found.p == 2 * 863 / 2**15


def test_random_patterns_come_near_the_exact_p() -> None:
    found = compare(DARWIN, [0] * 15, rng())
    assert not found.exact
    assert found.p == pytest.approx(2 * 863 / 2**15, abs=3 * np.sqrt(0.05 * 0.95 / 10_000))


def test_exact_p_against_scipy() -> None:
    first, second = rng().beta(2, 5, 9), rng(4).beta(2, 5, 9)
    wanted = stats.permutation_test(
        (first, second), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples", n_resamples=np.inf
    )
    assert compare(first, second, rng()).p == pytest.approx(wanted.pvalue, abs=1e-12)


def test_p_of_many_articles_is_the_t_tests() -> None:
    first = rng().normal(0, 1, 150)
    second = first + rng(9).normal(0.15, 1, 150)
    assert compare(first, second, rng()).p == pytest.approx(stats.ttest_rel(first, second).pvalue, abs=0.012)


def test_p_by_hand() -> None:
    """Six differences of 1: only the two patterns of one sign are as extreme, of 64."""
    assert compare([1.0] * 6, [0.0] * 6, rng()).p == 2 / 64


def test_difference_of_rounding_counts_as_none() -> None:
    """The mean of three samples depends on their order in its last digit."""
    one, other = (0.1 + 0.2 + 0.3) / 3, (0.3 + 0.2 + 0.1) / 3
    assert one != other
    found = compare([one] * 9, [other] * 8 + [one], rng())
    assert (found.changed, found.mean, found.worst, found.best, found.p) == (0, 0.0, 0.0, 0.0, 1.0)
    assert found.reason == "all 9 articles have the difference 0, so their spread cannot be estimated"
    assert p_values([(np.full(9, one), np.array([other] * 8 + [one]))], Resampler(1)) == [1.0]
    assert compare([0.5 + 1e-9], [0.5], rng()).changed == 1


def test_p_by_enumeration_with_ties() -> None:
    differences = np.array([0.1, 0.1, -0.1, 0.2, 0.0, 0.3, 0.0])
    sums = [abs(np.dot(signs, differences)) for signs in itertools.product((1, -1), repeat=7)]
    wanted = np.mean([total >= abs(differences.sum()) - 1e-9 for total in sums])
    assert sign_flip(differences[None, :], Resampler(1))[0] == wanted


def test_random_p_is_never_0() -> None:
    assert compare(np.arange(1.0, 101.0), np.zeros(100), rng(), resamples=99).p == 1 / 100


def test_means_difference_and_extremes_of_hand_worked_values() -> None:
    found = compare([0.5, 1.0, 0.25, 0.5] * 2, [0.25, 0.5, 0.5, 0.5] * 2, rng())
    assert (found.n, found.first, found.second, found.mean) == (8, 0.5625, 0.4375, 0.125)
    assert (found.changed, found.worst, found.best) == (6, -0.25, 0.5)


def test_effect_size_and_its_interval_by_scipys_noncentral_t() -> None:
    """The noncentrality at which the t found is the 2.5% or the 97.5% point."""
    differences = np.array(DARWIN, dtype=np.float64)
    effect = hedges(differences[None, :])[0]
    t = differences.mean() / (differences.std(ddof=1) / np.sqrt(15))
    assert t == pytest.approx(2.148, abs=5e-4)  # Fisher's own t
    assert effect.size == pytest.approx(0.5546 * (1 - 3 / (4 * 14 - 1)), abs=5e-4)
    assert stats.nct.cdf(t, 14, effect.low * np.sqrt(15)) == pytest.approx(0.975, abs=1e-6)
    assert stats.nct.cdf(t, 14, effect.high * np.sqrt(15)) == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize(("n", "smallest"), [(2, "0.5"), (3, "0.25"), (5, "0.062")])
def test_few_articles_give_no_p_and_say_so(n: int, smallest: str) -> None:
    found = compare(np.arange(1.0, n + 1), np.zeros(n), rng())
    assert (found.p, found.low, found.effect) == (None, None, None)
    assert found.caution
    assert f"With {n} shared articles no difference can be significant" in found.caution
    assert f"is {smallest}." in found.caution


def test_one_article_points_to_its_facts() -> None:
    found = compare([0.5], [0.25], rng())
    assert (found.mean, found.p, found.low) == (0.25, None, None)
    assert found.caution
    assert "Compare the facts" in found.caution


def test_no_shared_article() -> None:
    found = compare([], [], rng())
    assert (found.n, found.mean, found.p) == (0, None, None)
    assert found.caution == "No article has a value for both systems, so they cannot be compared."


def test_two_equal_systems_have_p_1_and_no_interval() -> None:
    values = rng().random(12)
    found = compare(values, values, rng())
    assert (found.mean, found.p, found.low, found.effect, found.changed) == (0.0, 1.0, None, None, 0)
    assert found.reason


def test_constant_difference_has_a_p_and_no_interval() -> None:
    values = rng().random(12)
    found = compare(values + 0.25, values, rng())
    assert found.p == 2 / 2**12
    assert (found.low, found.effect) == (None, None)
    assert found.reason == "all 12 articles have the difference 0.25, so their spread cannot be estimated"


def test_different_lengths_raise() -> None:
    with pytest.raises(DataError, match="3 and 2 values cannot be paired; give the shared articles only"):
        compare([1, 2, 3], [1, 2], rng())


def test_nan_raises() -> None:
    with pytest.raises(DataError, match="nan at position 0"):
        compare([float("nan")], [1], rng())


def test_difference_does_not_depend_on_other_pairs() -> None:
    pairs = [(rng(seed).random(9 + seed % 4), rng(seed + 50).random(9 + seed % 4)) for seed in range(9)]
    for pair, among in zip(pairs, compare_all(pairs, Resampler(2)), strict=True):
        alone = compare_all([pair], Resampler(2))[0]
        assert (alone.p, alone.n, alone.mean) == (among.p, among.n, among.mean)
        assert ends(alone) == pytest.approx(ends(among), abs=1e-12)


@given(PAIRS)
@example((np.array([0.25] * 3 + [0.0] * 7), np.array([0.25, 0, 0, 0.25, 0, 0.25, 0, 0, 0, 0])))  # zeros alone: 0 / 0
@settings(max_examples=40)
def test_swapping_the_systems_turns_the_signs(pair: tuple[np.ndarray, np.ndarray]) -> None:
    one, other = compare(*pair, rng(), resamples=300), compare(*pair[::-1], rng(), resamples=300)
    assert one.p == other.p
    assert one.mean == pytest.approx(-float(other.mean or 0))
    assert ends(one) == pytest.approx([-end for end in reversed(ends(other))], abs=1e-9)


@given(PAIRS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_of_articles_does_not_matter(pair: tuple[np.ndarray, np.ndarray], random: Random) -> None:
    """Exactly for an exact test; the means and the effect size always."""
    order = list(range(pair[0].size))
    random.shuffle(order)
    one, other = (
        compare(first, second, rng(), resamples=2**11 if first.size < 12 else 300)
        for first, second in (pair, (pair[0][order], pair[1][order]))
    )
    assert one.mean == pytest.approx(other.mean)
    assert (one.effect is None) == (other.effect is None)
    if one.effect and other.effect:
        assert one.effect.size == pytest.approx(other.effect.size)
    if one.exact:
        assert one.p == other.p


def ends(found: Difference) -> list[float]:
    return [end for end in (found.low, found.high) if end is not None]
