"""The numbers of a sentence, in digits and in words, with their units and how exact they are.

``is_supported`` is True if two numbers can mean the same amount. ``are_comparable`` is True if two unequal numbers are
of one kind, so that they differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple

from harness.checker_en import number_words, units
from harness.checker_en.lists import group
from harness.checker_en.nations import nations, to_country
from harness.checker_en.sentence import Sentence

Dimension = Literal["count", "money", "share", "age", "ordinal", "pair", "clock", "measure"]
Bound = Literal["", "about", "least", "most"]
Slip = Literal["", "scale", "currency", "scale and currency"]
"""How two numbers with the same digits differ: $3.2m and $3.2bn in scale, €3.2bn and $3.2bn in currency."""
_PLAIN: tuple[Bound, ...] = ("", "about")

_CLOCK = r"\d{1,2}(?:[.:]\d\d)?\s?(?:am|pm|a\.m\.?|p\.m\.?)(?!\w)|\d{1,2}:\d\d(?!\d)"
_SCIENTIFIC = r"\d{1,20}(?:\.\d{1,20})?e[+-]?\d{1,4}(?!\w)"
_LENGTHS = r"(?:tall|long|high|wide|deep|thick|away|above|below|apart|race|sprint|hurdles|freestyle|relay|dash)(?!\w)"
"""After a number with ``m``, these mean metres, not millions."""
_PIECE = re.compile(
    rf"(?P<iso>\d{{4}}-\d\d-\d\d(?!\d))|(?P<clock>{_CLOCK})|(?P<scientific>{_SCIENTIFIC})|(?P<fraction>\d{{1,3}}/\d{{1,3}}(?![\w/]))"
    r"|(?P<spaced>\d{1,3}(?:, \d{3})+(?![\d,.]*\d)|[1-9]\d{0,2}(?: \d{3})+(?![\d,.]*\d|[^\W_]))"
    rf"|(?P<metres>\d{{1,6}}(?:\.\d{{1,6}})?(?=m {_LENGTHS}))"
    rf"|(?P<digits>{number_words.DIGITS})|(?P<glued>\d{{1,12}}(?:[.,]\d{{1,12}})?(?=[a-z]))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)|(?P<sign>[%£$€¥#])|(?P<dash>-)"
)
"""``spaced``: 12 000; or 7, 500, which may be one number or two."""
_ABOUT = group("about around roughly approximately some nearly almost estimated approx circa")
_BOUNDS: dict[tuple[str, ...], Bound] = {
    ("more", "than"): "least", ("at", "least"): "least", ("no", "fewer", "than"): "least", ("over",): "least",
    ("no", "less", "than"): "least", ("upwards", "of"): "least", ("above",): "least", ("exceeding",): "least",
    ("less", "than"): "most", ("fewer", "than"): "most", ("at", "most"): "most", ("no", "more", "than"): "most",
    ("up", "to"): "most", ("under",): "most", ("below",): "most",
    ("not", "more", "than"): "most", ("never", "more", "than"): "most",
    ("not", "less", "than"): "least", ("never", "less", "than"): "least",
    ("not", "fewer", "than"): "least", ("never", "fewer", "than"): "least",
}  # fmt: skip  # a table
_SCALES = frozenset(Decimal(1000) ** power for power in range(1, 5))
_ROUNDED = 3
"""Minimum significant digits of a number that may be rounded without saying so: 51 senators are not 50."""
_FEET = ("ft", "foot", "feet")
_POINTS = ("point", "points")
_ZONES = group("gmt utc bst cet est edt pst")
"""After four digits that are a time of day."""
_CLOCK_WORDS = {"noon": 720, "midday": 720, "midnight": 0}
"""In minutes."""
_CENTURIES = {"sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence; ``low`` and ``high`` differ for a range or a score."""

    low: Decimal
    high: Decimal
    dimension: Dimension
    unit: str
    """Currency, base unit of a measure, or key of the noun counted; '' if none."""
    bound: Bound
    slot: range
    """Its words."""
    start: int
    end: int
    """Offsets in the plain text of the number without its unit; for two years and six months, of ``two``."""
    others: tuple[Decimal, ...] = ()
    """Other readings: 1,5 is 1.5, or 1 and 5."""
    implied: bool = False
    """True if a word such as "pair" only implies the number; it then never counts as wrong on its own."""

    @property
    def joined(self) -> bool:
        """True for a range or a score."""
        return self.dimension == "pair" or self.low != self.high


class Piece(NamedTuple):
    """A word, number or sign of a sentence."""

    kind: str
    low: str
    start: int
    end: int


class Number(NamedTuple):
    """A number without its unit and bounds."""

    low: Decimal
    high: Decimal
    dimension: Dimension
    end: int
    """Index after its last piece."""
    others: tuple[Decimal, ...] = ()
    implied: bool = False

    @classmethod
    def single(cls, value: Decimal | int, dimension: Dimension, end: int, *others: Decimal) -> Number:
        return cls(Decimal(value), Decimal(value), dimension, end, others)


def is_supported(claim: Quantity, premise: Quantity) -> bool:
    """True if the premise's quantity supports the claim's: equal, a rounding of it, or within its range or bound."""
    if claim.joined and premise.joined:
        return {claim.low, claim.high} == {premise.low, premise.high}
    if claim.joined or premise.joined:
        return _is_joined_supported(claim, premise)
    if claim.dimension == premise.dimension == "money" and not _may_be_one_currency(claim.unit, premise.unit):
        return False
    if "ordinal" in (claim.dimension, premise.dimension) and claim.dimension != premise.dimension:
        return claim.low == premise.low
    values = ((a, b) for a in (claim.low, *claim.others) for b in (premise.low, *premise.others))
    return any(_agree(a, b, claim.bound, premise.bound) for a, b in values)


def are_comparable(one: Quantity, other: Quantity) -> bool:
    """True if two quantities are of one kind, so that different values are a difference.

    A different amount in another currency may be the same one, converted.
    """
    if one.dimension != other.dimension or one.implied or other.implied:
        return False
    if one.dimension == "money":
        return bool(slip(one, other)) or _may_be_one_currency(one.unit, other.unit)
    return one.dimension in ("count", "pair") or one.unit == other.unit


def slip(one: Quantity, other: Quantity) -> Slip:
    """What differs between two amounts with the same digits; '' if they are equal or their digits differ."""
    if one.joined or other.joined or one.dimension != other.dimension or one.dimension not in ("money", "count"):
        return ""
    ratio = max(abs(one.low), abs(other.low)) / (min(abs(one.low), abs(other.low)) or 1)
    other_currency = one.dimension == "money" and not _may_be_one_currency(one.unit, other.unit)
    if one.low == other.low:
        return "currency" if other_currency else ""
    if ratio not in _SCALES or one.low * other.low <= 0:
        return ""
    return "scale and currency" if other_currency else "scale"


def _is_joined_supported(claim: Quantity, premise: Quantity) -> bool:
    """The same for a range or a score and a number: 26 is within 20-30, and three goals are one side of 3-1."""
    pair, single = (claim, premise) if claim.joined else (premise, claim)
    if single.implied:
        return False
    if are_comparable(pair, single) or (single.dimension == "count" and pair.unit == single.unit):
        bounded = claim is single and single.bound not in _PLAIN
        within = min(pair.low, pair.high) <= single.low <= max(pair.low, pair.high)
        return keeps_bound(claim, premise) if bounded else within
    return claim is single and pair.dimension == "pair" and single.low in (pair.low, pair.high)


def keeps_bound(claim: Quantity, premise: Quantity) -> bool:
    """True if the premise's number keeps the bound of the claim: 34 are more than 20."""
    if claim.bound == "least":
        return premise.bound != "most" and min(premise.low, premise.high) >= claim.low
    return claim.bound == "most" and premise.bound != "least" and max(premise.low, premise.high) <= claim.low


def is_cut_off(claim: Quantity, premise: Quantity) -> bool:
    """True if the claim's number is the premise's without its last digits: 98 billion for 98.6."""
    a, b = abs(claim.low), abs(premise.low)
    is_single = not claim.joined and not premise.joined and claim.low * premise.low > 0
    return is_single and a < b and _count_digits(a) < _count_digits(b) >= _ROUNDED and _measure_distance(a, b) < 1


def split_into_pieces(sentence: Sentence) -> list[Piece]:
    """The words, numbers and signs of a sentence, in lower case."""
    low = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in sentence.plain.text)
    return [Piece(match.lastgroup or "", match.group(), *match.span()) for match in _PIECE.finditer(low)]


def find_quantities(sentence: Sentence) -> list[Quantity]:
    """The numbers in order; parts of dates are left to ``dates``."""
    result: list[Quantity] = []
    parts, at = split_into_pieces(sentence), 0
    while at < len(parts):
        number = _read_number(parts, at)
        if number is None:
            at += 1
            continue
        quantity = _locate(sentence, parts, at, number)
        if result and (total := _add_up(sentence, result[-1], quantity)):
            result[-1] = total
        else:
            result.append(quantity)
        at = number.end
    return result


def read_year(parts: Sequence[Piece], at: int) -> tuple[int, int] | None:
    """A year that starts at a piece, as 2025 or twenty-twenty-five, and the piece after it."""
    if parts[at].kind == "digits" and re.fullmatch(r"1[0-9]{3}|20[0-9]{2}|2100", parts[at].low):
        return None if _is_clock(parts, at) else (int(parts[at].low), at + 1)
    words = [piece.low for piece in parts[at : at + 8] if piece.kind != "dash"]
    if parts[at].low not in _CENTURIES or len(words) < 2:
        return None
    rest = number_words.read(words, 1)
    if rest is None or not 10 <= rest[0] <= 99 or words[1] in ("hundred", "thousand"):
        return None
    return 100 * _CENTURIES[words[0]] + int(rest[0]), _skip(parts, at, rest[1])


def _read_number(parts: Sequence[Piece], at: int) -> Number | None:
    for reader in (_read_special, _read_fraction, _read_pair, _read_ordinal, _read_plain):
        number = reader(parts, at)
        if number is not None:
            return number
    if parts[at].low in units.IMPLIED:
        return Number.single(units.IMPLIED[parts[at].low], "count", at + 1)._replace(implied=True)
    return None


def _read_special(parts: Sequence[Piece], at: int) -> Number | None:
    piece = parts[at]
    if piece.low in _CLOCK_WORDS:
        return Number.single(_CLOCK_WORDS[piece.low], "clock", at + 1)
    if _is_clock(parts, at):
        return Number.single(60 * int(piece.low[:2]) + int(piece.low[2:]), "clock", at + 1)
    if piece.kind == "clock":
        hour, minute = (int(part) for part in (*re.findall(r"\d+", piece.low), "0")[:2])
        afternoon = "p" in piece.low or (hour >= 12 and "a" not in piece.low)
        return Number.single(60 * (hour % 12 + 12 * afternoon) + minute, "clock", at + 1)
    if piece.kind == "scientific":
        return Number.single(Decimal(piece.low), "count", at + 1)
    if piece.kind == "fraction":
        over, under = map(int, piece.low.split("/"))
        return Number.single(Decimal(over) / under, "share", at + 1) if 0 < over < under else None
    return None


def _is_clock(parts: Sequence[Piece], at: int) -> bool:
    """True if four digits are a time of day: 1400 GMT."""
    after = parts[at + 1].low if at + 1 < len(parts) else ""
    return (
        parts[at].kind == "digits"
        and after in _ZONES
        and re.fullmatch(r"[01]\d[0-5]\d|2[0-3][0-5]\d", parts[at].low) is not None
    )


def _read_fraction(parts: Sequence[Piece], at: int) -> Number | None:
    """Two-thirds, a quarter of, half the, one in five, three-quarters of a million."""
    low = [piece.low for piece in parts[at : at + 6]] + [""] * 6
    if low[0] == "half" and low[1] in ("of", "the", "its", "their", "his", "her", "all"):
        return Number.single(Decimal("0.5"), "share", at + 1)
    if low[0] == "half" and low[1] in ("a", "an") and low[2] in units.MEASURES.keys() | {"percentage"}:
        return Number.single(Decimal("0.5"), "count", at + 2)
    number = number_words.read([low[0]], 0) if low[0] not in ("one", "a", "an") else (Decimal(1), 1)
    if number is None:
        return None
    skip = 2 if low[1] == "-" else 1
    if low[skip] in units.PARTS and number[0] < units.PARTS[low[skip]]:
        if low[0] in ("a", "an") and low[skip + 1] != "of":
            return None
        share = number[0] / units.PARTS[low[skip]]
        if low[skip + 1 : skip + 3] == ["of", "a"] and (whole := number_words.read(low[skip + 2 :], 0)):
            return Number.single(share * whole[0], "count", at + skip + 2 + whole[1])
        shown = (share.quantize(Decimal("0.01"), rounding) for rounding in (ROUND_HALF_EVEN, ROUND_DOWN))
        return Number.single(share, "share", at + skip + 1, *shown)
    under = number_words.read(low[2:3], 0) if low[1] == "in" and low[2] else None
    if under and low[0] not in ("a", "an") and 0 < number[0] < under[0] <= 1000 and number[0] < 100:
        return Number.single(number[0] / under[0], "share", at + 3)
    return None


def _read_pair(parts: Sequence[Piece], at: int) -> Number | None:
    """``2-1``, ``20-30``, ``between 20 and 30``."""
    one = _read_plain(parts, at)
    if one is None or one.end + 1 >= len(parts):
        return None
    joint, after = parts[one.end].low, parts[one.end + 1]
    tight = joint == "-" and parts[one.end - 1].end == parts[one.end].start == after.start - 1
    spaced = joint == "-" and after.kind == "digits" and parts[one.end].start - parts[one.end - 1].end < 2
    between = joint == "and" and at > 0 and parts[at - 1].low == "between"
    other = _read_plain(parts, one.end + 1)
    if other is None or (tight and parts[at].kind == "word"):
        return None
    scale = number_words.scale(parts[other.end - 1].low.lstrip("0123456789.,"))
    is_scaled = scale > 1 or (after.kind == "digits" and at > 0)
    range_of = joint == "to" and is_scaled and (at == 0 or parts[at - 1].low != "from")
    if not (tight or spaced or between or range_of):
        return None
    low = one.low * scale if one.low <= other.low / scale else one.low  # five to six million
    return Number(low, other.low, "count" if between or scale > 1 else "pair", other.end)  # 2-3bn is no score


def ordinal_in_words(parts: Sequence[Piece], at: int) -> tuple[int, int] | None:
    """An ordinal in words that starts at a piece, third or twenty-third, and the piece after it."""
    for length in (1, 3):
        spelled = "".join(piece.low for piece in parts[at : at + length])
        if spelled in number_words.ordinals():
            return number_words.ordinals()[spelled], at + length
    return None


def _read_ordinal(parts: Sequence[Piece], at: int) -> Number | None:
    piece, spelled = parts[at], ordinal_in_words(parts, at)
    if spelled:
        if _is_second_of_time(parts, spelled[1] - 1):
            return None
        return Number.single(spelled[0], "ordinal", spelled[1])
    if piece.kind == "digits" and piece.low.endswith(("st", "nd", "rd", "th")):
        number = number_words.read([piece.low], 0)
        fits = number and number_words.spell(int(number[0]), "ordinal_num") == piece.low.replace(",", "")
        return Number.single(number[0], "ordinal", at + 1) if number and fits else None  # 10st are ten stone
    return None


def _is_second_of_time(parts: Sequence[Piece], at: int) -> bool:
    """True if a piece is a ``second`` of time after a number: a thirty-second delay."""
    before = next((place for place in range(at - 1, -1, -1) if parts[place].kind != "dash"), None)
    return parts[at].low == "second" and before is not None and _read_plain(parts, before) is not None


def _read_plain(parts: Sequence[Piece], at: int) -> Number | None:
    piece = parts[at]
    if piece.kind in ("glued", "metres"):
        return Number.single(Decimal(piece.low.replace(",", "")), "count", at + 1)
    if piece.kind == "spaced":
        others = map(Decimal, piece.low.split(", ")) if "," in piece.low else ()
        return Number.single(Decimal(re.sub(r",? ", "", piece.low)), "count", at + 1, *others)
    if piece.kind not in ("digits", "word"):
        return None
    words = [each.low for each in parts[at : at + 20] if each.kind != "dash" or piece.kind == "digits"]
    number = number_words.read(words, 0)
    if number is None:
        is_nobody = "no" in [each.low for each in parts[max(0, at - 2) : at]]
        return Number.single(1, "count", at + 1) if piece.low == "one" and not is_nobody else None
    value, count = number
    if piece.kind == "digits" and count == 1 and at and parts[at - 1].low in units.CURRENCIES:
        scale = number_words.scale(words[1]) if len(words) > 1 else 1  # $ 3.2 bn
        value, count = value * scale, count + (scale > 1)
    two_readings = re.fullmatch(r"\d{1,3},\d{1,2}", piece.low)
    others = map(Decimal, piece.low.split(",")) if two_readings else ()
    end = _skip(parts, at, count) if piece.kind == "word" else at + count
    return Number.single(value, "count", end, *others)


def _skip(parts: Sequence[Piece], at: int, count: int) -> int:
    """Index after the next ``count`` pieces that are not dashes."""
    while count:
        count -= parts[at].kind != "dash"
        at += 1
    return at


def _locate(sentence: Sentence, parts: Sequence[Piece], at: int, number: Number) -> Quantity:
    start, end = parts[at].start, parts[number.end - 1].end
    slot = sentence.at(start, end)
    implied = number.implied or (parts[at].low == "one" and sentence.words[slot.start].dep != "nummod")
    quantity = Quantity(
        number.low, number.high, number.dimension, "", read_bound(parts, at), slot, start, end,
        number.others, implied,
    )  # fmt: skip  # one record, read as one line
    united = _add_unit(sentence, parts, at, number.end, quantity)
    below_zero = [word.low for word in sentence.words[united.slot.stop : united.slot.stop + 2]] == ["below", "zero"]
    is_negative = not united.joined and (below_zero or _has_minus(sentence, parts, at))
    return _negate(united) if is_negative else united


def _has_minus(sentence: Sentence, parts: Sequence[Piece], at: int) -> bool:
    """True if a minus, not a dash between words or after a number, precedes a number or its currency."""
    first = at - 1 if at and parts[at - 1].kind == "sign" else at
    minus, before = parts[first - 1 : first], parts[first - 2 : first - 1]
    if before and before[0].low in ("or", "plus", "/"):
        return False  # plus or minus 3
    if not minus or minus[0].low != "-":
        return bool(minus) and minus[0].low == "minus"
    behind_number = bool(before) and before[0].kind in ("digits", "spaced", "glued")
    sign_before = sentence.plain.text[: minus[0].start][-1:]
    return minus[0].end == parts[first].start and (
        sign_before in ("(", "[") or (sign_before in ("", " ") and not behind_number)
    )


def _negate(quantity: Quantity) -> Quantity:
    return replace(quantity, low=-quantity.low, high=-quantity.high, others=tuple(-each for each in quantity.others))


def read_bound(parts: Sequence[Piece], at: int) -> Bound:
    """How exact a number is, by the words before it: about, more than."""
    before = [piece.low for piece in parts[max(0, at - 4) : at] if piece.kind != "sign"]
    for length in (3, 2, 1):
        if tuple(before[-length:]) in _BOUNDS:
            return _BOUNDS[tuple(before[-length:])]
    return "about" if before and before[-1] in _ABOUT else ""


def _add_unit(sentence: Sentence, parts: Sequence[Piece], at: int, end: int, quantity: Quantity) -> Quantity:
    """The quantity with its unit; the slot includes units, but not nouns that are counted."""
    if quantity.dimension in ("share", "clock", "ordinal"):
        return quantity
    before = parts[at - 1] if at else Piece("", "", 0, 0)
    if before.kind == "sign" and before.low in units.CURRENCIES:
        dimension: Dimension = "money" if quantity.dimension == "count" else quantity.dimension
        country = parts[at - 2] if at > 1 and parts[at - 2].end == before.start else before
        slot = range(sentence.at(country.start, before.end).start, quantity.slot.stop)
        unit = _unit_of_country(country, units.CURRENCIES[before.low])
        return replace(quantity, dimension=dimension, unit=unit, slot=slot)
    after = [(place, piece.low) for place, piece in enumerate(parts[end : end + 4], end) if piece.kind != "dash"]
    after += [(end, "")] * 2
    (place, unit), (second, next_word) = after[:2]

    def through(last: int) -> range:
        return range(quantity.slot.start, sentence.at(parts[last].start, parts[last].end).stop)

    if hundredths := _find_percent(after):
        return replace(_convert(quantity, "share", "", hundredths[0]), slot=through(hundredths[1]))
    if currency := _find_currency(sentence, parts, after):
        return replace(quantity, dimension="money", unit=currency[0], slot=through(currency[1]))
    if quantity.dimension == "pair" and unit not in units.MEASURES:
        return replace(quantity, unit=_find_counted_noun(sentence, quantity))
    if unit in ("year", "years") and next_word == "old":
        return replace(quantity, dimension="age", slot=through(second))
    if before.low == "aged" or _is_age_in_commas(sentence, quantity):
        return replace(quantity, dimension="age")
    if unit in units.MEASURES or (unit == "in" and before.low in _FEET):
        base, factor = units.MEASURES["inch" if unit == "in" else unit]
        return replace(_convert(quantity, "measure", base, factor), slot=through(place))
    return replace(quantity, unit=_find_counted_noun(sentence, quantity))


def _find_percent(after: Sequence[tuple[int, str]]) -> tuple[Decimal, int] | None:
    """The factor of percent or basis points and their last piece; None if the number has neither."""
    (place, unit), (second, next_word) = after[:2]
    if unit == "basis" and next_word in _POINTS:
        return Decimal("0.0001"), second
    if unit in units.PERCENT or (unit, next_word) == ("per", "cent"):
        return Decimal("0.01"), second if unit == "per" or next_word in _POINTS else place
    return None


def _find_currency(
    sentence: Sentence, parts: Sequence[Piece], after: Sequence[tuple[int, str]]
) -> tuple[str, int] | None:
    """The currency after a number, with its country, and its last piece: 999 US dollars."""
    (place, unit), (second, next_word) = after[:2]
    if unit in units.CURRENCIES:
        return units.CURRENCIES[unit], place
    if next_word in units.CURRENCIES and sentence.plain.text[parts[place].start].isupper():
        return _unit_of_country(parts[place], units.CURRENCIES[next_word]), second
    return None


def _unit_of_country(country: Piece, currency: str) -> str:
    """A currency with its country, if known: A$20, or 20 Australian dollars."""
    name = units.COUNTRIES.get(country.low, to_country(country.low.replace(".", "")))
    is_known = name in units.COUNTRIES.values() or name in nations()
    return f"{name} {currency}" if country.kind == "word" and is_known else currency


def _may_be_one_currency(one: str, other: str) -> bool:
    """True if two currencies may be one: of the same country, or of an unstated one."""
    (*country, currency), (*other_country, other_currency) = one.split(), other.split()
    return currency == other_currency and (country == other_country or not (country and other_country))


def _add_up(sentence: Sentence, one: Quantity, other: Quantity) -> Quantity | None:
    """Two measures stated as one, two years and six months; None if they are two."""
    if one.joined or other.joined or (one.dimension, one.unit) != (other.dimension, other.unit):
        return None
    words = sentence.words
    between = [word.low for word in words[one.slot.stop : other.slot.start]]
    after = [word.low for word in words[other.slot.stop : other.slot.stop + 1]]
    if between not in ([], [","], ["and"], [",", "and"]) or after in (["later"], ["after"]):
        return None
    larger, smaller = (_find_unit_size(words[each.slot.stop - 1].low) for each in (one, other))
    if one.dimension != "measure" or not smaller or max(smaller, other.low) >= larger:
        return None
    total = one.low + other.low
    return replace(one, low=total, high=total, slot=range(one.slot.start, other.slot.stop))


def _find_unit_size(word: str) -> Decimal:
    """Size of a word's unit in base units (``6ft``); 0 without a unit."""
    unit = word.lstrip("0123456789.,")
    return units.MEASURES.get("inch" if unit == "in" else unit, ("", Decimal(0)))[1]


def _convert(quantity: Quantity, dimension: Dimension, unit: str, factor: Decimal) -> Quantity:
    return replace(
        quantity, low=quantity.low * factor, high=quantity.high * factor,
        others=tuple(each * factor for each in quantity.others), dimension=dimension, unit=unit,
    )  # fmt: skip  # one replacement, read as one


def _is_age_in_commas(sentence: Sentence, quantity: Quantity) -> bool:
    """True for a number between commas after a name, as ages are: ``Smith, 36,``."""
    words = sentence.words
    first, last = quantity.slot.start, quantity.slot.stop
    before, after = words[max(0, first - 2) : first], words[last : last + 1]
    return (
        len(before) == 2 and before[1].text == "," and before[0].pos == "PROPN"
        and len(quantity.slot) == 1 and quantity.low < 120
        and bool(after) and after[0].text in (",", ".", ")")
    )  # fmt: skip  # one condition


def _find_counted_noun(sentence: Sentence, quantity: Quantity) -> str:
    """The key of the noun that the number counts."""
    index = quantity.slot.stop - 1
    for _ in range(3):
        word = sentence.words[index]
        if word.pos in ("NOUN", "PROPN") and index not in quantity.slot:
            return word.key
        index = word.head
    return ""


def _agree(a: Decimal, b: Decimal, bound_a: Bound, bound_b: Bound) -> bool:
    if a == b:
        return True
    if max(a, b) < 0 and {bound_a, bound_b} <= set(_PLAIN):
        a, b = -a, -b
    small, large = min(a, b), max(a, b)
    if small <= 0 or a.is_infinite() or b.is_infinite():
        return False
    if bound_a != bound_b and {bound_a, bound_b} & {"least", "most"}:
        return (bound_b in _PLAIN and _keeps_bound_closely(b, bound_a, a)) or (
            bound_a in _PLAIN and _keeps_bound_closely(a, bound_b, b)
        )
    if bound_a == bound_b and _keeps_bound_closely(b, bound_a, a):
        return True
    apart = (large - small) / large
    if "about" in (bound_a, bound_b):
        return apart <= Decimal("0.06") or (apart <= Decimal("0.15") and _measure_distance(a, b) < 1)
    return (
        apart <= Decimal("0.025")
        and _measure_distance(a, b) <= Decimal("0.5")
        and max(_count_digits(a), _count_digits(b)) >= _ROUNDED
    )


def _keeps_bound_closely(value: Decimal, bound: Bound, limit: Decimal) -> bool:
    """True if a number keeps a bound and is near it: for "more than 100", 120 but not 1,000."""
    if bound == "least":
        return limit <= value <= limit * Decimal("1.5")
    return bound == "most" and limit / 2 <= value <= limit


def _measure_distance(a: Decimal, b: Decimal) -> Decimal:
    """Difference of two numbers in units of the coarser one's last digit: 0.4 for 23.4 and 23."""
    coarse, fine = sorted((a, b), key=_count_digits)
    step = Decimal(1).scaleb(coarse.normalize().as_tuple().exponent if coarse else 0)  # type: ignore[arg-type]  # finite
    return abs(coarse - fine) / step


def _count_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
