"""The numbers of a sentence, in digits and in words, with their units and how exact they mean to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from harness.english import number_words, units
from harness.english.lists import group
from harness.english.quantity import Bound, Dimension, Quantity
from harness.english.sentence import Sentence

_CLOCK = r"\d{1,2}(?:[.:]\d\d)?\s?(?:am|pm|a\.m\.?|p\.m\.?)(?!\w)|\d{1,2}:\d\d(?!\d)"
_SCIENTIFIC = r"\d{1,20}(?:\.\d{1,20})?e[+-]?\d{1,4}(?!\w)"
_PIECE = re.compile(
    rf"(?P<iso>\d{{4}}-\d\d-\d\d(?!\d))|(?P<clock>{_CLOCK})|(?P<scientific>{_SCIENTIFIC})|(?P<fraction>\d{{1,3}}/\d{{1,3}}(?![\w/]))"
    r"|(?P<spaced>\d{1,3}(?:, \d{3})+(?![\d,.]*\d))"
    rf"|(?P<digits>{number_words.DIGITS})|(?P<glued>\d{{1,12}}(?:[.,]\d{{1,12}})?(?=[a-z]))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)|(?P<sign>[%£$€¥#½¼¾])|(?P<dash>-)"
)
"""``spaced``: a number that was taken apart at its comma, 7, 500; or two of them."""
_ABOUT = group("about around roughly approximately some nearly almost estimated approx circa")
_BOUNDS: dict[tuple[str, ...], Bound] = {
    ("more", "than"): "least", ("at", "least"): "least", ("no", "fewer", "than"): "least", ("over",): "least",
    ("no", "less", "than"): "least", ("upwards", "of"): "least", ("above",): "least", ("exceeding",): "least",
    ("less", "than"): "most", ("fewer", "than"): "most", ("at", "most"): "most", ("no", "more", "than"): "most",
    ("up", "to"): "most", ("under",): "most", ("below",): "most",
}  # fmt: skip  # a table
_CENTURIES = {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}


class Piece(NamedTuple):
    """A stretch of the sentence that the reading of numbers goes by."""

    kind: str
    low: str
    start: int
    end: int


class Number(NamedTuple):
    """A number that starts at a piece, before its surroundings are read."""

    low: Decimal
    high: Decimal
    dimension: Dimension
    end: int
    """The piece after its last."""
    others: tuple[Decimal, ...] = ()
    implied: bool = False


def pieces(sentence: Sentence) -> list[Piece]:
    """The words, numbers and signs of a sentence, in lower case."""
    low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in sentence.plain.text)
    return [Piece(match.lastgroup or "", match.group(), *match.span()) for match in _PIECE.finditer(low)]


def quantities(sentence: Sentence) -> list[Quantity]:
    """The numbers in order; years, days of a month and what else dates are made of are left to ``dates``."""
    result, at = [], 0
    parts = pieces(sentence)
    while at < len(parts):
        number = _first(parts, at)
        if number is None:
            at += 1
            continue
        result.append(_placed(sentence, parts, at, number))
        at = number.end
    return result


def year(parts: Sequence[Piece], at: int) -> tuple[int, int] | None:
    """A year that starts at a piece, in four digits or as twenty-twenty-five, and the piece after it."""
    if parts[at].kind == "digits" and re.fullmatch(r"1[0-9]{3}|20[0-9]{2}|2100", parts[at].low):
        return int(parts[at].low), at + 1
    words = [piece.low for piece in parts[at : at + 8] if piece.kind != "dash"]
    if parts[at].low not in _CENTURIES or len(words) < 2:
        return None
    rest = number_words.read(words, 1)
    if rest is None or not 10 <= rest[0] <= 99 or words[1] in ("hundred", "thousand"):
        return None
    return 100 * _CENTURIES[words[0]] + int(rest[0]), _after(parts, at, rest[1])


def _first(parts: Sequence[Piece], at: int) -> Number | None:
    for reader in (_special, _fraction, _pair, _ordinal, _plain):
        number = reader(parts, at)
        if number is not None:
            return number
    if parts[at].low in units.IMPLIED:
        value = Decimal(units.IMPLIED[parts[at].low])
        return Number(value, value, "count", at + 1, implied=True)
    return None


def _special(parts: Sequence[Piece], at: int) -> Number | None:
    piece = parts[at]
    if piece.kind == "clock":
        hour, minute = (int(part) for part in (*re.findall(r"\d+", piece.low), "0")[:2])
        value = Decimal(
            60 * (hour % 12) + minute + (720 if "p" in piece.low or (hour >= 12 and "a" not in piece.low) else 0)
        )
        return Number(value, value, "clock", at + 1)
    if piece.kind == "scientific":
        value = Decimal(piece.low)
        return Number(value, value, "count", at + 1)
    if piece.kind == "fraction":
        over, under = map(int, piece.low.split("/"))
        return Number(Decimal(over) / under, Decimal(over) / under, "share", at + 1) if 0 < over < under else None
    if piece.low in units.SIGNS:
        return Number(units.SIGNS[piece.low], units.SIGNS[piece.low], "share", at + 1)
    return None


def _fraction(parts: Sequence[Piece], at: int) -> Number | None:
    """Two-thirds, a quarter of, half the, one in five."""
    low = [piece.low for piece in parts[at : at + 4]] + [""] * 4
    if low[0] == "half" and low[1] in ("of", "the", "its", "their", "his", "her", "all"):
        return Number(Decimal("0.5"), Decimal("0.5"), "share", at + 1)
    number = number_words.read([low[0]], 0) if low[0] not in ("one", "a", "an") else (Decimal(1), 1)
    if number is None:
        return None
    skip = 2 if low[1] == "-" else 1
    if low[skip] in units.PARTS and number[0] < units.PARTS[low[skip]]:
        if low[0] in ("a", "an") and low[skip + 1] != "of":
            return None
        value = number[0] / units.PARTS[low[skip]]
        return Number(value, value, "share", at + skip + 1)
    under = number_words.read(low[2:3], 0) if low[1] == "in" and low[2] else None
    if under and low[0] not in ("a", "an") and 0 < number[0] < under[0] <= 1000 and number[0] < 100:
        return Number(number[0] / under[0], number[0] / under[0], "share", at + 3)
    return None


def _pair(parts: Sequence[Piece], at: int) -> Number | None:
    """``2-1``, ``20-30``, ``between 20 and 30``."""
    one = _plain(parts, at)
    if one is None or one.end + 1 >= len(parts):
        return None
    joint = parts[one.end].low
    tight = joint == "-" and parts[one.end - 1].end == parts[one.end].start == parts[one.end + 1].start - 1
    spaced = joint == "-" and parts[one.end + 1].kind == "digits"
    between = joint == "and" and at > 0 and parts[at - 1].low == "between"
    range_of = joint == "to" and at > 0 and parts[at - 1].low != "from" and parts[one.end + 1].kind == "digits"
    if not (tight or spaced or between or range_of):
        return None
    other = _plain(parts, one.end + 1)
    if other is None or (tight and parts[at].kind == "word"):
        return None
    return Number(one.low, other.low, "count" if between else "pair", other.end)


def _ordinal(parts: Sequence[Piece], at: int) -> Number | None:
    piece = parts[at]
    if piece.low in number_words.ordinals():
        if piece.low == "second" and at > 0 and _plain(parts, at - 1):
            return None
        value = Decimal(number_words.ordinals()[piece.low])
        return Number(value, value, "ordinal", at + 1)
    if piece.kind == "digits" and piece.low.endswith(("st", "nd", "rd", "th")):
        number = number_words.read([piece.low], 0)
        return Number(number[0], number[0], "ordinal", at + 1) if number else None
    return None


def _plain(parts: Sequence[Piece], at: int) -> Number | None:
    piece = parts[at]
    if piece.kind == "glued":
        return Number(*(Decimal(piece.low.replace(",", "")),) * 2, "count", at + 1)
    if piece.kind == "spaced":
        value = Decimal(piece.low.replace(", ", ""))
        return Number(value, value, "count", at + 1, tuple(map(Decimal, piece.low.split(", "))))
    if piece.kind not in ("digits", "word"):
        return None
    if piece.low == "one":
        if "no" in [each.low for each in parts[max(0, at - 2) : at]]:
            return None
        return Number(Decimal(1), Decimal(1), "count", at + 1)
    words = [each.low for each in parts[at : at + 20] if each.kind != "dash" or piece.kind == "digits"]
    number = number_words.read(words, 0)
    if number is None:
        return None
    two_readings = re.fullmatch(r"\d{1,3},\d{1,2}", piece.low)
    others = tuple(map(Decimal, piece.low.split(","))) if two_readings else ()
    end = _after(parts, at, number[1]) if piece.kind == "word" else at + number[1]
    return Number(number[0], number[0], "count", end, others)


def _after(parts: Sequence[Piece], at: int, count: int) -> int:
    """The piece after the next ``count`` that are no dashes."""
    while count:
        count -= parts[at].kind != "dash"
        at += 1
    return at


def _placed(sentence: Sentence, parts: Sequence[Piece], at: int, number: Number) -> Quantity:
    first, last = sentence.at(parts[at].start, parts[number.end - 1].end)
    implied = number.implied or (parts[at].low == "one" and sentence.words[first].dep != "nummod")
    quantity = Quantity(
        number.low, number.high, number.dimension, "", _bound(parts, at), first, last, number.others, implied
    )
    return _united(sentence, parts, at, number.end, quantity)


def _bound(parts: Sequence[Piece], at: int) -> Bound:
    before = [piece.low for piece in parts[max(0, at - 4) : at] if piece.kind != "sign"]
    for length in (3, 2, 1):
        if tuple(before[-length:]) in _BOUNDS:
            return _BOUNDS[tuple(before[-length:])]
    return "about" if before and before[-1] in _ABOUT else ""


def _united(sentence: Sentence, parts: Sequence[Piece], at: int, end: int, quantity: Quantity) -> Quantity:
    """The quantity with what it counts; a unit is of its words, a noun counted is not."""
    if quantity.dimension in ("share", "clock", "ordinal"):
        return quantity
    before = parts[at - 1] if at else Piece("", "", 0, 0)
    if before.kind == "sign" and before.low in units.CURRENCIES:
        dimension: Dimension = "money" if quantity.dimension == "count" else quantity.dimension
        first, _ = sentence.at(before.start, before.end)
        return replace(quantity, dimension=dimension, unit=units.CURRENCIES[before.low], first=first)
    after = [(place, piece.low) for place, piece in enumerate(parts[end : end + 4], end) if piece.kind != "dash"]
    after += [(end, "")] * 2
    (place, unit), (second, next_word) = after[:2]

    def through(last: int) -> int:
        return sentence.at(parts[last].start, parts[last].end)[1]

    if unit in units.PERCENT or (unit, next_word) == ("per", "cent"):
        last = through(second if unit == "per" else place)
        return replace(_rated(quantity, "share", "", Decimal("0.01")), last=last)
    if unit in units.CURRENCIES:
        return replace(quantity, dimension="money", unit=units.CURRENCIES[unit], last=through(place))
    if quantity.dimension == "pair":
        return quantity
    if unit in ("year", "years") and next_word == "old":
        return replace(quantity, dimension="age", last=through(second))
    if before.low == "aged" or _apart(sentence, quantity):
        return replace(quantity, dimension="age")
    if unit in units.MEASURES:
        base, factor = units.MEASURES[unit]
        return replace(_rated(quantity, "measure", base, factor), last=through(place))
    return replace(quantity, unit=_counted(sentence, quantity))


def _rated(quantity: Quantity, dimension: Dimension, unit: str, factor: Decimal) -> Quantity:
    return replace(
        quantity, low=quantity.low * factor, high=quantity.high * factor,
        others=tuple(each * factor for each in quantity.others), dimension=dimension, unit=unit,
    )  # fmt: skip  # one replacement, read as one


def _apart(sentence: Sentence, quantity: Quantity) -> bool:
    """Whether the number stands between commas after a name, as ages do: ``Smith, 36,``."""
    words = sentence.words
    before, after = words[max(0, quantity.first - 2) : quantity.first], words[quantity.last : quantity.last + 1]
    return (
        len(before) == 2 and before[1].text == "," and before[0].pos == "PROPN"
        and quantity.last - quantity.first == 1 and quantity.low < 120
        and bool(after) and after[0].text in (",", ".", ")")
    )  # fmt: skip  # one condition


def _counted(sentence: Sentence, quantity: Quantity) -> str:
    """The key of the noun that the number stands to."""
    index = quantity.last - 1
    for _ in range(3):
        word = sentence.words[index]
        if word.pos in ("NOUN", "PROPN") and not quantity.first <= index < quantity.last:
            return word.key
        index = word.head
    return ""
