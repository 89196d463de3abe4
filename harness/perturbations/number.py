"""Another number: of a magnitude that could be true, in the same style, its unit kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from harness.checker_en.analysis import analysed
from harness.checker_en.number_words import Spelling, below_a_thousand, ordinals, spelled
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence
from harness.checker_en.units import PARTS
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled

if TYPE_CHECKING:
    import numpy as np

Style = Literal["digits"] | Spelling
Unit = Literal["money", "percent", "age", "plain"]

_AMOUNT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
"""An amount as English writes it: 1,234.5, but not 1.2.3, which is a version or a date."""
_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?(?:(?:st|nd|rd|th)\b)?")
_FIRST_WORD = re.compile(r"[\s-]*([a-z]+)")
_UNITS: dict[str, Unit] = {"money": "money", "share": "percent", "age": "age"}
_NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "NORP")
_LARGEST = 15
"""Digits of a number that a float holds exactly."""
_NEAR = 2.5
"""How many times larger or smaller a number of the article may be to be put in place of another."""
_LEAST = 0.1
"""Values that differ by a smaller share of the larger could both be right, since people round."""
_PARTS = (
    PARTS | dict.fromkeys(("semi", "semifinal", "semifinals"), 2) | dict.fromkeys(("quarterfinal", "quarterfinals"), 4)
)
"""Word after an ordinal → how many there are of it; of ``semi-final`` the first word."""
_FACTORS = (0.5, 0.6, 0.7, 0.8, 1.2, 1.3, 1.4, 1.5, 1.8, 2.0)


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in a text. ``old[start:end]`` is the number alone: currency, scale and unit stand around it."""

    start: int
    end: int
    value: float
    text: str
    style: Style
    unit: Unit
    scaled: bool
    """Whether a scale follows: the 5 of ``5 million``."""
    is_bound: bool
    """Whether the text states a bound, more than 5 or up to 5: both can hold of one number, so none is made false."""


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each number with up to two other values: one that the article has elsewhere, one made up."""
    stock = written_numbers(passage.context)
    here = written_numbers(passage.text)
    for number in here:
        taken = _of_the_article(number, stock, rng)
        invented = shuffled(rng, _made_up(number))
        most = _parts(passage.text[number.end :]) if _ordinal(number) else None
        values = [*taken[:1], *(value for value in invented if value not in taken)]
        values = [value for value in values if most is None or value <= most]
        for value in [value for value in values if value not in {other.value for other in here}][:2]:
            yield [Change(number.start, number.end, written(value, number))]


def _parts(after: str) -> int | None:
    """How many there are of what follows an ordinal, halves say; None where nothing is known of it."""
    following = _FIRST_WORD.match(after.lower())
    return _PARTS.get(following.group(1)) if following else None


def _of_the_article(number: WrittenNumber, stock: Sequence[WrittenNumber], rng: np.random.Generator) -> list[float]:
    values = {
        other.value
        for other in stock
        if other.unit == number.unit and other.scaled == number.scaled and _ordinal(other) == _ordinal(number)
        if number.value / _NEAR <= other.value <= number.value * _NEAR
    }
    return shuffled(rng, [value for value in sorted(values) if _fits(value, number)])


def _made_up(number: WrittenNumber) -> list[float]:
    """Values near by, as round as the number itself."""
    if number.value <= 12 and number.value.is_integer():
        near = [number.value + step for step in (-3, -2, -1, 1, 2, 3)]
    else:
        factors = _FACTORS[2:-3] if number.unit == "age" else _FACTORS
        near = [_as_round(number.value * factor, number) for factor in factors]
    return [value for value in dict.fromkeys(near) if _fits(value, number)]


def _as_round(value: float, like: WrittenNumber) -> float:
    """With no more significant digits than the number has."""
    decimals = len(like.text.partition(".")[2]) if like.style == "digits" else 0
    digits = str(int(like.value))
    zeros = len(digits) - len(digits.rstrip("0")) if not decimals and like.value else 0
    if zeros and zeros == len(digits) - 1:  # of 1, 10, 100 … one digit would leave too few values
        zeros -= 1
    return round(value, decimals - zeros)


def _fits(value: float, number: WrittenNumber) -> bool:
    """Whether the value makes the statement false and can be written as the number is."""
    if value <= 1 and not number.scaled and (number.value > 1 or value <= 0):
        return False  # "one" would want a singular noun
    if "." in number.text and value.is_integer():
        return False  # "45.0" for "32.8"
    if value <= 0 or abs(value - number.value) < _LEAST * max(value, number.value):
        return False
    if number.style != "digits" and not (value.is_integer() and value < 1000):
        return False
    if (number.unit == "percent" and value > 100 >= number.value) or (number.unit == "age" and value > 110):
        return False
    if number.value == 1 and not number.scaled and number.unit == "plain" and not _ordinal(number):
        return False
    return not number.is_bound


def _ordinal(number: WrittenNumber) -> bool:
    return number.style.startswith("ordinal")


@lru_cache(maxsize=256)
def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """The numbers of the text that are neither dates nor parts of names, in order; of a fraction or a score none."""
    return tuple(_written_numbers(text))


def _written_numbers(text: str) -> Iterator[WrittenNumber]:
    sentence = analysed(text).sentence
    for quantity in analysed(text).quantities:
        start, end = sentence.plain.source(quantity.start, quantity.end)
        alone, value, style = _alone(text[start:end])
        fraction = quantity.dimension == "share" and float(quantity.low * 100) != value
        if not alone or fraction or quantity.joined or quantity.dimension == "clock" or _in_a_name(sentence, quantity):
            continue
        if style == "ordinal" and not _is_place(sentence, quantity):
            continue
        if alone.endswith("0") and text[start + len(alone) :].startswith("s"):
            continue  # the 1990s: a date
        yield WrittenNumber(
            start, start + len(alone), value, alone, style, _UNITS.get(quantity.dimension, "plain"),
            start + len(alone) < end, quantity.bound in ("least", "most"),
        )  # fmt: skip  # one call, read as the record's one line


def _alone(text: str) -> tuple[str, float, Style]:
    """The number that a text begins with, without its scale; '' where it is none that can be written otherwise."""
    if digits := _DIGITS.match(text):
        alone = digits.group()
        value = alone.rstrip("stndrh")
        known = len(re.findall(r"\d", value)) <= _LARGEST and _AMOUNT.fullmatch(value) is not None
        style: Style = "digits" if alone == value else "ordinal_num"
        return (alone, float(value.replace(",", "")), style) if known else ("", 0, style)
    words = [match.end() for match in re.finditer(r"[^\W_]+", text)]
    for end in reversed(words[:7]):
        spelling = text[:end].lower()
        if spelling in below_a_thousand() and spelling != "one":
            return text[:end], float(below_a_thousand()[spelling]), "cardinal"
        if spelling in ordinals():
            return text[:end], float(ordinals()[spelling]), "ordinal"
    return "", 0, "cardinal"


def written(value: float, like: WrittenNumber) -> str:
    """Another value in the style of a quantity: its thousands' commas, its decimals, its words."""
    if like.style != "digits":
        return spelled(int(value), like.style)
    decimals = len(like.text.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like.text or (value >= 10_000 > like.value) else f"{value:.{decimals}f}"


def _is_place(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether an ordinal says which one: ``the third man``, not ``he first met``, nor the time unit."""
    word = sentence.words[quantity.slot.stop - 1]
    owned = quantity.slot.start > 0 and sentence.words[quantity.slot.start - 1].pos in ("DET", "PRON", "PART")
    return word.dep == "amod" and word.head >= quantity.slot.stop and owned


def _in_a_name(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the number belongs to a name or a code: ``World War II``, ``Apollo 11``, ``Five Guys``."""
    at = sentence.at(quantity.start, quantity.end)[0]
    word, before = sentence.words[at], sentence.words[at - 1] if at else None
    after = sentence.words[at + 1] if at + 1 < len(sentence.words) else None
    joined = before is not None and before.pos == "PROPN" and before.entity != "DATE" and word.dep in (
        "nummod", "compound", "npadvmod", "appos",
    )  # fmt: skip  # one condition
    code = before is not None and before.text == "-" and at > 1 and sentence.words[at - 2].text.isalpha()
    capital = at > 0 and word.text.isalpha() and word.text.istitle() and after is not None and after.pos == "PROPN"
    return word.entity in _NAMES or capital or joined or (code and not word.text.isalpha())
