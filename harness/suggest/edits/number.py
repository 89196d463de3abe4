"""Replace a number with another of plausible size, in the same style and unit, or a part of a date with another."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.checker_en.number_words import map_spellings, spell
from harness.suggest.edits.edit import Change, Passage, shuffle
from harness.suggest.english import end, neighbour, neighbour_word, parse, word_set

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_DIGITS = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_BOUND = re.compile(r"\b(?:than|at least|at most|up to|over|under|above|below|exceed\w*)\s*[$£€]?$", re.IGNORECASE)
"""Words that make a number a bound: more than 5 and more than 7 can both be true."""
_SCALES = word_set("hundred thousand million billion trillion bn m k percent % per")
_NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "NORP")
_FACTORS = (0.5, 0.6, 0.7, 0.8, 1.2, 1.3, 1.4, 1.5, 1.8, 2.0)
_MAX_RATIO = 2.5  # of a number from the article to the number that it replaces
_MIN_DIFFERENCE = 0.1  # relative; below it, both values could be right, because people round
_WEEKDAYS, _MONTHS = tuple(day_name), tuple(month_name)[1:]
_LONG_MONTHS = ("January", "March", "May", "July", "August", "October", "December")
_PERIODS = ("week", "month", "year")
_DECADE = re.compile(r"(?:1[5-9]|20)\d0s")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text; ``text[start:end]`` is the number alone, without currency, scale or unit."""

    start: int
    end: int
    value: float
    text: str
    unit: str
    """The scale or percent sign after it, ``money`` or ``age``; empty for a count."""


def change_numbers(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Replace each number with up to two other values: first one from the article, then made-up ones."""
    here = find_numbers(passage.text)
    taken = {number.value for number in here}
    for number in here:
        near = {
            other.value
            for other in find_numbers(passage.context)
            if other.unit == number.unit and number.value / _MAX_RATIO <= other.value <= number.value * _MAX_RATIO
        }
        values = [*shuffle(rng, sorted(near))[:1], *shuffle(rng, _make_up(number))]
        false = [value for value in dict.fromkeys(values) if value not in taken and _is_false(value, number)]
        for value in false[:2]:
            yield [Change(number.start, number.end, _write(value, number))]


@lru_cache(maxsize=256)
def find_numbers(text: str) -> tuple[Number, ...]:
    """Find the counts and amounts of a text, in order: no bounds, dates, scores, fractions or parts of names."""
    return tuple(
        Number(token.idx, end(token), value, token.text, _read_unit(token))
        for token in parse(text)
        if (value := _read_value(token)) is not None
        and not _is_date_or_name(token)
        and not _BOUND.search(text[max(0, token.idx - 20) : token.idx])
    )


def _read_value(token: Token) -> float | None:
    if _DIGITS.fullmatch(token.text):
        return float(token.text.replace(",", ""))
    value = map_spellings().get(token.lower_, 0)
    return float(value) if 2 <= value < 100 else None


def _is_date_or_name(token: Token) -> bool:
    near = {neighbour_word(token, -1).capitalize(), neighbour_word(token, 1).capitalize()}
    if _YEAR.fullmatch(token.text) or near & {*_MONTHS, "-", "–", "/", ":"}:
        return True
    before, after = neighbour(token, -1), neighbour(token, 1)
    follows_name = before is not None and before.pos_ == "PROPN"  # World War 2
    starts_name = token.is_title and after is not None and after.pos_ == "PROPN"  # Five Guys
    touches_letters = after is not None and after.text[:1].isalpha() and not token.whitespace_  # 5G
    return token.ent_type_ in _NAMES or follows_name or bool(starts_name) or touches_letters


def _read_unit(token: Token) -> str:
    before, after = neighbour_word(token, -1), neighbour_word(token, 1)
    if after in _SCALES:
        return after
    if before in ("$", "£", "€"):
        return "money"
    is_age = before == "aged" or before == after == ","  # Ann Bell, 87, resigned
    return "age" if is_age or (after in ("years", "-") and neighbour_word(token, 2) == "old") else ""


def _make_up(number: Number) -> list[float]:
    """Make up values nearby, as round as the number itself."""
    if number.value <= 12 and number.value.is_integer():
        return [number.value + step for step in (-3, -2, -1, 1, 2, 3)]
    decimals = len(number.text.partition(".")[2])
    digits = str(int(number.value))
    zeros = 0 if decimals else len(digits) - len(digits.rstrip("0"))
    zeros -= zeros == len(digits) - 1 > 0  # keep two digits; one would leave too few values for 10, 100 and 1000
    return [round(number.value * factor, decimals - zeros) for factor in _FACTORS]


def _is_false(value: float, number: Number) -> bool:
    """True if the value makes the statement false and can be written in the style of the number."""
    plural = value >= 2 or (value > 0 and "." in number.text)
    if not plural or number.value == 1 or ("." in number.text and value.is_integer()):
        return False
    if number.text[0].isalpha() and not (value.is_integer() and value < 100):
        return False
    if number.unit in ("%", "percent", "per") and value > 100 >= number.value:
        return False
    if number.unit == "age" and value > 99:
        return False
    return abs(value - number.value) >= _MIN_DIFFERENCE * max(value, number.value)


def _write(value: float, like: Number) -> str:
    if like.text[0].isalpha():
        return spell(int(value))
    decimals = len(like.text.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like.text or value >= 10_000 > like.value else f"{value:.{decimals}f}"


def change_dates(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Replace each part of a date with up to two other values, first those in the article."""
    here = {token.text for token in passage.doc}
    for token in passage.doc:
        values = [value for value in shuffle(rng, _find_others(token)) if value not in here]
        values.sort(key=lambda value: value not in passage.context)  # the sort is stable, so ties stay in random order
        for value in values[:2]:
            yield [Change(token.idx, end(token), value)]


def _find_others(token: Token) -> list[str]:
    text = token.text
    near = [other for step in (-1, 1) if (other := neighbour(token, step)) is not None]
    if token.ent_type_ not in ("DATE", "TIME"):
        return []
    if text in _WEEKDAYS:
        return [day for day in _WEEKDAYS if day != text]
    if text in _MONTHS:
        month_of_31 = any(_is_day(other) and int(other.text) > 28 for other in near)
        return [month for month in (_LONG_MONTHS if month_of_31 else _MONTHS) if month != text]
    if _YEAR.fullmatch(text):
        return [str(int(text) + step) for step in (-10, -5, -4, -3, -2, 2, 3, 4)]
    if _DECADE.fullmatch(text):
        return [f"{int(text[:4]) + step}s" for step in (-30, -20, -10, 10, 20)]
    if _is_day(token) and any(other.text in _MONTHS for other in near):
        return [str(day) for day in range(1, 29) if abs(day - int(text)) > 1]
    if text in _PERIODS and neighbour_word(token, -1) in ("last", "next"):
        return [period for period in _PERIODS if period != text]
    return []


def _is_day(token: Token) -> bool:
    return token.text.isdecimal() and len(token.text) < 3 and int(token.text) < 32
