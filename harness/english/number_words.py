"""Numbers as people write them: ``1,500``, ``£23million``, ``21st``, ``twenty-one``, ``half a dozen``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

DIGITS = r"\d{1,20}(?:[.,]\d{1,20}){0,6}(?:st|nd|rd|th|k|mn?|bn?|tn|thousand|million|billion|trillion)?(?![^\W_])"
"""A number in digits with the suffix that stands against it, as a pattern without groups; longer ones are words."""
_IN_DIGITS = re.compile(DIGITS)

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * ten for ten, word in enumerate(_ROUND.split(), 2)}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_LONGEST = 20
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, **_SCALES}


def read(words: Sequence[str], at: int) -> tuple[Decimal, int] | None:
    """The number that starts at ``words[at]`` (lower case) and the index after its last word; None where none does.

    A lone ``one`` is a pronoun more often than a number, and counts as none.
    """
    word = words[at]
    if _IN_DIGITS.fullmatch(word):
        return _scaled(words, at + 1, _from_digits(word))
    if word == "half" and at + 2 < len(words) and words[at + 1] == "a" and words[at + 2] in _SCALES:
        return Decimal(_SCALES[words[at + 2]]) / 2, at + 3
    a_scale = word == "a" and at + 1 < len(words) and words[at + 1] in _SCALES
    phrase = ["one", *words[at + 1 : at + _LONGEST]] if a_scale else list(words[at : at + _LONGEST])
    value, length = _spelled(phrase)
    return None if length == 0 or phrase[:length] == ["one"] else (Decimal(value), at + length)


def shown(value: Decimal) -> str:
    """Plain digits without trailing zeros: equal numbers are shown alike."""
    return format(value.normalize(), "f")


def _from_digits(word: str) -> Decimal:
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return Decimal(_plain(digits)) * _SUFFIXES.get(word[len(digits) :], 1)


def _plain(digits: str) -> str:
    """One comma before anything but three digits, or a lone point, is decimal; every other separator groups."""
    if digits.count(",") == 1 and "." not in digits and len(digits.partition(",")[2]) != 3:
        return digits.replace(",", ".")
    return digits.replace(".", "") if digits.count(".") > 1 else digits.replace(",", "")


def _scaled(words: Sequence[str], at: int, value: Decimal) -> tuple[Decimal, int]:
    if at < len(words) and words[at] in _SCALES:
        return value * _SCALES[words[at]], at + 1
    return value, at


def _spelled(words: Sequence[str]) -> tuple[int, int]:
    """The value of the number that the words begin with, and how many of them it takes."""
    total, current, ceiling = 0, 0, 10**15
    for end, word in enumerate(words):
        if word in _UNITS and _fits(current, _UNITS[word]):
            current += _UNITS[word]
        elif word in _TENS and current % 100 == 0:
            current += _TENS[word]
        elif word == "hundred" and 0 < current < 100:
            current *= 100
        elif word in _SCALES and current and _SCALES[word] < ceiling:
            ceiling = _SCALES[word]
            total, current = total + current * ceiling, 0
        elif not (word == "and" and total + current and _continues(words[end + 1 :], current)):
            return total + current, end
    return total + current, len(words)


def _fits(current: int, unit: int) -> bool:
    """Whether the unit can follow: five after twenty or a hundred, nothing after five."""
    room = current % 100
    return room == 0 or (room >= 20 and room % 10 == 0 and 0 < unit < 10)


def _continues(rest: Sequence[str], current: int) -> bool:
    return current % 100 == 0 and bool(rest) and (rest[0] in _UNITS or rest[0] in _TENS)
