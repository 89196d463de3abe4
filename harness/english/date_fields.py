"""The fields of dates as a sentence has them: year, month, day, weekday, season, and what is relative to a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from harness.english import numbers
from harness.english.calendar_words import MONTH_FORMS, MONTHS, WEEKDAYS
from harness.english.date_ranges import Direction
from harness.english.lists import group
from harness.english.numbers import Piece
from harness.english.sentence import Sentence
from harness.english.units import CURRENCIES, MEASURES, PERCENT

Field = Literal["year", "month", "day", "weekday", "relative", "season"]

_WEEKDAYS = {form: day for day in WEEKDAYS for form in (day, f"{day}s", f"{day}'s")}
_SEASONS = group("spring summer autumn winter christmas easter halloween thanksgiving")
DIRECTIONS: dict[str, Direction] = {
    "last": "last", "this": "this", "next": "next", "past": "last", "previous": "last", "coming": "next",
}  # fmt: skip  # a table
_PERIODS = group("day week weekend month year season night decade century summer")
_ALSO_VERBS = group("may march mar dec")
_DAYS = {"yesterday": "yesterday", "today": "today", "tomorrow": "tomorrow", "tonight": "today"}
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")


class DateField(NamedTuple):
    """A field, and the pieces of the sentence that say it, half-open."""

    field: Field
    value: str
    at: int
    end: int


def fields(sentence: Sentence, parts: Sequence[Piece]) -> list[DateField]:
    """The fields in order of their place; ``parts`` are the pieces of the sentence."""
    return [
        DateField(field, value, at, end)
        for at, piece in enumerate(parts)
        for field, value, end in _at(parts, at)
        if not (field == "month" and piece.low in _ALSO_VERBS and not _month(sentence, parts, at))
    ]


def _at(parts: Sequence[Piece], at: int) -> list[tuple[Field, str, int]]:
    low = parts[at].low
    if parts[at].kind == "iso":
        return _iso(low, at + 1)
    after = parts[at + 1].low if at + 1 < len(parts) else ""
    if low in MONTH_FORMS:
        return [("month", MONTH_FORMS[low], at + 1)]
    if low.removesuffix("'s") in _WEEKDAYS:
        return [("weekday", _WEEKDAYS[low.removesuffix("'s")], at + 1)]
    if low in _DAYS:
        return [("relative", _DAYS[low], at + 1)]
    if low in DIRECTIONS and after in _PERIODS:
        return [("relative", f"{DIRECTIONS[low]} {after.replace('weekend', 'week')}", at + 2)]
    if low in _SEASONS:
        return [("season", low, at + 1)]
    if _is_day(parts, at):
        return [("day", _DAY.fullmatch(low).group(1).lstrip("0"), at + 1)]  # type: ignore[union-attr]  # _is_day matched
    year = numbers.year(parts, at)
    return [("year", str(year[0]), year[1])] if year and not _counts(parts, year[1]) else []


def _iso(date: str, end: int) -> list[tuple[Field, str, int]]:
    """The fields of ``2022-02-24``; none where there is no such month."""
    year, month, day = date.split("-")
    if not 1 <= int(month) <= len(MONTHS):
        return []
    return [("year", year, end), ("month", MONTHS[int(month) - 1], end), ("day", day.lstrip("0"), end)]


def _is_day(parts: Sequence[Piece], at: int) -> bool:
    match = _DAY.fullmatch(parts[at].low)
    if match is None or not 1 <= int(match.group(1)) <= 31:
        return False
    before, after = (parts[at - 1].low if at else ""), [piece.low for piece in parts[at + 1 : at + 3]]
    return (
        before in MONTH_FORMS
        or (bool(after) and after[0] in MONTH_FORMS)
        or (after[:1] == ["of"] and after[-1] in MONTH_FORMS)
    )


def _counts(parts: Sequence[Piece], end: int) -> bool:
    """Whether four digits count something after all."""
    after = parts[end].low if end < len(parts) else ""
    return after in MEASURES or after in CURRENCIES or after in PERCENT or after in ("people", "men", "women")


def _month(sentence: Sentence, parts: Sequence[Piece], at: int) -> bool:
    """Whether a word that may be another is a month here: a number beside it, or a preposition before it."""
    beside = [piece.kind for piece in (*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2])]
    before = parts[at - 1].low if at else ""
    first, _ = sentence.at(parts[at].start, parts[at].end)
    return (
        "digits" in beside
        or before in ("in", "of", "since", "until", "by", "early", "late", "last", "this", "next")
        or (bool(sentence.words) and sentence.words[first].pos == "PROPN" and sentence.words[first].entity == "DATE")
    )
