"""Which words of a false statement are taken to make it false."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.training.differences import differing

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
def test_what_the_nearest_true_statement_does_not_have(false: str, true: str, wrong: list[str]) -> None:
    found = differing(false, ["Farmers protested outside the hall.", true])
    assert found is not None
    assert sorted(false[start:end] for start, end in found) == sorted(wrong)


@pytest.mark.parametrize(
    "true",
    [
        "Farmers protested outside the hall.",  # another statement altogether
        "police  arrested three men",  # the same one: what is wrong is elsewhere
        "Police said that they had arrested three men and a boy who is known to them.",
    ],
)
def test_of_what_is_not_nearly_the_same_nothing_is_told(true: str) -> None:
    assert differing("Police arrested three men.", [true]) is None


def test_without_a_true_statement_nothing_is_told() -> None:
    assert differing("Police arrested three men.", []) is None
    assert differing("…", ["Police arrested three men."]) is None


@given(WORDS, WORDS)
def test_what_is_told_stands_in_the_statement_in_order_and_is_half_of_it_at_most(
    one: list[str], other: list[str]
) -> None:
    found = differing(" ".join(one), [" ".join(other)])
    if found is not None:
        assert all(start < end <= len(" ".join(one)) for start, end in found)
        assert list(found) == sorted(found)
        assert sum(len(" ".join(one)[start:end].split()) for start, end in found) <= len(one) / 2 + 1
