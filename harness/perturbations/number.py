"""Another number: of a magnitude that could be true, in the same style, its unit kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from harness.english.written_numbers import WrittenNumber, written, written_numbers
from harness.perturbations.edit import Change
from harness.perturbations.source import Source, shuffled

if TYPE_CHECKING:
    import numpy as np

_NEAR = 2.5
"""How many times larger or smaller a number of the article may be to be put in place of another."""
_LEAST = 0.1
"""Values that differ by a smaller share of the larger could both be right, since people round."""
_FACTORS = (0.5, 0.6, 0.7, 0.8, 1.2, 1.3, 1.4, 1.5, 1.8, 2.0)


def changes(source: Source, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each number with up to two other values: one that the article has elsewhere, one made up."""
    stock = written_numbers(source.context)
    here = written_numbers(source.text)
    for number in here:
        taken = _of_the_article(number, stock, rng)
        made = shuffled(rng, _made_up(number))
        values = [*taken[:1], *(value for value in made if value not in taken)]
        for value in [value for value in values if value not in {other.value for other in here}][:2]:
            yield [Change(number.start, number.end, written(value, number))]


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
    return {"above": value > number.value, "below": value < number.value, "none": True}[number.bound]


def _ordinal(number: WrittenNumber) -> bool:
    return number.style.startswith("ordinal")
