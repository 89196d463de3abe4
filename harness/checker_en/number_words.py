"""Numbers as people write them: ``1,500``, ``£23million``, ``21st``, ``twenty-one``, ``half a dozen``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

DIGITS = (
    r"(?:(?<![\w.])\.)?\d{1,20}(?:[.,]\d{1,20}){0,6}"
    r"(?:st|nd|rd|th|k|mn?|bn?|tn|thousand|million|billion|trillion)?(?![^\W_]|[.,]\d)"
)
"""Pattern of a number in digits, with an optional leading point and suffix. It has no capturing groups. A string
of more than 20 digits is not a number."""
_IN_DIGITS = re.compile(DIGITS)

_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_AND_A_HALF = ("and", "a", "half")
_MOST_WITH_A_HALF = 100
"""Only numbers below this take "and a half": a million and a half is not 1,000,000.5."""
_LONGEST = 20
"""Maximum number of words in a number."""
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, **_SCALES}


def read(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """Return the number that starts at ``words[at]`` (lower case) and the index after it, or None.

    A lone ``one`` does not count, because it is mostly a pronoun.
    """
    word = words[at]
    if _IN_DIGITS.fullmatch(word):
        value, end = _read_digits(word), at + 1
        if word.isdecimal() and tuple(words[end : end + 3]) == _AND_A_HALF:
            value, end = value + Decimal("0.5"), end + 3
        return _apply_scale(words, end, value)
    if word == "half" and at + 2 < len(words) and words[at + 1] == "a" and words[at + 2] in _SCALES:
        return Decimal(_SCALES[words[at + 2]]) / 2, at + 3
    a_scale = word == "a" and at + 1 < len(words) and words[at + 1] in _SCALES
    phrase = ["one", *words[at + 1 : at + _LONGEST]] if a_scale else list(words[at : at + _LONGEST])
    spelled, length = _read_words(phrase)
    if length and spelled < _MOST_WITH_A_HALF and tuple(phrase[length : length + 3]) == _AND_A_HALF:
        return _apply_scale(words, at + length + 3, spelled + Decimal("0.5"))
    return None if length == 0 or phrase[:length] == ["one"] else (Decimal(spelled), at + length)


def format_digits(value: Decimal) -> str:
    """Write a number in plain digits without trailing zeros, so that equal numbers look the same."""
    return format(value.normalize(), "f")


def _read_digits(word: str) -> Decimal:
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return Decimal(_normalise_separators(digits)) * _SUFFIXES.get(word[len(digits) :], 1)


def _normalise_separators(digits: str) -> str:
    """Remove grouping separators. A lone point is decimal, and so is a lone comma unless three digits follow it."""
    if digits.count(",") == 1 and "." not in digits.partition(",")[2] and len(digits.partition(",")[2]) != 3:
        return digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    return digits.replace(".", "") if digits.count(".") > 1 else digits


def _apply_scale(words: Sequence[str], at: int, value: Decimal) -> tuple[Decimal, int]:
    if at < len(words) and words[at] in _SCALES:
        return value * _SCALES[words[at]], at + 1
    return value, at


@cache
def spell(value: int) -> str:
    """Write a whole number in words: ``twenty-one``."""
    from num2words import num2words

    return str(num2words(value, lang="en"))


@cache
def map_spellings() -> Mapping[str, int]:
    """Map each spelling of a whole number below a thousand, with and without ``and``, to the number."""
    return {form: value for value in range(1000) for form in (spell(value), spell(value).replace(" and ", " "))}


@cache
def _map_words() -> Mapping[tuple[str, ...], int]:
    return {tuple(form.replace("-", " ").split()): value for form, value in map_spellings().items()}


def _read_words(words: Sequence[str]) -> tuple[int, int]:
    """Return the value of the number at the start of the words, and its length in words."""
    total, end, ceiling = 0, 0, 10**15
    while True:
        start = end + (end > 0 and words[end : end + 1] == ["and"])
        value, length = _read_chunk(words[start:])
        if not length or value >= ceiling:
            return total, end
        end = start + length
        scale = _SCALES.get(words[end], 0) if end < len(words) else 0
        if not value or not 1 < scale < ceiling:
            return total + value, end
        total, ceiling, end = total + value * scale, scale, end + 1


def _read_chunk(words: Sequence[str]) -> tuple[int, int]:
    """Return the longest number below a thousand at the start of the words, and its length in words; (0, 0) if none."""
    table = _map_words()
    lengths = (length for length in range(min(5, len(words)), 0, -1) if tuple(words[:length]) in table)
    length = next(lengths, 0)
    return table.get(tuple(words[:length]), 0), length
