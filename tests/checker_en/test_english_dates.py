"""Date fields, and the days that a phrase may mean given the article's date.

The article's date is Saturday 1 March 2025 unless another is given; expected days come from a printed calendar.
"""

from __future__ import annotations

from datetime import date

import pytest
from english_sentences import analysed
from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en import date_ranges


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It opened on May 29, 1943.", [("month", "may"), ("day", "29"), ("year", "1943")]),
        ("It opened on 24 February 2022.", [("day", "24"), ("month", "february"), ("year", "2022")]),
        ("It opened on 2022-02-24.", [("year", "2022"), ("month", "february"), ("day", "24")]),
        ("It opened in twenty-twenty-five.", [("year", "2025")]),
        ("It opened in nineteen ninety-nine.", [("year", "1999")]),
        ("It opened on the twenty-first of March.", [("day", "21"), ("month", "march")]),
        ("It opened on August thirty-first.", [("month", "august"), ("day", "31")]),
        ("It was the thirty-second of March.", [("month", "march")]),
        ("They met last Tuesday.", [("weekday", "tuesday")]),
        ("They met last month.", [("relative", "last month")]),
        ("They may march on.", []),
        ("It costs 2015 pounds.", []),
    ],
)
def test_date_fields_are_read(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.field, each.value) for each in analysed(sentence).dates] == expected


SATURDAY = date(2025, 3, 1)


def possible_ranges(sentence: str, today: date = SATURDAY) -> list[list[str]]:
    """The ranges that each date field may mean, as ``first`` or ``first..last``, without the year 2025."""
    return [
        [format_range(each) for each in found.when.ranges] if found.when else []
        for found in analysed(sentence, today).dates
    ]


def format_range(days: date_ranges.DateRange) -> str:
    first, last = (f"{day:%m-%d}" if day.year == 2025 else f"{day:%Y-%m-%d}" for day in days)
    return first if first == last else f"{first}..{last}"


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
def test_possible_ranges_of_a_phrase(sentence: str, expected: list[list[str]]) -> None:
    assert possible_ranges(sentence) == expected


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
def test_phrase_without_a_day_has_no_range(sentence: str) -> None:
    assert not any(possible_ranges(sentence))


@pytest.mark.parametrize(
    ("today", "sentence", "day"),
    [
        (date(2024, 3, 1), "They met yesterday.", "2024-02-29"),  # a leap year
        (date(2025, 1, 1), "They met on Tuesday.", "2024-12-31"),
        (date(2025, 3, 31), "They met a month ago.", "2025-02-28"),  # there is no 31 February
    ],
)
def test_relative_dates_across_month_and_year_ends(today: date, sentence: str, day: str) -> None:
    (found,) = analysed(sentence, today).dates
    assert found.when is not None
    expected = date.fromisoformat(day)
    assert any(days.first <= expected <= days.last for days in found.when.ranges)
    assert date_ranges.ago("month", 1, date(2025, 3, 31)) == date_ranges.TimeReference(
        "month",
        (
            date_ranges.DateRange(date(2025, 2, 13), date(2025, 3, 15)),
            date_ranges.DateRange(date(2025, 2, 1), date(2025, 2, 28)),
        ),
    )


@given(st.dates(date(1000, 1, 1), date(9000, 12, 31)), st.integers(0, 6))
def test_weekday_is_at_most_a_week_away(today: date, weekday: int) -> None:
    found = date_ranges.resolve(date_ranges.PartialDate(None, None, None, weekday), "", today)
    assert found
    assert all(each.first.weekday() == weekday and abs((each.first - today).days) <= 7 for each in found)


@given(
    st.dates(date(1000, 1, 1), date(9000, 12, 31)),
    st.integers(1, 1000),
    st.sampled_from(["day", "week", "month", "year"]),
)
def test_time_ago_is_in_the_past(today: date, count: int, grain: date_ranges.Grain) -> None:
    found = date_ranges.ago(grain, count, today)
    assert found is None or all(each.first < today for each in found.ranges)
