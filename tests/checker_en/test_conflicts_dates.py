"""Dates: their fields, and conflicts between them."""

from __future__ import annotations

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
