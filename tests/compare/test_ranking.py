from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.compare.ranking import Ranking, assign_letters, rank_tables
from harness.compare.table import ScoreTable, tabulate
from harness.records import Metric, Score
from harness.stats.paired import compare_all, holm
from harness.stats.resampling import Resampler


def correct_by_statsmodels(p: Sequence[float | None]) -> list[float]:
    from statsmodels.stats.multitest import multipletests

    return list(multipletests(p, method="holm")[1])


@pytest.mark.parametrize("seed", range(5))
def test_holm_equals_statsmodels(seed: int) -> None:
    p = np.random.default_rng(seed).random(4**seed + 1).round(2) ** 2
    np.testing.assert_allclose(np.array(holm(list(p)), dtype=float), correct_by_statsmodels(list(p)), atol=1e-12)


def test_missing_p_does_not_count() -> None:
    assert (holm([None, 0.02, None]), holm([])) == ((None, 0.02, None), ())


def test_neighbours_that_do_not_differ_share_a_letter() -> None:
    apart = [(one, other) for one, other in combinations(range(4), 2) if other - one > 1]
    assert assign_letters(4, apart) == ("a", "ab", "bc", "c")


def test_letters_after_z_have_a_number() -> None:
    marks = assign_letters(30, list(combinations(range(30), 2)))
    assert marks[25:28] == ("z", "a1", "b1")
    assert len(set(marks)) == 30


@given(
    st.integers(2, 9).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.sampled_from([*combinations(range(n), 2)]))))
)
def test_systems_share_a_letter_if_and_only_if_they_do_not_differ(case: tuple[int, set[tuple[int, int]]]) -> None:
    count, different = case
    letters = [set(each) for each in assign_letters(count, different)]
    assert all(letters)
    apart = {(one, other) for one, other in combinations(range(count), 2) if not letters[one] & letters[other]}
    assert apart == different


RECALL = Metric("recall", "Recall")


def make_table(values: dict[str, np.ndarray], metric: Metric = RECALL) -> ScoreTable:
    rows = [(system, number, value) for system, row in values.items() for number, value in enumerate(row)]
    scores = [Score(system, f"a{number}", 0, metric.name, float(value), "s") for system, number, value in rows]
    articles = dict.fromkeys(score.article_id for score in scores)
    return tabulate(scores, [metric], list(articles), list(values))


def rank(table: ScoreTable, intervals: bool = True) -> Ranking:
    [rankings] = rank_tables([table], ["recall"], Resampler(1), intervals)
    return rankings["recall"]


def test_lower_is_better_reverses_the_order() -> None:
    table = make_table({"a": np.full(9, 0.2), "b": np.full(9, 0.1)}, Metric("recall", "R", better="lower"))
    assert [place.system for place in rank(table).places] == ["b", "a"]


def test_system_without_values_is_last_without_a_letter() -> None:
    random = np.random.default_rng(0)
    table = make_table({"none": np.zeros(20), "a": random.random(20) * 0.1, "b": 0.9 + random.random(20) * 0.1})
    table.present[0] = False
    found = rank(table)
    assert [(place.system, place.letters) for place in found.places] == [("b", "a"), ("a", "b"), ("none", "")]
    assert (found.difference("b", "none").missing, found.difference("none", "b").missing) == ((0, 20), (20, 0))


@pytest.mark.parametrize(("gap", "missing", "letters"), [(1, 5, ""), (0, 5, ""), (0, 4, "a")])
def test_letters_need_enough_articles_that_two_systems_share(gap: int, missing: int, letters: str) -> None:
    table = make_table({"a": np.arange(10), "b": np.arange(10) + gap})
    table.present[1, :missing] = False
    assert [place.letters for place in rank(table).places] == [letters] * 2


@pytest.mark.parametrize(
    ("systems", "articles", "marked"),
    [
        *((2, 5, False), (2, 6, True), (4, 7, False), (4, 8, True), (5, 8, False), (5, 9, True)),
        (33, 20, False),  # the smallest p of 10,000 resamples, times 528 pairs, is above 0.05
    ],
)
def test_letters_need_enough_articles_for_significance(systems: int, articles: int, marked: bool) -> None:
    table = make_table({f"s{number}": np.arange(articles) + number for number in range(systems)})
    assert all(bool(place.letters) is marked for place in rank(table).places)


def two_systems(seed: int, gap: float) -> ScoreTable:
    rng = np.random.default_rng(seed)
    return make_table({"a": rng.uniform(0.3, 0.7, 10), "b": rng.uniform(0.3, 0.7, 10) - gap})


def test_p_is_corrected_for_the_pairs_of_all_tables() -> None:
    tables = [two_systems(1, 0.3), two_systems(2, 0.02), two_systems(3, 0.2)]
    rankings = [each["recall"] for each in rank_tables(tables, ["recall"], Resampler(0))]
    raw = [compare_all([each.pair("a", "b", "recall")], Resampler(0))[0].p for each in tables]
    corrected = [ranking.differences[0].p for ranking in rankings]
    np.testing.assert_allclose(np.array(corrected, dtype=float), correct_by_statsmodels(raw))
    assert {ranking.tests for ranking in rankings} == {3}


@pytest.mark.parametrize("gap", [0.0, 0.3])
def test_ranking_without_intervals_has_the_same_places(gap: float) -> None:
    table = two_systems(4, gap)
    quick, full = rank(table, intervals=False), rank(table)
    assert (quick.places, quick.tests) == (full.places, full.tests)
    assert quick.differences[0].low is None
