"""Another date: weekday, month, day, year, decade or period."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.checker_en.syntax import beside, end, neighbour
from harness.suggest.edits.edit import Change, Passage, shuffled

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_WEEKDAYS, _MONTHS = tuple(day_name), tuple(month_name)[1:]
_LONG = ("January", "March", "May", "July", "August", "October", "December")
_PERIODS = ("week", "month", "year")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_DECADE = re.compile(r"(?:1[5-9]|20)\d0s")


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each part of a date with up to two other values, those that the article mentions elsewhere first."""
    here = {token.text for token in passage.doc}
    for token in passage.doc:
        values = [value for value in shuffled(rng, _find_others(token)) if value not in here]
        values.sort(key=lambda value: value not in passage.context)  # stable: chance decides among equals
        for value in values[:2]:
            yield [Change(token.idx, end(token), value)]


def _find_others(token: Token) -> list[str]:
    """The values that could replace one part of a date."""
    text = token.text
    if token.ent_type_ not in ("DATE", "TIME"):
        return []
    if text in _WEEKDAYS:
        return [day for day in _WEEKDAYS if day != text]
    if text in _MONTHS:
        month_of_31 = any(_is_day(near) and int(near.text) > 28 for near in _neighbours(token))
        return [month for month in (_LONG if month_of_31 else _MONTHS) if month != text]
    if _YEAR.fullmatch(text):
        return [str(int(text) + step) for step in (-10, -5, -4, -3, -2, 2, 3, 4)]
    if _DECADE.fullmatch(text):
        return [f"{int(text[:4]) + step}s" for step in (-30, -20, -10, 10, 20)]
    if _is_day(token) and any(near.text in _MONTHS for near in _neighbours(token)):
        return [str(day) for day in range(1, 29) if abs(day - int(text)) > 1]
    if text in _PERIODS and beside(token, -1) in ("last", "next"):
        return [period for period in _PERIODS if period != text]
    return []


def _is_day(token: Token) -> bool:
    return token.text.isdecimal() and len(token.text) < 3 and int(token.text) < 32


def _neighbours(token: Token) -> list[Token]:
    return [near for step in (-1, 1) if (near := neighbour(token, step)) is not None]
