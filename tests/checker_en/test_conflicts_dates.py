"""Conflicts between dates, also between dates relative to the article's.

The article's date is Saturday 1 March 2025 unless another is given; expected days come from a printed calendar.
"""

from __future__ import annotations

import pytest
from english_sentences import chosen, conflicts

from harness.records import Pair

ROSIE = "Rosie appeared on the cover of the Saturday Evening Post on May 29, 1943."
OTHER_DATE = "Rosie appeared on the cover of the Saturday Evening Post on June 14, 1946."


def statuses(premise: str, statement: str, day: str | None = "2025-03-01") -> list[tuple[str, str]]:
    return [(slot.statement.text, slot.status) for slot in chosen(Pair(premise, statement, date=day), "date")]


@pytest.mark.parametrize("day", [None, "2025-03-01"])
def test_full_dates_conflict_as_a_whole_whatever_the_articles_date(day: str | None) -> None:
    assert conflicts(ROSIE, OTHER_DATE, day) == {("date", "June 14, 1946", "May 29, 1943")}


@pytest.mark.parametrize(
    ("premise", "statement", "status"),
    [
        ("Rosie appeared on the cover.", "Rosie appeared on the cover in 1943.", "missing"),
        ("The war began on 24 February 2022.", "The war began on Feb. 24, 2022.", "found"),
    ],
)
def test_status_of_a_date(premise: str, statement: str, status: str) -> None:
    assert {each for _, each in statuses(premise, statement, None)} == {status}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("The leaders met in Kyiv on Tuesday.", "The leaders met in Kyiv on 25 February."),
        ("The leaders met in Kyiv on Tuesday.", "The leaders met in Kyiv on 25 February 2025."),
        ("The leaders met in Kyiv on 25 February.", "The leaders met in Kyiv on Tuesday."),
        ("The leaders met in Kyiv on 25 February.", "The leaders met in Kyiv last month."),
        ("The leaders met in Kyiv yesterday.", "The leaders met in Kyiv on Friday."),
        ("The leaders met in Kyiv three days ago.", "The leaders met in Kyiv on Wednesday."),
        ("The leaders met in Kyiv last month.", "The leaders met in Kyiv in February."),
        ("The leaders met in Kyiv last year.", "The leaders met in Kyiv in 2024."),
    ],
)
def test_relative_date_is_found_with_the_articles_date(premise: str, statement: str) -> None:
    assert {status for _, status in statuses(premise, statement)} == {"found"}
    assert "missing" in {status for _, status in statuses(premise, statement, None)}


@pytest.mark.parametrize(
    ("premise", "statement", "expected"),
    [
        ("The leaders met in Kyiv on Tuesday.", "The leaders met in Kyiv yesterday.", ("yesterday", "Tuesday")),
        ("The leaders met in Kyiv three days ago.", "The leaders met in Kyiv on Monday.", ("Monday", "three days ago")),
        ("The leaders met in Kyiv last month.", "The leaders met in Kyiv in January.", ("January", "last month")),
        ("The leaders met in Kyiv last year.", "The leaders met in Kyiv in 2021.", ("2021", "last year")),
        ("The leaders met in Kyiv on Tuesday.", "The leaders met in Kyiv on 11 February.", ("11 February", "Tuesday")),
        ("They met last Tuesday.", "They met on 11 February.", ("11 February", "Tuesday")),
    ],
)
def test_relative_date_conflicts_with_the_articles_date(
    premise: str, statement: str, expected: tuple[str, str]
) -> None:
    assert conflicts(premise, statement, "2025-03-01") == {("date", *expected)}
    assert conflicts(premise, statement) == set()


@pytest.mark.parametrize(
    ("premise", "statement", "day"),
    [
        ("His wedding is this weekend.", "His wedding is this week.", None),
        ("They met last Tuesday.", "They met on 18 February.", "2025-03-01"),  # "last Tuesday" may be of either week
        ("They met last Tuesday.", "They met on 25 February.", "2025-03-01"),
        ("He died more than 10 years ago.", "He died in 2010.", "2024-05-08"),
        ("He died less than five years ago.", "He died in 2023.", "2024-05-08"),
        ("It opened some 50 years ago.", "It opened in 1972.", "2024-05-08"),
        ("It opened 50 years ago.", "It opened in 1973.", "2024-05-08"),
        ("He died the day before yesterday.", "He died on Monday.", "2024-05-08"),  # a Wednesday
    ],
)
def test_ambiguous_or_vague_time_does_not_conflict(premise: str, statement: str, day: str | None) -> None:
    assert conflicts(premise, statement, day) == set()


def test_exact_time_excludes_another_year() -> None:
    assert conflicts("He died ten years ago.", "He died in 2010.", "2024-05-08")


def test_month_does_not_name_a_day() -> None:
    found = statuses("The leaders met in Kyiv last month.", "The leaders met in Kyiv on 25 February.")
    assert found == [("25", "missing"), ("February", "found")]


def test_sentence_is_read_for_each_article_date() -> None:
    pairs = [Pair("They met yesterday.", "They met on Friday.", date=day) for day in ("2025-03-01", "2025-03-02", None)]
    assert [chosen(pair, "date")[0].status for pair in pairs] == ["found", "conflict", "missing"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2025-03-01T23:59:00+09:00"])
def test_any_article_date_is_accepted(day: str) -> None:
    assert chosen(Pair("They met in June, a year ago.", "They met last week.", date=day), "date")
