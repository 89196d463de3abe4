"""Two systems on shared articles: test, interval, margin and power; cautions about too few articles."""

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from harness.errors import DataError
from harness.stats import caution
from harness.stats.arrays import Floats
from harness.stats.paired import Difference, compare_all, detectable_difference, judge_margin
from harness.stats.resampling import Resampler, sign_flip

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
"""Heights of 15 pairs of maize, crossed minus self-fertilised, in eighths of an inch (Fisher 1935, The Design of
Experiments, section 21)."""

PAIRS = st.integers(8, 20).flatmap(
    lambda n: st.tuples(*[arrays(np.float64, n, elements=st.sampled_from([0, 0.25, 0.5, 0.7, 1]))] * 2)
)


def rng(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def compare(first: npt.ArrayLike, second: npt.ArrayLike, seed: int = 3, resamples: int = 10_000) -> Difference:
    return compare_all([(first, second)], Resampler(seed, resamples))[0]


def test_darwins_maize_has_fishers_p() -> None:
    """863 of the 32,768 sign patterns give a total as large as Darwin's 314, and 863 one as small."""
    found = compare(DARWIN, [0] * 15, resamples=2**15)
    assert found.p == 2 * 863 / 2**15


def test_difference_of_rounding_counts_as_none() -> None:
    """The mean of three samples depends on their order in its last digit."""
    one, other = (0.1 + 0.2 + 0.3) / 3, (0.3 + 0.2 + 0.1) / 3
    assert one != other
    found = compare([one] * 9, [other] * 8 + [one])
    assert (found.changed, found.mean, found.worst, found.best, found.p) == (0, 0.0, 0.0, 0.0, 1.0)
    assert found.reason == "all 9 articles have the same difference, so their spread cannot be estimated"
    assert compare([0.5 + 1e-9], [0.5]).changed == 1


@pytest.mark.parametrize("repeats", [1, 2])
def test_p_by_enumeration_with_ties(repeats: int) -> None:
    """Up to 14 articles; a sign pattern and its opposite count as one."""
    differences = np.array([0.1, 0.1, -0.1, 0.2, 0.0, 0.3, 0.0] * repeats)
    sums = [abs(np.dot(signs, differences)) for signs in itertools.product((1, -1), repeat=7 * repeats)]
    wanted = np.mean([total >= abs(differences.sum()) - 1e-9 for total in sums])
    assert sign_flip(differences[None, :], Resampler(1))[0] == wanted


@pytest.mark.parametrize("draw", [Resampler.draw_counts, Resampler.draw_signs])
def test_blocks_of_many_articles_are_different_draws(draw: Callable[[Resampler, int], Iterator[Floats]]) -> None:
    """A block holds 2,000,000 numbers, so five resamples of a million articles are three blocks."""
    first, second, last = draw(Resampler(1, 5), 1_000_000)
    assert [len(block) for block in (first, second, last)] == [2, 2, 1]
    assert (first != second).any()


def test_random_p_is_never_0() -> None:
    assert compare(np.arange(1.0, 101.0), np.zeros(100), resamples=99).p == 1 / 100


def test_means_difference_and_extremes_of_hand_worked_values() -> None:
    found = compare([0.5, 1.0, 0.25, 0.5] * 2, [0.25, 0.5, 0.5, 0.5] * 2)
    assert found.spread == pytest.approx(np.std([0.25, 0.5, -0.25, 0] * 2, ddof=1))
    assert (found.n, found.after, found.before, found.mean) == (8, 0.5625, 0.4375, 0.125)
    assert (found.changed, found.worst, found.best) == (6, -0.25, 0.5)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_few_articles_give_no_p_and_no_interval(n: int) -> None:
    found = compare(np.arange(1.0, n + 1), np.zeros(n))
    assert (found.n, found.p, found.low) == (n, None, None)
    assert found.mean == ((n + 1) / 2 if n else None)
    assert found.reason


@pytest.mark.parametrize(("shift", "p"), [(0.0, 1.0), (0.25, 2 / 2**12)])
def test_constant_difference_has_a_p_and_no_interval(shift: float, p: float) -> None:
    values = rng().random(12)
    found = compare(values + shift, values)
    assert (found.p, found.low, found.changed) == (p, None, 12 if shift else 0)
    assert found.reason == "all 12 articles have the same difference, so their spread cannot be estimated"
    assert compare(values, values + shift).reason == found.reason  # also if the two systems change places


@pytest.mark.parametrize("pair", [([1, 2, 3], [1, 2]), ([float("nan")], [1])])
def test_unequal_lengths_and_missing_values_are_refused(pair: tuple[list[float], list[float]]) -> None:
    with pytest.raises(DataError, match="scores of two systems"):
        compare(*pair)


def test_difference_does_not_depend_on_other_pairs() -> None:
    pairs = [(rng(seed).random(9 + seed % 4), rng(seed + 50).random(9 + seed % 4)) for seed in range(9)]
    for pair, among in zip(pairs, compare_all(pairs, Resampler(2)), strict=True):
        alone = compare_all([pair], Resampler(2))[0]
        assert (alone.p, alone.n, alone.mean) == (among.p, among.n, among.mean)
        assert ends(alone) == pytest.approx(ends(among), abs=1e-12)


@given(PAIRS)
@example((np.array([0.25] * 3 + [0.0] * 7), np.array([0.25, 0, 0, 0.25, 0, 0.25, 0, 0, 0, 0])))  # zeros alone: 0 / 0
@settings(max_examples=40)
def test_swapping_the_systems_flips_the_signs(pair: tuple[np.ndarray, np.ndarray]) -> None:
    one, other = compare(*pair, resamples=300), compare(*pair[::-1], resamples=300)
    assert one.p == other.p
    assert one.mean == pytest.approx(-float(other.mean or 0))
    assert ends(one) == pytest.approx([-end for end in reversed(ends(other))], abs=1e-9)


def ends(found: Difference) -> list[float]:
    return [end for end in (found.low, found.high) if end is not None]


# Margins --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("candidate", "baseline", "margin", "verdict", "reason"),
    [
        ([0.5], [0.5], 0.0, "held", "the only shared article has the same value in both runs"),
        ([0.5] * 3, [0.5] * 3, 0.0, "held", "all 3 shared articles have the same value in both runs"),
        ([0.5, 0.48], [0.5, 0.5], 0.05, "held", "none of the 2 shared articles is worse by more than the margin"),
        # in floating point .98 − .96 is more than .02
        ([0.96], [0.98], 0.02, "held", "the only shared article is not worse by more than the margin"),
        ([0.48] * 3, [0.5] * 3, 0.02, "held", "none of the 3 shared articles is worse"),
        ([0.9, 0.3], [0.5, 0.5], 0.05, "undecided", "worse by up to 0.2 on an article, more than the margin of 0.05"),
        ([0.5, 0.3], [0.5, 0.5], 0.05, "undecided", "worse by 0.2 on one article, more than the margin of 0.05"),
        ([0.0] * 20, [1.0] * 20, 0.02, "broken", "worse by at least 1 on all 20 shared articles, more than the margin"),
        ([0.0] * 7, [1.0] * 7, 0.02, "undecided", "an interval needs at least 8 articles, and there are 7"),
        ([], [], 0.02, "undecided", "no article has a value"),
    ],
)
def test_without_an_interval_every_article_decides(
    candidate: list[float], baseline: list[float], margin: float, verdict: str, reason: str
) -> None:
    """If lower is better, the two systems change places."""
    for found in (
        judge_margin(compare(candidate, baseline), margin),
        judge_margin(compare(baseline, candidate), margin, better="lower"),
    ):
        assert found.verdict == verdict
        assert reason in found.reason


# Power and cautions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "alpha"), [(8, 0.05), (40, 0.05), (100, 0.0005), (500, 0.01)])
def test_detectable_difference_equals_statsmodels(n: int, alpha: float) -> None:
    from statsmodels.stats.power import TTestPower

    wanted = TTestPower().solve_power(nobs=n, alpha=alpha, power=0.8)
    assert detectable_difference(n, 0.5, alpha) == pytest.approx(0.5 * wanted, rel=1e-4)


@pytest.mark.parametrize(
    ("warn", "given", "warning"),
    [
        (caution.warn_about_one_system, (0,), "No article"),
        (caution.warn_about_one_system, (1,), "With only one article"),
        (caution.warn_about_one_system, (7,), "needs at least 8 articles"),
        *((caution.warn_about_one_system, (n,), "are rough") for n in (8, 19)),
        (caution.warn_about_one_system, (20,), ""),
        # the smallest p is 2 / 2⁶ = 0.031, 2 / 2¹⁰ = 0.00195 or 1 / 10,001, times the number of tests
        *((caution.warn_about_comparison, given, "") for given in ((6, 1), (10, 25), (40, 500))),
        (caution.warn_about_comparison, (6, 2), "p is 0.031, 0.062 after correction for 2 comparisons"),
        (caution.warn_about_comparison, (10, 26), "p is 0.002, 0.051 after correction for 26 comparisons"),
        (caution.warn_about_comparison, (40, 501), "With 501 comparisons no difference can be significant"),
    ],
)
def test_warns_about_few_articles_and_many_comparisons(
    warn: Callable[..., str | None], given: tuple[int, ...], warning: str
) -> None:
    found = warn(*given) or ""
    assert warning in found
    assert bool(found) == bool(warning)
