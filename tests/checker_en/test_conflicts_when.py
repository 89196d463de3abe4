"""Dates relative to the article's: what they may mean, and what that finds, contradicts and leaves open.

Saturday 1 March 2025 is the article's date unless another is given; worked out on a printed calendar.
"""

from __future__ import annotations

import pytest
from english_sentences import chosen, conflicts

from harness.records import Pair


def statuses(premise: str, statement: str, day: str | None = "2025-03-01") -> list[tuple[str, str]]:
    return [(slot.statement.text, slot.status) for slot in chosen(Pair(premise, statement, date=day), "date")]


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
def test_one_time_said_in_two_ways_is_found(premise: str, statement: str) -> None:
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
    ],
)
def test_two_times_exclude_each_other(premise: str, statement: str, expected: tuple[str, str]) -> None:
    assert conflicts(premise, statement, "2025-03-01") == {("date", *expected)}
    assert conflicts(premise, statement) == set()


def test_what_may_mean_one_day_is_no_conflict() -> None:
    """Last Tuesday may be of this week or the week before; either is believed."""
    for day in ("18", "25"):
        assert conflicts("They met last Tuesday.", f"They met on {day} February.", "2025-03-01") == set()
    assert conflicts("They met last Tuesday.", "They met on 11 February.", "2025-03-01") == {
        ("date", "11 February", "Tuesday")
    }


def test_a_month_leaves_its_days_open() -> None:
    """Who met in February may have met on the 25th, and has not been said to."""
    found = statuses("The leaders met in Kyiv last month.", "The leaders met in Kyiv on 25 February.")
    assert found == [("25", "missing"), ("February", "found")]


def test_full_dates_ignore_the_articles_date() -> None:
    premise = "Rosie appeared on the cover of the Saturday Evening Post on May 29, 1943."
    statement = "Rosie appeared on the cover of the Saturday Evening Post on June 14, 1946."
    assert conflicts(premise, statement, "2025-03-01") == conflicts(premise, statement)


def test_sentence_is_read_for_each_article_date() -> None:
    pairs = [Pair("They met yesterday.", "They met on Friday.", date=day) for day in ("2025-03-01", "2025-03-02", None)]
    assert [chosen(pair, "date")[0].status for pair in pairs] == ["found", "conflict", "missing"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2025-03-01T23:59:00+09:00"])
def test_any_article_date_is_accepted(day: str) -> None:
    assert chosen(Pair("They met in June, a year ago.", "They met last week.", date=day), "date")
