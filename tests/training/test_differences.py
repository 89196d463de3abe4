from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.differences import find_changes

WORDS = st.lists(st.sampled_from(["the", "mayor", "of", "Leeds", "resigned", "in", "May", "2003"]), max_size=12)


@pytest.mark.parametrize(
    ("false", "true", "wrong"),
    [
        ("Police arrested three men.", "Police arrested two men.", ["three"]),
        ("Hale, who is 40, did not resign.", "Hale, who is 40, did resign.", ["not"]),
        ("The plan was signed on Monday.", "The plan was not signed on Monday.", ["was signed"]),  # one was left out
        ("Ann met Ben in Leeds on Friday.", "Ann met Tom in Leeds on Monday.", ["Ben", "Friday"]),
    ],
)
def test_changes_are_the_words_that_the_nearest_true_statement_lacks(false: str, true: str, wrong: list[str]) -> None:
    found = find_changes(false, ["Farmers protested outside the hall.", true])
    assert found is not None
    assert sorted(false[start:end] for start, end in found) == sorted(wrong)


@pytest.mark.parametrize(
    "true",
    [
        [],
        ["Farmers protested outside the hall."],  # another statement altogether
        ["police  arrested three men"],  # the same one: what is wrong is elsewhere
        ["Police said that they had arrested three men and a boy who is known to them."],
    ],
)
def test_statements_that_are_not_close_give_no_changes(true: list[str]) -> None:
    assert find_changes("Police arrested three men.", true) is None
    assert find_changes("…", true) is None


@given(WORDS, WORDS)
def test_changes_are_in_order_and_cover_at_most_half_of_the_statement(one: list[str], other: list[str]) -> None:
    found = find_changes(" ".join(one), [" ".join(other)])
    if found is not None:
        assert all(start < end <= len(" ".join(one)) for start, end in found)
        assert list(found) == sorted(found)
        assert sum(len(" ".join(one)[start:end].split()) for start, end in found) <= len(one) / 2 + 1
