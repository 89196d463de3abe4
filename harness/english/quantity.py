"""Quantities, and when two of them can be one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Dimension = Literal["count", "money", "share", "age", "ordinal", "pair", "clock", "measure"]
Bound = Literal["", "about", "least", "most"]
_PLAIN: tuple[Bound, ...] = ("", "about")


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


def same(stated: Quantity, said: Quantity) -> bool:
    """Whether what is said bears out what is stated: equal, a rounding of it, or within its range or bound."""
    if stated.joined and said.joined:
        return {stated.low, stated.high} == {said.low, said.high}
    if stated.joined or said.joined:
        pair, single = (stated, said) if stated.joined else (said, stated)
        return min(pair.low, pair.high) <= single.low <= max(pair.low, pair.high)
    if stated.dimension == said.dimension == "money" and stated.unit != said.unit:
        return False
    if "ordinal" in (stated.dimension, said.dimension) and stated.dimension != said.dimension:
        return stated.low == said.low
    values = ((a, b) for a in (stated.low, *stated.others) for b in (said.low, *said.others))
    return any(_near(a, b, stated.bound, said.bound) for a, b in values)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are of one kind, so that different values are a difference.

    Another sum of another currency may be the same one, converted.
    """
    if one.dimension != other.dimension or one.implied or other.implied:
        return False
    if one.dimension == "money" and one.unit != other.unit:
        return one.low == other.low
    return one.dimension == "count" or one.unit == other.unit


def _near(a: Decimal, b: Decimal, bound_a: Bound, bound_b: Bound) -> bool:
    if a == b:
        return True
    small, large = min(a, b), max(a, b)
    if small <= 0 or a.is_infinite() or b.is_infinite():
        return False
    if bound_a != bound_b and {bound_a, bound_b} & {"least", "most"}:
        return (bound_b in _PLAIN and _keeps(b, bound_a, a)) or (bound_a in _PLAIN and _keeps(a, bound_b, b))
    if bound_a == bound_b and _keeps(b, bound_a, a):
        return True
    apart = (large - small) / large
    loose = "about" in (bound_a, bound_b)
    return (_rounds(a, b) and apart <= Decimal("0.15" if loose else "0.025")) or (loose and apart <= Decimal("0.06"))


def _keeps(value: Decimal, bound: Bound, limit: Decimal) -> bool:
    """Whether a number keeps within a bound, and near it: at least 150 is more than 100, and not more than 10."""
    if bound == "least":
        return limit <= value <= limit * Decimal("1.5")
    return bound == "most" and limit / 2 <= value <= limit


def _rounds(a: Decimal, b: Decimal) -> bool:
    """Whether the coarser of two numbers is the other one rounded."""
    coarse, fine = sorted((a, b), key=_digits)
    step = Decimal(1).scaleb(coarse.normalize().as_tuple().exponent if coarse else 0)  # type: ignore[arg-type]  # finite
    return abs(coarse - fine) < step


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
