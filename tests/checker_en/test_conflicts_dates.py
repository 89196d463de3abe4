"""Dates: their fields, and conflicts between them."""

from __future__ import annotations

import pytest
from english_sentences import conflicts, found


def test_date_conflicts_once_and_is_shown_whole() -> None:
    premise = "Rosie appeared on the cover of the Saturday Evening Post on May 29, 1943."
    statement = "Rosie appeared on the cover of the Saturday Evening Post on June 14, 1946."
    assert conflicts(premise, statement) == {("date", "June 14, 1946", "May 29, 1943")}


def test_absent_date_is_missing() -> None:
    slots = found("Rosie appeared on the cover.", "Rosie appeared on the cover in 1943.", "date")
    assert [slot.status for slot in slots] == ["missing"]


def test_the_same_day_written_otherwise_is_found() -> None:
    slots = found("The war began on 24 February 2022.", "The war began on Feb. 24, 2022.", "date")
    assert {slot.status for slot in slots} == {"found"}


def test_a_weekend_is_of_its_week() -> None:
    assert conflicts("His wedding is this weekend.", "His wedding is this week.") == set()


@pytest.mark.parametrize(
    ("premise", "within", "without"),
    [
        ("closed from Monday to Friday", "closed on Wednesday", "closed on Sunday"),
        ("closed from Friday to Monday", "closed on Sunday", "closed on Tuesday"),
        ("closed Monday-Friday", "closed on Wednesday", "closed on Sunday"),
        ("closed between Monday and Friday", "closed on Tuesday", "closed on Saturday"),
        ("closed on March 3-7", "closed on 5 March", "closed on 9 March"),
        ("closed on 3-7 March", "closed on 5 March", "closed on 2 March"),
        ("closed from 3 to 7 March", "closed on March 5", "closed on March 12"),
        ("closed from 3 March until 7 April", "closed on 20 March", "closed on 20 May"),
        ("closed from 2019 to 2022", "closed in 2020", "closed in 2023"),
    ],
)
@pytest.mark.parametrize("today", [None, "2025-03-01"])
def test_dates_within_a_range_do_not_conflict(premise: str, within: str, without: str, today: str | None) -> None:
    premise = f"The road through the town will be {premise}."
    assert conflicts(premise, f"The road through the town will be {within}.", today) == set()
    told = conflicts(premise, f"The road through the town will be {without}.", today)
    assert {kind for kind, *_ in told} == {"date"}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("closed from Monday to Friday", "closed from Monday to Wednesday"),
        ("closed on Monday and Friday", "closed on Wednesday"),
    ],
)
def test_other_ranges_and_unlisted_days_conflict(premise: str, statement: str) -> None:
    told = conflicts(f"The road through the town will be {premise}.", f"The road through the town will be {statement}.")
    assert {kind for kind, *_ in told} == {"date"}


def test_count_after_a_dash_ends_no_range() -> None:
    premise = "The bridge fell on March 3 - 7 people died."
    assert {kind for kind, *_ in conflicts(premise, "The bridge fell on March 5.")} == {"date"}


def test_day_within_any_range_does_not_conflict() -> None:
    premise = "From 5 to 9 May, and again from 12 to 16 May, the museum will be closed."
    assert conflicts(premise, "The museum will be closed on 7 May.") == set()
    assert conflicts(premise, "The museum will be closed on 13 May.") == set()
    assert {kind for kind, *_ in conflicts(premise, "The museum will be closed on 10 May.")} == {"date"}
