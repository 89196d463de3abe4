"""Dates: what a sentence says of when, field by field, so that partial dates can be held against each other.

Where the date of the article is known, each field also has the days that it may mean, so that ``on Tuesday`` can be
held against ``25 February``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from harness.english import number_words, numbers
from harness.english.calendar_words import MONTHS, WEEKDAYS
from harness.english.date_fields import DIRECTIONS, DateField, Field, fields
from harness.english.date_ranges import Grain, PartialDate, TimeReference, ago, calendar, resolved, shifted
from harness.english.numbers import Piece
from harness.english.sentence import Sentence

_MONTHS = {name: number for number, name in enumerate(MONTHS, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(WEEKDAYS)}
_GRAINS: dict[Field, Grain] = {"year": "year", "month": "month", "day": "day", "weekday": "day"}
"""The fields that together name a time; the others are one by themselves."""
_JOINTS = frozenset({"the", "of", "on"})
_DAYS = {"yesterday": (-1,), "today": (0,), "tomorrow": (1,), "last night": (-1, 0)}
_PERIODS: dict[str, Grain] = {"week": "week", "month": "month", "year": "year"}
_UNITS: dict[str, Grain] = {"day": "day", **_PERIODS}
_STEPS = {"last": -1, "this": 0, "next": 1}
_OF_A_STORY = frozenset({"the", "his", "her", "its", "their"})
"""Before ``next month``: not the one after the article."""


class Date(NamedTuple):
    """One field of a date."""

    field: Field
    value: str
    first: int
    last: int
    """The words that say it, half-open."""
    whole: tuple[int, int]
    """The words of the expression that it is in, half-open: 25 February, for its day."""
    when: TimeReference | None = None
    """The days that it may mean; None where that is not known."""


def dates(sentence: Sentence, today: date | None = None) -> list[Date]:
    """The fields in order of their place; ``today`` is the date of the article."""
    parts = numbers.pieces(sentence)
    groups = [
        [*_meant(group, parts, today)] if today else [(said, None) for said in group]
        for group in _expressions(fields(sentence, parts), parts)
    ]
    groups += [[each] for each in (_ago(parts, today) if today else ())]
    return [
        Date(said.field, said.value, *_words(sentence, parts, said.at, said.end), whole, meant)
        for group in sorted(groups, key=lambda group: group[0][0].at)
        for whole in [_words(sentence, parts, group[0][0].at, group[-1][0].end)]
        for said, meant in group
    ]


def _words(sentence: Sentence, parts: Sequence[Piece], at: int, end: int) -> tuple[int, int]:
    """The words of some pieces, half-open."""
    return sentence.at(parts[at].start, parts[end - 1].end)


def _expressions(date_fields: Sequence[DateField], parts: Sequence[Piece]) -> list[list[DateField]]:
    """The fields that together name one time: ``Tuesday, the 25th of February 2025``."""
    groups: list[list[DateField]] = []
    for said in date_fields:
        if groups and _continues(groups[-1], said, parts):
            groups[-1].append(said)
        else:
            groups.append([said])
    return groups


def _continues(group: Sequence[DateField], said: DateField, parts: Sequence[Piece]) -> bool:
    known = {each.field for each in group}
    between = {piece.low for piece in parts[group[-1].end : said.at]}
    return said.field not in known and {said.field, *known} <= _GRAINS.keys() and between <= _JOINTS


def _meant(
    group: Sequence[DateField], parts: Sequence[Piece], today: date
) -> Iterator[tuple[DateField, TimeReference | None]]:
    """Each field of an expression with its time: of 25 February the month is all of that February."""
    before = parts[group[0].at - 1].low if group[0].at else ""
    if group[0].field not in _GRAINS:
        yield group[0], _relative(group[0].value, before, today)
        return
    said = {each.field: each.value for each in group}
    year, day = (int(said[name]) if name in said else None for name in ("year", "day"))
    month, weekday = _MONTHS.get(said.get("month", "")), _WEEKDAYS.get(said.get("weekday", ""))
    ranges = resolved(PartialDate(year, month, day, weekday), DIRECTIONS.get(before, ""), today)
    for field in group:
        grain = _GRAINS[field.field]
        open_day = grain == "day" and month is not None and day is None  # a Tuesday of some month
        wide = () if open_day else tuple(dict.fromkeys(calendar(grain, each.first) for each in ranges))
        yield field, TimeReference(grain, wide) if wide else None


def _relative(value: str, before: str, today: date) -> TimeReference | None:
    """``last month``, ``yesterday``; None for the next month of a story, for seasons and for decades."""
    if value in _DAYS:
        return TimeReference("day", tuple(shifted("day", step, today) for step in _DAYS[value]))
    direction, _, period = value.partition(" ")
    if period not in _PERIODS or before in _OF_A_STORY:
        return None
    return TimeReference(_PERIODS[period], (shifted(_PERIODS[period], _STEPS[direction], today),))


def _ago(parts: Sequence[Piece], today: date) -> Iterator[tuple[DateField, TimeReference | None]]:
    """``three days ago``, ``a week ago``."""
    for end, piece in enumerate(parts):
        unit = parts[end - 1].low.removesuffix("s") if end else ""
        if piece.low != "ago" or unit not in _UNITS:
            continue
        counts = ((at, _count(parts[at : end - 1])) for at in range(max(0, end - 4), end - 1))
        at, count = next((each for each in counts if each[1] is not None), (0, None))
        if count is not None:
            yield DateField("relative", f"{count} {unit} ago", at, end + 1), ago(_UNITS[unit], count, today)


def _count(parts: Sequence[Piece]) -> int | None:
    """The whole number that the pieces are, all of them together."""
    words = [part.low for part in parts if part.kind != "dash"]
    if words in (["a"], ["an"], ["one"]):
        return 1
    number = number_words.read(words, 0) if words else None
    return int(number[0]) if number and number[1] == len(words) and number[0] == int(number[0]) else None
