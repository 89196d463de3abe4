"""Quantities, and when two of them can be one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Dimension = Literal["count", "money", "share", "age", "ordinal", "pair", "clock", "measure"]
Bound = Literal["", "about", "least", "most"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a sentence. ``low`` and ``high`` differ where two numbers are joined: a range, or a score."""

    low: Decimal
    high: Decimal
    dimension: Dimension
    unit: str
    """Currency, base unit of a measure, or key of the noun counted; '' where there is none."""
    bound: Bound
    first: int
    last: int
    """The words that say it, half-open."""
    others: tuple[Decimal, ...] = ()
    """Other readings: 1,5 is 1.5, or 1 and 5."""
    implied: bool = False
    """Said by a word such as pair: never wrong by itself."""

    @property
    def joined(self) -> bool:
        """Whether two numbers are joined."""
        return self.dimension == "pair" or self.low != self.high


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities can be one: equal, the one a rounding of the other, or within its range or bound."""
    if one.joined and other.joined:
        return {one.low, one.high} == {other.low, other.high}
    if one.joined or other.joined:
        pair, single = (one, other) if one.joined else (other, one)
        return min(pair.low, pair.high) <= single.low <= max(pair.low, pair.high)
    if "ordinal" in (one.dimension, other.dimension) and one.dimension != other.dimension:
        return one.low == other.low
    return any(_near(a, b, one.bound, other.bound) for a in (one.low, *one.others) for b in (other.low, *other.others))


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of one kind, so that different values are a difference."""
    if one.dimension != other.dimension or one.implied or other.implied:
        return False
    return one.dimension == "count" or one.unit == other.unit


def _near(a: Decimal, b: Decimal, bound_a: Bound, bound_b: Bound) -> bool:
    if a == b:
        return True
    small, large = min(a, b), max(a, b)
    if small <= 0 or a.is_infinite() or b.is_infinite():
        return False
    apart = (large - small) / large
    if bound_a != bound_b and {bound_a, bound_b} & {"least", "most"}:
        return _bounded(a, b, bound_a, bound_b)
    loose = "about" in (bound_a, bound_b)
    return (_rounds(a, b) and apart <= Decimal("0.15" if loose else "0.025")) or (loose and apart <= Decimal("0.06"))


def _bounded(a: Decimal, b: Decimal, bound_a: Bound, bound_b: Bound) -> bool:
    """Whether a plain number keeps within the bound that the other one gives, and near it."""
    for value, other, bound, plain in ((a, b, bound_a, bound_b), (b, a, bound_b, bound_a)):
        if plain in ("", "about"):
            if bound == "least" and value <= other <= value * Decimal("1.5"):
                return True
            if bound == "most" and value / 2 <= other <= value:
                return True
    return False


def _rounds(a: Decimal, b: Decimal) -> bool:
    """Whether the coarser of two numbers is the other one rounded."""
    coarse, fine = sorted((a, b), key=_digits)
    step = Decimal(1).scaleb(coarse.normalize().as_tuple().exponent if coarse else 0)  # type: ignore[arg-type]  # finite
    return abs(coarse - fine) < step


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
