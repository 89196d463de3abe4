"""Intervals by leaving out one article after the other."""

from __future__ import annotations

import math
from statistics import stdev

import numpy as np
import pytest
from scipy.stats import t

from harness.stats import agreement, kappa
from harness.stats.arrays import Floats

SHARES = np.array([0.25, 0.5, 0.5, 0.75, 0.75, 0.75, 1.0, 0.5, 0.25, 0.75])


def mean(weights: Floats) -> Floats:
    found: Floats = weights @ SHARES / weights.sum(axis=1)
    return found


def test_of_a_mean_the_spread_is_the_standard_error() -> None:
    """Carried to Fisher's z by the slope of atanh, 1 / (1 - value²)."""
    found = kappa.figure(mean, 10)
    centre, error = 0.6, stdev(SHARES.tolist()) / math.sqrt(10)
    reach = float(t.ppf(0.975, 9)) * error / (1 - centre**2)
    assert found.value == pytest.approx(centre)
    assert found.low == pytest.approx(math.tanh(math.atanh(centre) - reach))
    assert found.high == pytest.approx(math.tanh(math.atanh(centre) + reach))


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = kappa.figure(mean, 10)
    monkeypatch.setattr(agreement, "_BLOCK", 30)
    assert kappa.figure(mean, 10) == whole


def test_near_full_agreement_it_reaches_down_and_stays_below_1() -> None:
    """30 labels of 10 articles, one of them differing: the bootstrap gives 0.90 to 1."""
    first = np.arange(30) % 3
    second, groups = first.copy(), np.arange(30) // 3
    second[0] = 1
    found = kappa.figure(kappa.cohen(first, second, groups), 10, "article")
    assert found.value == pytest.approx(0.95)
    assert found.low is not None
    assert found.high is not None
    assert 0.5 < found.low < 0.7
    assert 0.98 < found.high < 1


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([0] * 20, [0] * 20, "the labels are all alike"),
        ([0, 1] * 10, [0, 1] * 10, "the same whichever article is left out"),
        ([1] * 2 + [0] * 18, [1] * 2 + [0] * 18, "it rests on one article"),
    ],
)
def test_where_there_is_no_interval_the_reason_is_said(first: list[int], second: list[int], reason: str) -> None:
    measure = kappa.cohen(np.array(first), np.array(second), np.arange(20) // 2)
    assert reason in (kappa.figure(measure, 10, "article").reason or "")


def test_below_eight_articles_there_is_none() -> None:
    measure = kappa.cohen(np.array([0, 1, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 1, 2, 3]))
    assert kappa.figure(measure, 4, "article").reason == "4 articles; an interval needs at least 8"
