"""A number has one key, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.tokens import tokens


def numbers(text: str) -> list[str]:
    return [token.key for token in tokens(text) if token.kind == "number"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1,500", ["#1500"]),
        ("1,5", ["#1.5"]),
        ("1.50", ["#1.5"]),
        ("1.500.000", ["#1500000"]),
        ("1,50,000", ["#150000"]),
        ("£23million", ["#23000000"]),
        ("23 million pounds", ["#23000000"]),
        ("5bn", ["#5000000000"]),
        ("the 21st", ["#21"]),
        ("twenty-one", ["#21"]),
        ("half a dozen", ["#6"]),
        ("a dozen", ["#12"]),
        ("a hundred and five", ["#105"]),
        ("two hundred and fifty thousand", ["#250000"]),
        ("two thousand and twenty-two", ["#2022"]),
        ("nineteen eighty-four", ["#19", "#84"]),
        ("zero", ["#0"]),
        ("five and six", ["#5", "#6"]),
        ("٣", ["#3"]),
    ],
)
def test_spellings(text: str, keys: list[str]) -> None:
    assert numbers(text) == keys


@pytest.mark.parametrize("text", ["one of them", "hundreds", "1e9999", "A320neo", "9" * 5000, ""])
def test_what_is_no_number_stays_a_word(text: str) -> None:
    """``1e9999`` and digits without end are words, so nothing overflows."""
    assert numbers(text) == []


@given(st.integers(2, 10**15))
def test_thousands_separators_change_nothing(value: int) -> None:
    assert numbers(f"{value:,}") == numbers(str(value)) == [f"#{value}"]


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(token.key and token.text for token in tokens(text))
