"""Another date: weekday, month, day, year, decade, or period."""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.english.syntax import end, neighbour
from harness.english.written_numbers import is_date, is_month
from harness.perturbations.edit import Change
from harness.perturbations.source import Source, shuffled, written

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_WEEKDAYS = tuple(day_name)
_MONTHS = tuple(month_name)[1:]
_SHORT_MONTHS = {"Sept": "September", **dict(zip(tuple(month_abbr)[1:], _MONTHS, strict=True))}
_PERIODS = ("week", "month", "year")
_DAYTIMES = ("morning", "afternoon", "evening")
_NAMES = ("ORG", "WORK_OF_ART", "EVENT", "PERSON", "GPE", "FAC", "PRODUCT")
_YEAR = re.compile(r"(1[1-9]|20)\d\d(s?)")


def changes(source: Source, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each part of a date with up to two other values, those that the article has elsewhere first."""
    here, elsewhere = written(source.text), written(source.context)
    for token in source.doc:
        values = shuffled(rng, _others(token))
        values.sort(key=lambda value: value not in elsewhere)  # stable: chance decides among equals
        for value in [value for value in values if value not in here][:2]:
            yield [Change(token.idx, end(token), value)]


def _others(token: Token) -> list[str]:
    """Values that could stand in the token's place; none where it is no part of a date."""
    if token.ent_type_ in _NAMES:
        return []
    text = token.text
    if text in _WEEKDAYS or text.removesuffix("s") in _WEEKDAYS:
        many = "s" if text.endswith("s") else ""
        return [f"{day}{many}" for day in _WEEKDAYS if f"{day}{many}" != text]
    if text.rstrip(".") in tuple(day_abbr) and token.ent_type_ == "DATE":
        return [text.replace(text.rstrip("."), day) for day in day_abbr if day != text.rstrip(".")]
    if is_month(token):
        return _other_months(token)
    year = _YEAR.fullmatch(text)
    if year and _is_year(token):
        return _other_years(int(text[:4]), year.group(2))
    if text.isdigit() and is_date(token, float(text)):
        return [str(day) for day in range(1, 29) if abs(day - int(text)) > 1]
    return _other_periods(token)


def _other_months(token: Token) -> list[str]:
    """Months in the same form, none that lacks the day that stands beside it."""
    name = token.text.rstrip(".")
    beside = [near.text for near in (neighbour(token, -1), neighbour(token, 1)) if near is not None]
    short_day = not {"29", "30", "31", "29th", "30th", "31st"} & set(beside)
    if name in _SHORT_MONTHS and name != "May":
        full, dot = _SHORT_MONTHS[name], "." if token.text.endswith(".") else ""
        return [f"{short}{dot}" for short in tuple(month_abbr)[1:] if _SHORT_MONTHS[short] != full and short != "May"]
    return [month for month in _MONTHS if month != name and (short_day or month in _LONG)]


_LONG = ("January", "March", "May", "July", "August", "October", "December")


def _is_year(token: Token) -> bool:
    before, after = neighbour(token, -1), neighbour(token, 1)
    counted = after is not None and after.tag_ == "NNS" and token.head == after
    amount = before is not None and before.text in "$£€"
    return not counted and not amount


def _other_years(year: int, decade: str) -> list[str]:
    steps = (-30, -20, -10, 10, 20) if decade else (-10, -5, -4, -3, -2, 2, 3, 4)
    return [f"{year + step}{decade}" for step in steps]


def _other_periods(token: Token) -> list[str]:
    """``last week`` → ``last month``, ``Monday morning`` → ``Monday evening``."""
    before = neighbour(token, -1)
    said = before.lower_ if before is not None else ""
    if token.text in _PERIODS and said in ("last", "next"):
        return [period for period in _PERIODS if period != token.text]
    if token.text in _DAYTIMES and (said in ("this", "yesterday", "the") or said.capitalize() in _WEEKDAYS):
        return [time for time in _DAYTIMES if time != token.text]
    return []
