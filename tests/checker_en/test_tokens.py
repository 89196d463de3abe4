"""Tokens: spellings of one word or number share a key, and numbers, dates and names have types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.tokens import Conflict, Slot, find_conflicts, find_slots, tokenize


def keys(text: str) -> list[str]:
    return [token.key for token in tokenize(text)]


def found(text: str) -> set[Slot]:
    return set(find_slots(tokenize(text), common={"talk", "war"}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("United States", "U.S."),
        ("American", "US"),
        ("Ukrainian", "Ukraine"),
        ("British", "United Kingdom"),
        ("Erdoğan", "Erdogan"),
        ("Zel\u200bensky’s", "Zelensky"),
        ("signed", "signing"),
        ("23%", "23 per cent"),
        ("£5", "5 pounds"),
        ("Feb 24", "Feb. 24"),
    ],
)
def test_spellings_of_a_word_share_a_key(one: str, other: str) -> None:
    assert keys(one) == keys(other)


def test_us_the_country_is_not_the_pronoun() -> None:
    assert keys("US") == ["usa"]
    assert tokenize("us")[0].kind == "function"


def test_may_the_month_is_not_the_verb() -> None:
    assert [token.kind for token in tokenize("in May")] == ["function", "month"]
    assert [token.kind for token in tokenize("May 5")] == ["month", "number"]
    assert tokenize("It may")[1].kind == "function"
    assert tokenize("to march")[1].kind == "content"


def test_contractions_are_negations() -> None:
    assert keys("didn't") == ["did", "not"]
    assert keys("won’t") == ["wo", "not"]


def test_unspaced_scripts_are_read_by_character() -> None:
    assert keys("首相") == ["首", "相"]


@pytest.mark.parametrize("date", ["24 February 2022", "February 24, 2022", "Feb. 24 2022", "2022-02-24"])
def test_every_date_format_has_three_slots(date: str) -> None:
    assert found(date) == {Slot("day", "#24"), Slot("month", "february"), Slot("year", "#2022")}


def test_names_are_capitalised_words_except_common_first_words() -> None:
    assert found("Zelensky met Trump") == {Slot("name", "zelenski"), Slot("name", "trump")}
    assert found("Talks began") == set()


def test_conflict_needs_different_values_on_both_sides() -> None:
    fact, other, silent = found("in 2022, war"), found("in 2019, war"), found("war")
    assert find_conflicts(frozenset(fact), frozenset(other)) == [
        Conflict("year", frozenset({"#2022"}), frozenset({"#2019"}))
    ]
    assert find_conflicts(frozenset(fact), frozenset(silent)) == []
    assert find_conflicts(frozenset(fact), frozenset(fact | other)) == []


def numbers(text: str) -> list[str]:
    return [token.key for token in tokenize(text) if token.kind == "number"]


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
def test_number_spellings_share_a_key(text: str, keys: list[str]) -> None:
    assert numbers(text) == keys


@pytest.mark.parametrize("text", ["one of them", "hundreds", "1e9999", "A320neo", "9" * 5000, ""])
def test_other_digits_are_words(text: str) -> None:
    """``1e9999`` and very long digit strings are words, so nothing overflows."""
    assert numbers(text) == []


@given(st.integers(2, 10**15))
def test_thousands_separators_are_ignored(value: int) -> None:
    assert numbers(f"{value:,}") == numbers(str(value)) == [f"#{value}"]


@given(st.text(max_size=200))
def test_any_text_has_tokens(text: str) -> None:
    assert all(token.key and token.text for token in tokenize(text))
