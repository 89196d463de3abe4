"""Facts of two systems, clustered by article."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from harness.errors import DataError
from harness.stats.paired import compare_facts
from harness.stats.resampling import Resampler


def rng(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_one_fact_per_article_equals_mcnemar() -> None:
    """One fact an article: statsmodels' statistic, and its exact binomial p by enumeration of sign patterns."""
    first, second = [1] * 7 + [0] * 2 + [1, 0, 1], [0] * 7 + [1] * 2 + [1, 0, 1]
    table = [[2, 7], [2, 1]]
    found = compare_facts(first, second, list(range(12)), Resampler(5))
    assert (found.both, found.only_first, found.only_second, found.neither) == (2, 7, 2, 1)
    assert found.statistic == pytest.approx(mcnemar(table, exact=False, correction=False).statistic)
    assert found.p == pytest.approx(mcnemar(table, exact=True).pvalue)


def test_statistic_of_hand_worked_articles() -> None:
    """Balances 2, 1, 0, -1, 1, 1: (Σd)² / Σd² = 16 / 8."""
    first = [1, 1, 1, 1, 0, 0, 1, 1]
    second = [0, 0, 0, 1, 0, 1, 0, 0]
    found = compare_facts(first, second, ["a", "a", "b", "c", "c", "d", "e", "f"], Resampler(5))
    assert (found.articles, found.facts) == (6, 8)
    assert found.statistic == 2.0
    assert found.difference == 4 / 8
    # 5 balances are not 0. One of 32 patterns of ±2 ±1 ±1 ±1 ±1 sums to 6, four to 4, and as many to -6 and -4.
    assert found.p == 10 / 32


def test_statistic_is_the_square_of_the_cluster_robust_score() -> None:
    """Obuchowski's statistic in its long form: the difference over the standard error of its article sums."""
    articles = rng().integers(0, 30, 400)
    first, second = rng(1).integers(0, 2, 400), rng(2).integers(0, 2, 400)
    found = compare_facts(first, second, articles.tolist(), Resampler(5))
    sums = np.array([(first - second)[articles == article].sum() for article in np.unique(articles)])
    error = np.sqrt((sums**2).sum()) / 400
    assert found.statistic == pytest.approx(((first - second).mean() / error) ** 2)
    # Sums of whole facts lie two apart, so the chi-squared distribution wants McNemar's correction by 1.
    corrected = (abs(sums.sum()) - 1) ** 2 / (sums**2).sum()
    assert found.p == pytest.approx(stats.chi2.sf(corrected, 1), abs=0.02)


def test_dependent_facts_count_as_one_article() -> None:
    """Eight articles of 25 facts that are kept or lost together are eight observations, not two hundred."""
    kept = np.repeat([1, 1, 1, 1, 1, 1, 0, 0], 25)
    found = compare_facts(kept, 1 - kept, np.repeat(range(8), 25).tolist(), Resampler(5))
    assert found.p == (1 + 8 + 28) * 2 / 256
    assert stats.binomtest(150, 200).pvalue < 1e-10


def test_one_article_has_counts_and_no_p() -> None:
    found = compare_facts([1, 1, 0], [0, 1, 0], ["a"] * 3, Resampler(5))
    assert (found.only_first, found.difference, found.p, found.low) == (1, 1 / 3, None, None)
    assert found.reason == "an interval takes at least 8 articles, and there is 1"
    assert found.caution


def test_no_fact_at_all() -> None:
    found = compare_facts([], [], [], Resampler(5))
    assert (found.facts, found.difference, found.statistic, found.p) == (0, None, None, None)
    assert found.caution == "No article has a value for both systems, so they cannot be compared."


def test_equal_facts_have_p_1() -> None:
    found = compare_facts([1, 0] * 10, [1, 0] * 10, list(range(20)), Resampler(5))
    assert (found.p, found.statistic, found.low, found.difference) == (1.0, None, None, 0.0)


def test_share_is_refused() -> None:
    with pytest.raises(DataError, match=r"0\.5 was found; to compare shares, use paired\.compare"):
        compare_facts([0.5], [1], ["a"], Resampler(5))


def test_articles_must_match_facts() -> None:
    with pytest.raises(DataError, match="2 facts need the article of each; 1 articles were given"):
        compare_facts([1, 0], [1, 0], ["a"], Resampler(5))
