"""Kappa and alpha against values that others worked out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from harness.stats import kappa
from harness.stats.agreement import Measure, value_of
from harness.stats.arrays import Integers

EXAMPLES = {  # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A to C; "." is missing
    0.095: ["0100000010", "1110010000"],
    0.692: ["aabbdcccedda", "babbbcccedd" + "d"],
    0.743: ["12332141 2...".replace(" ", ""), "123322412" + "5.3", ".33323422" + "51.", "123324412" + "51."],
}


def numbers(rows: list[str]) -> Integers:
    """Units × raters."""
    names = sorted(set("".join(rows)) - {"."})
    return np.array([[names.index(said) if said != "." else -1 for said in unit] for unit in zip(*rows, strict=True)])


def one_group(labels: Integers) -> Integers:
    return np.zeros(len(labels), dtype=np.int64)


def only(measure: Measure) -> float | None:
    return value_of(measure, 1)


@pytest.mark.parametrize(("expected", "rows"), EXAMPLES.items())
def test_alpha_is_that_of_the_paper(expected: float, rows: list[str]) -> None:
    labels = numbers(rows)
    assert only(kappa.krippendorff(labels, one_group(labels))) == pytest.approx(expected, abs=0.0005)


def test_kappa_of_fifty_grants() -> None:
    """20 yes by both, 15 no by both, 5 and 10 mixed: 0.7 are the same, 0.5 by chance."""
    first = np.repeat([0, 0, 1, 1], [20, 5, 10, 15])
    second = np.repeat([0, 1, 0, 1], [20, 5, 10, 15])
    assert only(kappa.cohen(first, second, one_group(first))) == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40))
def test_kappa_is_that_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    first, second = np.array(rows).T
    found = only(kappa.cohen(first, second, one_group(first)))
    if len({*first, *second}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second))


def test_one_label_only_gives_no_value() -> None:
    same = np.zeros(5, dtype=np.int64)
    assert only(kappa.cohen(same, same, one_group(same))) is None
    assert only(kappa.krippendorff(np.zeros((5, 2), dtype=np.int64), one_group(same))) is None


def test_a_resample_counts_articles_as_often_as_they_are_drawn() -> None:
    """The first article twice, the second once."""
    random = np.random.default_rng(0)
    labels, groups = random.integers(0, 3, (60, 2)), np.repeat([0, 1], 30)
    twice = np.concatenate([labels[:30], labels[:30], labels[30:]])
    for measure in (kappa.krippendorff, lambda both, of: kappa.cohen(both[:, 0], both[:, 1], of)):
        weighed = measure(labels, groups)(np.array([[2.0, 1.0]]))[0]
        assert weighed == pytest.approx(only(measure(twice, one_group(twice))))


def test_a_row_that_one_rated_does_not_count() -> None:
    labels = np.array([[0, 0], [1, 1], [0, 1], [1, -1], [-1, 0], [-2, -1]])
    assert only(kappa.krippendorff(labels, one_group(labels))) == only(
        kappa.krippendorff(labels[:3], one_group(labels[:3]))
    )
