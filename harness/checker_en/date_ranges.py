"""The days that ``on Tuesday`` or ``last month`` may mean in an article with a known date.

Each phrase keeps all the ranges of days it may mean. Two phrases agree if any of their ranges agree, and exclude each
other only if none do. dateparser would settle on one day, so a wrong guess would become a false contradiction.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

Grain = Literal["day", "week", "month", "year"]
Direction = Literal["last", "this", "next", ""]

_FARTHEST = 1000
"""From this many units on, ``ago`` is a figure of speech."""
_AGO: Mapping[Grain, timedelta] = {
    "day": timedelta(0), "week": timedelta(days=4), "month": timedelta(days=15), "year": timedelta(days=183),
}  # fmt: skip  # a table
"""How far ``ago`` may be from the exact day."""


class DateRange(NamedTuple):
    """Days, both ends included."""

    first: date
    last: date

    def is_within(self, other: DateRange) -> bool:
        return other.first <= self.first and self.last <= other.last

    def is_apart_from(self, other: DateRange) -> bool:
        return self.last < other.first or other.last < self.first


class TimeReference(NamedTuple):
    """The grain of a time phrase, and the ranges of days it may mean."""

    grain: Grain
    ranges: tuple[DateRange, ...]

    def entails(self, other: TimeReference) -> bool:
        """True if this time implies the other: Tuesday implies this month."""
        return any(one.is_within(two) for one in self.ranges for two in other.ranges)

    def excludes(self, other: TimeReference) -> bool:
        """True if both have the same grain and share no possible time."""
        return self.grain == other.grain and all(one.is_apart_from(two) for one in self.ranges for two in other.ranges)


class PartialDate(NamedTuple):
    """A calendar date; unstated fields are None."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    """0 is Monday."""


def resolve(partial: PartialDate, direction: Direction, today: date) -> tuple[DateRange, ...]:
    """The ranges it may mean: the nearest before and after if it recurs, none if the day does not exist."""
    if partial.year is not None:
        return tuple(_in_year(partial, partial.year))
    if partial.month is None:
        around = [today + timedelta(days=apart) for apart in range(-15, 16)]
        days = [DateRange(day, day) for day in around if day.weekday() == partial.weekday]
        return _nearest(days, direction, today)
    ranges = [each for year in range(today.year - 1, today.year + 2) for each in _in_year(partial, year)]
    # Tuesday, 25 February does not exist in every year; if no nearby year has it, the weekday is a slip
    right = [each for each in ranges if partial.day is not None and each.first.weekday() == partial.weekday]
    return _nearest(right or ranges, direction, today)


def _in_year(partial: PartialDate, year: int) -> Iterator[DateRange]:
    grain: Grain = "year" if partial.month is None else "month" if partial.day is None else "day"
    try:
        yield period_around(grain, date(year, partial.month or 1, partial.day or 1))
    except ValueError:  # there is no such day
        return


def _nearest(known: Sequence[DateRange], direction: Direction, today: date) -> tuple[DateRange, ...]:
    """The ranges nearest to today; ``last`` keeps the two before, ``next`` the two after."""
    past = [each for each in known if each.last < today]
    now = [each for each in known if each.first <= today <= each.last]
    coming = [each for each in known if each.first > today]
    if direction == "last":
        return tuple(past[-2:])
    if direction == "next":
        return tuple(coming[:2])
    return tuple(now) if direction == "this" and now else (*past[-1:], *now, *coming[:1])


def period_around(grain: Grain, day: date) -> DateRange:
    """The day, week, month or year around a day; weeks have eight days, because they may begin on Sunday or Monday."""
    if grain == "year":
        return DateRange(date(day.year, 1, 1), date(day.year, 12, 31))
    if grain == "month":
        return DateRange(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return DateRange(monday - timedelta(days=1), monday + timedelta(days=6))
    return DateRange(day, day)


def shift(grain: Grain, by: int, today: date) -> DateRange:
    """The range ``by`` units away: -1 month is last month."""
    return period_around(grain, _move(today, grain, by))


def ago(grain: Grain, count: int, today: date) -> TimeReference | None:
    """``three weeks ago``: around that day, or in its calendar month or year; None if too far back."""
    if count > _FARTHEST:
        return None
    try:
        day = _move(today, grain, -count)
        about = DateRange(day - _AGO[grain], day + _AGO[grain])
    except (ValueError, OverflowError):  # before the first year
        return None
    return TimeReference(grain, tuple(dict.fromkeys((about, period_around(grain, day)))))


def _move(today: date, grain: Grain, by: int) -> date:
    """The same day of another week, month or year, or the last day of a month that is shorter."""
    if grain in ("day", "week"):
        return today + timedelta(days=by * (7 if grain == "week" else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + by * (12 if grain == "year" else 1), 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
