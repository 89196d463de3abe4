"""Dates relative to the article's: what they may mean, and what that finds, contradicts and leaves open.

Saturday 1 March 2025 is the article's date unless another is given; worked out on a printed calendar.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slots_helpers import chosen, conflicts, reading

from harness.english import when
from harness.records import Pair
from harness.verifiers.slots import Slots

SATURDAY = date(2025, 3, 1)


def meant(sentence: str, today: date = SATURDAY) -> list[list[str]]:
    """For each field of the sentence the stretches it may mean, as ``first`` or ``first..last`` without the year."""
    return [
        [_shown(each) for each in found.when.stretches] if found.when else []
        for found in reading(sentence, today).dates
    ]


def _shown(stretch: when.Stretch) -> str:
    first, last = (f"{day:%m-%d}" if day.year == 2025 else f"{day:%Y-%m-%d}" for day in stretch)
    return first if first == last else f"{first}..{last}"


def statuses(premise: str, statement: str, day: str | None = "2025-03-01") -> list[tuple[str, str]]:
    return [(slot.statement.text, slot.status) for slot in chosen(Pair(premise, statement, date=day), "date")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("They met yesterday.", [["02-28"]]),
        ("They meet tomorrow.", [["03-02"]]),
        ("They met three days ago.", [["02-26"]]),
        ("They met on Tuesday.", [["02-25", "03-04"]]),
        ("They met last Tuesday.", [["02-18", "02-25"]]),
        ("They meet next Tuesday.", [["03-04", "03-11"]]),
        ("They met last night.", [["02-28", "03-01"]]),
        ("They met last month.", [["02-01..02-28"]]),
        ("They met last week.", [["02-16..02-23"]]),
        ("They met last year.", [["2024-01-01..2024-12-31"]]),
        ("They met a month ago.", [["01-17..02-16", "02-01..02-28"]]),
        ("They met on 25 February.", [["02-25", "2026-02-25"], ["02-01..02-28", "2026-02-01..2026-02-28"]]),
        ("They met on Friday the 28th of February.", [["02-28"], ["02-28"], ["02-01..02-28"]]),
        ("They met in February.", [["02-01..02-28", "2026-02-01..2026-02-28"]]),
    ],
)
def test_what_a_phrase_may_mean(sentence: str, expected: list[list[str]]) -> None:
    assert meant(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "They met on 30 February.",
        "They left the next month.",
        "They met last summer.",
        "Dinosaurs died out 66,000,000 years ago.",
        "It began 5000 years ago.",
    ],
)
def test_what_no_day_can_be_named_for_has_none(sentence: str) -> None:
    assert not any(meant(sentence))


@pytest.mark.parametrize(
    ("today", "sentence", "day"),
    [
        (date(2024, 3, 1), "They met yesterday.", "2024-02-29"),  # a leap year
        (date(2025, 1, 1), "They met on Tuesday.", "2024-12-31"),
        (date(2025, 3, 31), "They met a month ago.", "2025-02-28"),  # there is no 31 February
    ],
)
def test_months_and_years_end(today: date, sentence: str, day: str) -> None:
    (found,) = reading(sentence, today).dates
    assert found.when is not None
    expected = date.fromisoformat(day)
    assert any(stretch.first <= expected <= stretch.last for stretch in found.when.stretches)
    assert when.ago("month", 1, date(2025, 3, 31)) == when.When(
        "month",
        (
            when.Stretch(date(2025, 2, 13), date(2025, 3, 15)),
            when.Stretch(date(2025, 2, 1), date(2025, 2, 28)),
        ),
    )


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


def test_dates_that_are_whole_are_held_against_each_other_as_without_a_date() -> None:
    premise = "Rosie appeared on the cover of the Saturday Evening Post on May 29, 1943."
    statement = "Rosie appeared on the cover of the Saturday Evening Post on June 14, 1946."
    assert conflicts(premise, statement, "2025-03-01") == conflicts(premise, statement)


def test_one_sentence_under_two_dates_is_read_for_each() -> None:
    pairs = [Pair("They met yesterday.", "They met on Friday.", date=day) for day in ("2025-03-01", "2025-03-02", None)]
    assert [chosen(pair, "date")[0].status for pair in pairs] == ["found", "conflict", "missing"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2025-03-01T23:59:00+09:00"])
def test_every_date_that_an_article_may_have_is_taken(day: str) -> None:
    (verdict,) = Slots().verify([Pair("They met in June, a year ago.", "They met last week.", date=day)])
    assert verdict.label


@given(st.dates(date(1000, 1, 1), date(9000, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_at_most_a_week_away(today: date, weekday: int) -> None:
    found = when.named(when.Names(None, None, None, weekday), "", today)
    assert found
    assert all(each.first.weekday() == weekday and abs((each.first - today).days) <= 7 for each in found)


@given(
    st.dates(date(1000, 1, 1), date(9000, 12, 31)),
    st.integers(1, 1000),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_what_was_ago_was_before(today: date, count: int, grain: when.Grain) -> None:
    found = when.ago(grain, count, today)
    assert found is None or all(each.first < today for each in found.stretches)
