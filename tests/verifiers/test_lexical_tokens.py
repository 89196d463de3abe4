"""Words that mean the same have one key, and numbers, dates and names have types."""

from __future__ import annotations

import pytest

from harness.checker_en.tokens import Conflict, Slot, find_conflicts, find_slots, tokens


def keys(text: str) -> list[str]:
    return [token.key for token in tokens(text)]


def found(text: str) -> set[Slot]:
    return set(find_slots(tokens(text), common={"talk", "war"}))


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
def test_spellings_of_one_thing(one: str, other: str) -> None:
    assert keys(one) == keys(other)


def test_the_country_is_not_the_pronoun() -> None:
    assert keys("US") == ["usa"]
    assert tokens("us")[0].kind == "function"


def test_the_month_is_not_the_verb() -> None:
    assert [token.kind for token in tokens("in May")] == ["function", "month"]
    assert [token.kind for token in tokens("May 5")] == ["month", "number"]
    assert tokens("It may")[1].kind == "function"
    assert tokens("to march")[1].kind == "content"


def test_contractions_are_negations() -> None:
    assert keys("didn't") == ["did", "not"]
    assert keys("won’t") == ["wo", "not"]


def test_scripts_without_spaces_are_read_sign_by_sign() -> None:
    assert keys("首相") == ["首", "相"]


@pytest.mark.parametrize("date", ["24 February 2022", "February 24, 2022", "Feb. 24 2022", "2022-02-24"])
def test_a_date_has_three_slots_however_it_is_written(date: str) -> None:
    assert found(date) == {Slot("day", "#24"), Slot("month", "february"), Slot("year", "#2022")}


def test_names_are_capital_words_and_the_first_word_only_where_it_is_no_common_one() -> None:
    assert found("Zelensky met Trump") == {Slot("name", "zelenski"), Slot("name", "trump")}
    assert found("Talks began") == set()


def test_a_conflict_needs_other_values_on_both_sides() -> None:
    fact, other, silent = found("in 2022, war"), found("in 2019, war"), found("war")
    assert find_conflicts(frozenset(fact), frozenset(other)) == [
        Conflict("year", frozenset({"#2022"}), frozenset({"#2019"}))
    ]
    assert find_conflicts(frozenset(fact), frozenset(silent)) == []
    assert find_conflicts(frozenset(fact), frozenset(fact | other)) == []
