"""Power, margins, and cautions about too few articles."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from statsmodels.stats.power import TTestPower

from harness.stats import caution
from harness.stats.paired import Difference, compare_all, detectable_difference, judge_margin
from harness.stats.resampling import RESAMPLES, Resampler


def compare(first: npt.ArrayLike, second: npt.ArrayLike) -> Difference:
    return compare_all([(first, second)], Resampler(8))[0]


@pytest.mark.parametrize(("n", "alpha"), [(8, 0.05), (40, 0.05), (100, 0.0005), (500, 0.01)])
def test_detectable_difference_equals_statsmodels(n: int, alpha: float) -> None:
    wanted = TTestPower().solve_power(nobs=n, alpha=alpha, power=0.8)
    assert detectable_difference(n, 0.5, alpha) == pytest.approx(0.5 * wanted, rel=1e-4)


@pytest.mark.parametrize(("effect", "needed"), [(0.2, 199), (0.5, 34), (0.8, 15)])
def test_articles_for_cohens_small_medium_and_large_effects(effect: float, needed: int) -> None:
    """G*Power's numbers for a paired t test, two-sided 5%, power 80%."""
    assert detectable_difference(needed, 1.0) <= effect < detectable_difference(needed - 1, 1.0)


# Margins


def candidate(shift: float, n: int = 40) -> Difference:
    noise = np.random.default_rng(8).normal(0, 0.05, n)
    return compare(0.5 + shift + noise - noise.mean(), [0.5] * n)


@pytest.mark.parametrize(
    ("shift", "verdict"), [(0.1, "held"), (0.0, "held"), (-0.045, "undecided"), (-0.06, "undecided"), (-0.1, "broken")]
)
def test_margin_is_judged_by_the_interval(shift: float, verdict: str) -> None:
    """The interval is about ±0.016, so with a mean loss of 0.045 it extends beyond the margin."""
    found = judge_margin(candidate(shift), 0.05)
    assert found.verdict == verdict
    assert "95% interval" in found.reason


def test_lower_is_better_turns_the_loss() -> None:
    assert judge_margin(candidate(0.1), 0.05, better="lower").verdict == "broken"
    assert judge_margin(candidate(-0.1), 0.05, better="lower").verdict == "held"


def test_equal_run_holds_on_any_number_of_articles() -> None:
    for n, articles in ((1, "the only shared article has"), (3, "all 3 shared articles have")):
        found = judge_margin(compare([0.5] * n, [0.5] * n), 0.0)
        assert (found.verdict, found.reason) == ("held", f"{articles} the same value in both")


def test_without_an_interval_no_article_may_lose_more() -> None:
    held = judge_margin(compare([0.5, 0.48], [0.5, 0.5]), 0.05)
    assert held.verdict == "held"
    assert "none of the 2 shared articles is worse by more than the margin of 0.05" in held.reason
    lost = judge_margin(compare([0.9, 0.3], [0.5, 0.5]), 0.05)
    assert lost.verdict == "undecided"
    assert lost.reason.startswith("worse by up to 0.2 on an article, more than the margin of 0.05")
    alone = judge_margin(compare([0.5, 0.3], [0.5, 0.5]), 0.05)
    assert alone.reason.startswith("worse by 0.2 on one article, more than the margin of 0.05")


@pytest.mark.parametrize(("candidate", "baseline"), [([0.96], [0.98]), ([0.48] * 3, [0.5] * 3), ([0.86], [0.88])])
def test_loss_equal_to_the_margin_holds(candidate: list[float], baseline: list[float]) -> None:
    """In floating point .98 − .96 is more than .02."""
    assert judge_margin(compare(candidate, baseline), 0.02).verdict == "held"


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_loss_on_every_article_breaks_the_rule(better: Literal["higher", "lower"]) -> None:
    """Equal differences have no interval."""
    worse, other = ([0.0] * 20, [1.0] * 20) if better == "higher" else ([1.0] * 20, [0.0] * 20)
    broken = judge_margin(compare(worse, other), 0.02, better)
    assert broken.verdict == "broken"
    assert broken.reason == "worse by at least 1 on all 20 shared articles, more than the margin of 0.02"
    for few in (0, 7):
        assert judge_margin(compare(worse[:few], other[:few]), 0.02, better).verdict == "undecided"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "No article"),
        (1, "With only one article"),
        (7, "needs at least 8 articles"),
        (8, "are rough"),
        (19, "are rough"),
    ],
)
def test_one_system_on_few_articles(n: int, said: str) -> None:
    assert said in (caution.warn_about_one_system(n) or "")


def test_enough_articles_need_no_caution() -> None:
    assert caution.warn_about_one_system(20) is None
    assert caution.warn_about_comparison(6) is None


@pytest.mark.parametrize(
    ("n", "tests", "warning"),
    [
        (6, 1, ""),
        (6, 2, "the smallest possible p is 0.031, 0.062 after correction for 2 comparisons"),
        (10, 25, ""),
        (10, 26, "the smallest possible p is 0.002, 0.051 after correction for 26 comparisons"),
        (40, 500, ""),
        (40, 501, "With 501 comparisons no difference can be significant"),
    ],
)
def test_smallest_p_is_compared_with_the_family(n: int, tests: int, warning: str) -> None:
    """The smallest p is 2 / 2⁶ = 0.031, 2 / 2¹⁰ = 0.00195 or 1 / 10,001, times the number of tests."""
    assert RESAMPLES == 10_000
    found = caution.warn_about_comparison(n, tests)
    assert warning in (found or "")
    assert bool(found) == bool(warning)
