"""Rates of a self-test: hand-worked counts, Wilson's interval, the paired AUC."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from harness.records import Metric
from harness.stats.resampling import Resampler
from harness.trust.selftest.rates import Drop, ProbeResult, ScoreShift, auc, of_metric, of_verifier, rate, wilson

RNG = np.random.default_rng(0)


def drops(kind: str, *values: float | None, article: str = "a") -> list[Drop]:
    return [Drop(article, kind, value) for value in values]


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # statsmodels 0.14: proportion_confint(hits, n, method="wilson")
        (0, 10, 0.0, 0.277533),
        (8, 10, 0.490162, 0.943318),
        (10, 10, 0.722467, 1.0),
        (45, 100, 0.356146, 0.547562),
    ],
)
def test_wilson_is_the_textbooks(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-5)


def test_the_auc_pairs_errors_with_paraphrases_of_their_own_article() -> None:
    errors = [*drops("name", 3.0, 1.0), *drops("name", 9.0, article="b")]
    harmless = drops("paraphrase", 1.0, 2.0)
    # of article a: 3>1, 3>2, 1=1, 1<2; article b has no paraphrase
    assert auc(errors, harmless) == pytest.approx(2.5 / 4)
    assert auc(drops("name", 1.0, article="b"), harmless) is None
    assert auc(drops("name", None), harmless) is None


def test_a_drop_counts_as_noticed_only_where_it_is_more_than_rounding() -> None:
    moved = ScoreShift(Metric("m", "M"), 0.5, tuple(drops("name", 1.0, 1e-12, 0.0, -1.0, None)))
    found = of_metric(moved, RNG)
    assert (found.errors.noticed.hits, found.errors.noticed.n, found.errors.missing) == (1, 4, 1)
    assert found.errors.drop == pytest.approx(0.0)
    assert found.errors.auc is None
    assert found.false_alarms is None


def test_paraphrases_are_no_errors() -> None:
    moved = ScoreShift(Metric("m", "M"), 2.0, (*drops("name", 1.0, 3.0), *drops("paraphrase", 2.0, 0.0)))
    found = of_metric(moved, RNG)
    assert found.errors.noticed.n == 2
    assert found.errors.drop == pytest.approx(1.0)
    assert found.errors.auc == pytest.approx(3 / 4)
    assert found.false_alarms is not None
    assert (found.false_alarms.hits, found.false_alarms.n) == (1, 2)


def test_a_metric_without_spread_has_no_drop_in_spreads() -> None:
    assert of_metric(ScoreShift(Metric("m", "M"), None, tuple(drops("name", 1.0))), RNG).errors.drop is None


def test_the_unit_of_the_interval() -> None:
    """With few articles the interval is over edits, with many over articles."""
    few = [(f"a{number}", number % 2 == 0) for number in range(6)]
    found = rate(few, Resampler(0, 500))
    assert found.method == "Wilson over edits"
    assert (found.low, found.high) == pytest.approx(wilson(3, 6))
    # each article is all hits or none: over edits the interval would pretend to 200 independent ones
    many = [(f"a{number}", number % 2 == 0) for number in range(20) for _ in range(10)]
    clustered = rate(many, Resampler(0, 2000))
    assert clustered.method == "bootstrap over articles"
    low, high = wilson(100, 200)
    assert clustered.low is not None
    assert clustered.high is not None
    assert clustered.low < low < high < clustered.high


def test_a_rate_of_nothing_has_no_value() -> None:
    found = rate([], Resampler(0, 10))
    assert (found.n, found.share, found.low) == (0, None, None)


def test_a_verifier_notices_by_any_label_but_supported() -> None:
    answers = [
        ProbeResult("a", "grounding", "name", "contradicted"),
        ProbeResult("a", "grounding", "name", "absent"),
        ProbeResult("a", "grounding", "name", "uncertain"),
        ProbeResult("a", "grounding", "name", "supported"),
        ProbeResult("a", "grounding", "intact", "absent"),
        ProbeResult("a", "coverage", "paraphrase", "supported"),
    ]
    found = [
        (told.use, told.kind, told.not_supported.hits, told.contradicted.hits) for told in of_verifier(answers, RNG)
    ]
    assert found == [
        ("coverage", "paraphrase", 0, 0),
        ("grounding", "name", 3, 1),
        ("grounding", "intact", 1, 0),
    ]


def test_articles_that_all_have_one_share_are_no_sample_of_shares() -> None:
    """Ten articles with one hit of two each: the interval is Wilson's over the 20 edits, without a warning of numpy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rate([(f"a{article}", hit) for article in range(10) for hit in (True, False)], Resampler(0, 500))
    assert found.low is not None
    assert (found.share, found.method) == (0.5, "Wilson over edits")
    assert found.low == pytest.approx(0.299, abs=0.001)
