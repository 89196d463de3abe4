"""The dates of a sentence, field by field, so that partial dates can be compared.

If the article's date is known, each field also has the days it may mean, so that ``on Tuesday`` can be compared with
``25 February``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from harness.checker_en import number_words, numbers
from harness.checker_en.date_ranges import (
    Direction,
    Grain,
    PartialDate,
    TimeReference,
    ago,
    period_around,
    resolve,
    shift,
)
from harness.checker_en.lists import group
from harness.checker_en.numbers import Piece
from harness.checker_en.sentence import Sentence
from harness.checker_en.units import CURRENCIES, MEASURES, PERCENT

Field = Literal["year", "decade", "month", "day", "weekday", "relative", "season"]

_YEAR = "january february march april may june july august september october november december"
_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
MONTHS = tuple(_YEAR.split())
WEEKDAYS = tuple(_WEEK.split())
MONTH_FORMS = {form: month for month in MONTHS for form in (month, month[:3])} | {"sept": "september"}
"""Full or short name of a month → the month."""
_SEASONS = group("spring summer autumn winter christmas easter halloween thanksgiving")
_WORDS: dict[str, tuple[Field, str]] = {
    **{form: ("month", month) for form, month in MONTH_FORMS.items()},
    **{form: ("weekday", day) for day in WEEKDAYS for form in (day, f"{day}s", f"{day}'s")},
    **{word: ("season", word) for word in _SEASONS},
    **{word: ("relative", word) for word in ("yesterday", "today", "tomorrow")},
    "tonight": ("relative", "today"),
}
"""Words that make a field on their own."""
_DIRECTIONS: dict[str, Direction] = {
    "last": "last", "this": "this", "next": "next", "past": "last", "previous": "last", "coming": "next",
}  # fmt: skip  # a table
_DIRECTED = group("day week weekend month year season night decade century summer")
"""Words that make a field after one of these."""
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_DECADE = re.compile(r"(?:1[0-9]|20)[1-9]0")  # the 1500s are a century
_TENS = re.compile(r"[0-9]0")
_JOINING = frozenset({"and", "or", "to"})
_ALSO_VERBS = ("may", "march", "mar", "dec")
_BEFORE_MONTHS = ("in", "of", "since", "until", "by", "early", "late", "last", "this", "next")

_GRAINS: dict[Field, Grain] = {"year": "year", "month": "month", "day": "day", "weekday": "day"}
"""The fields that together name a time; each other field stands alone."""
_JOINTS = frozenset({"the", "of", "on"})
_DAYS = {"yesterday": (-1,), "today": (0,), "tomorrow": (1,), "last night": (-1, 0)}
_PERIODS: dict[str, Grain] = {"week": "week", "month": "month", "year": "year"}
_UNITS: dict[str, Grain] = {"day": "day", **_PERIODS}
_STEPS = {"last": -1, "this": 0, "next": 1}
_ROUND = 20
"""From here up, multiples of ten are round numbers."""
_OF_A_STORY = frozenset({"the", "his", "her", "its", "their"})
"""Before ``next month``, these words make it relative to the story, not to the article's date."""


class Date(NamedTuple):
    """One field of a date."""

    field: Field
    value: str
    slot: range
    """Its words."""
    start: int
    end: int
    """Offsets in the plain text."""
    whole: range
    """The words of the whole expression: 25 February, for its day."""
    when: TimeReference | None = None
    """The days it may mean; None if unknown."""


class _Field(NamedTuple):
    """A field and its pieces, from ``at`` to before ``end``."""

    field: Field
    value: str
    at: int
    end: int


def find_dates(sentence: Sentence, today: date | None = None) -> list[Date]:
    """The fields in order; ``today`` is the date of the article."""
    parts = numbers.split_into_pieces(sentence)
    named = _group_fields(_find_fields(sentence, parts), parts)
    expressions = [
        [*_resolve_fields(expression, parts, today)] if today else [(field, None) for field in expression]
        for expression in named
    ]
    expressions += [[each] for each in (_find_ago(parts, today) if today else ())]
    return [
        Date(
            each.field, each.value, sentence.at(*_place(parts, each, each)), *_place(parts, each, each), whole, meant,
        )
        for expression in sorted(expressions, key=lambda expression: expression[0][0].at)
        for whole in [sentence.at(*_place(parts, expression[0][0], expression[-1][0]))]
        for each, meant in expression
    ]  # fmt: skip  # one comprehension


def entails(premise: Date, claim: Date) -> bool:
    """True if the named time of the premise implies the claim's: 1994 implies the 1990s."""
    of_decade = (premise.field, claim.field) == ("year", "decade") and _decade_of(premise) == claim.value
    return of_decade or (claim.field, claim.value) == (premise.field, premise.value)


def exclude(one: Date, other: Date) -> bool:
    """True if two different times exclude each other by name: two months, or 1994 and the 1980s."""
    if {one.field, other.field} == {"year", "decade"}:
        return _decade_of(one) != _decade_of(other)
    return one.field == other.field


def _decade_of(date: Date) -> str:
    return f"{date.value[:-1]}0"


def _place(parts: Sequence[Piece], one: _Field, other: _Field) -> tuple[int, int]:
    """The characters from one field to the end of another."""
    return parts[one.at].start, parts[other.end - 1].end


def _find_fields(sentence: Sentence, parts: Sequence[Piece]) -> list[_Field]:
    return [
        _Field(field, value, at, end)
        for at, piece in enumerate(parts)
        for field, value, end in _read_fields(parts, at)
        if not (field == "month" and piece.low in _ALSO_VERBS and not _is_month(sentence, parts, at))
    ]


def _read_fields(parts: Sequence[Piece], at: int) -> list[tuple[Field, str, int]]:
    low = parts[at].low
    if parts[at].kind == "iso":
        return _read_iso(low, at + 1)
    if low in _WORDS:
        return [(*_WORDS[low], at + 1)]
    after = parts[at + 1].low if at + 1 < len(parts) else ""
    if low in _DIRECTIONS and after in _DIRECTED:
        return [("relative", f"{_DIRECTIONS[low]} {after.replace('weekend', 'week')}", at + 2)]
    if day := _read_day(parts, at):
        return [("day", *day)]
    if decade := _read_decade(parts, at):
        return [("decade", decade, at + 2)]
    year = numbers.read_year(parts, at)
    return [("year", str(year[0]), year[1])] if year and not _is_count(parts, year[1]) else []


def _read_decade(parts: Sequence[Piece], at: int) -> str | None:
    """The first year of a decade in digits: 1980s, or the 80s in 1970s and 80s."""
    s = parts[at + 1] if at + 1 < len(parts) else None
    if s is None or s.low != "s" or s.start != parts[at].end:
        return None
    if _DECADE.fullmatch(parts[at].low):
        return parts[at].low
    earlier = parts[at - 3].low if at > 2 and parts[at - 1].low in _JOINING else ""
    return f"{earlier[:2]}{parts[at].low}" if _DECADE.fullmatch(earlier) and _TENS.fullmatch(parts[at].low) else None


def _read_iso(iso: str, end: int) -> list[tuple[Field, str, int]]:
    """The fields of ``2022-02-24``; none if there is no such month."""
    year, month, day = iso.split("-")
    if not 1 <= int(month) <= len(MONTHS):
        return []
    return [("year", year, end), ("month", MONTHS[int(month) - 1], end), ("day", day.lstrip("0"), end)]


def _read_day(parts: Sequence[Piece], at: int) -> tuple[str, int] | None:
    """The number of a day next to a month, and the piece after it.

    None for a number without a month, and for a count after a month: in March 10 people were killed.
    """
    match, end = _DAY.fullmatch(parts[at].low), at + 1
    number = int(match.group(1)) if match else 0
    if (spelled := numbers.ordinal_in_words(parts, at)) and spelled[1] > end:
        number, end = spelled
    before, *after = ("" if not at else parts[at - 1].low, *(piece.low for piece in parts[end : end + 2]))
    is_count = at > 1 and parts[at - 2].low == "in" and before in MONTH_FORMS
    if not 1 <= number <= 31 or is_count:
        return None
    beside = {before, *after[:1], after[-1] if after[:1] == ["of"] else ""}
    return (str(number), end) if beside & MONTH_FORMS.keys() else None


def _is_count(parts: Sequence[Piece], end: int) -> bool:
    """True if four digits are a count and not a year."""
    after = parts[end].low if end < len(parts) else ""
    return after in MEASURES or after in CURRENCIES or after in PERCENT or after in ("people", "men", "women")


def _is_month(sentence: Sentence, parts: Sequence[Piece], at: int) -> bool:
    """True if a word such as may is a month here: next to a number, or after a preposition."""
    beside = [piece.kind for piece in (*parts[max(0, at - 1) : at], *parts[at + 1 : at + 2])]
    before = parts[at - 1].low if at else ""
    words = sentence.words[slice(*sentence.at(parts[at].start, parts[at].end))][:1]
    return (
        "digits" in beside
        or before in _BEFORE_MONTHS
        or any(word.pos == "PROPN" and word.entity == "DATE" for word in words)
    )


def _group_fields(fields: Sequence[_Field], parts: Sequence[Piece]) -> list[list[_Field]]:
    """The fields grouped by the time they name: ``Tuesday, the 25th of February 2025``."""
    expressions: list[list[_Field]] = []
    for field in fields:
        if expressions and _continues(expressions[-1], field, parts):
            expressions[-1].append(field)
        else:
            expressions.append([field])
    return expressions


def _continues(expression: Sequence[_Field], field: _Field, parts: Sequence[Piece]) -> bool:
    before = {each.field for each in expression}
    between = {piece.low for piece in parts[expression[-1].end : field.at]}
    return field.field not in before and {field.field, *before} <= _GRAINS.keys() and between <= _JOINTS


def _resolve_fields(
    expression: Sequence[_Field], parts: Sequence[Piece], today: date
) -> Iterator[tuple[_Field, TimeReference | None]]:
    """Each field of an expression with its time; the month of 25 February is the whole of that February."""
    before = parts[expression[0].at - 1].low if expression[0].at else ""
    if expression[0].field not in _GRAINS:
        yield expression[0], _resolve_relative(expression[0].value, before, today)
        return
    values = {each.field: each.value for each in expression}
    partial = PartialDate(
        year=int(values["year"]) if "year" in values else None,
        month=1 + MONTHS.index(values["month"]) if "month" in values else None,
        day=int(values["day"]) if "day" in values else None,
        weekday=WEEKDAYS.index(values["weekday"]) if "weekday" in values else None,
    )
    ranges = resolve(partial, _DIRECTIONS.get(before, ""), today)
    for field in expression:
        grain = _GRAINS[field.field]
        open_day = grain == "day" and "month" in values and "day" not in values  # a Tuesday of some month
        wide = () if open_day else tuple(dict.fromkeys(period_around(grain, each.first) for each in ranges))
        yield field, TimeReference(grain, wide) if wide else None


def _resolve_relative(value: str, before: str, today: date) -> TimeReference | None:
    """``last month``, ``yesterday``; None for times relative to the story, seasons and decades."""
    if before in ("before", "after"):
        return None
    if value in _DAYS:
        return TimeReference("day", tuple(shift("day", step, today) for step in _DAYS[value]))
    direction, _, period = value.partition(" ")
    if period not in _PERIODS or before in _OF_A_STORY:
        return None
    return TimeReference(_PERIODS[period], (shift(_PERIODS[period], _STEPS[direction], today),))


def _find_ago(parts: Sequence[Piece], today: date) -> Iterator[tuple[_Field, TimeReference | None]]:
    """``three days ago``, ``a week ago``."""
    for end, piece in enumerate(parts):
        unit = parts[end - 1].low.removesuffix("s") if end else ""
        if piece.low != "ago" or unit not in _UNITS:
            continue
        counts = ((at, _read_count(parts[at : end - 1])) for at in range(max(0, end - 4), end - 1))
        at, count = next((each for each in counts if each[1] is not None), (0, None))
        if count is not None:
            is_rough = bool(numbers.read_bound(parts, at)) or (count >= _ROUND and count % 10 == 0)
            when = None if is_rough else ago(_UNITS[unit], count, today)
            yield _Field("relative", f"{count} {unit} ago", at, end + 1), when


def _read_count(parts: Sequence[Piece]) -> int | None:
    """The whole number that the pieces spell."""
    words = [part.low for part in parts if part.kind != "dash"]
    if words in (["a"], ["an"], ["one"]):
        return 1
    number = number_words.read(words, 0) if words else None
    return int(number[0]) if number and number[1] == len(words) and number[0] == int(number[0]) else None
