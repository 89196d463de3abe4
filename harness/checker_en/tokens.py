"""Text as comparable tokens: all spellings of a word share one key, and numbers, dates and names are typed slots."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Literal, NamedTuple

from harness.checker_en import number_words
from harness.checker_en.dates import MONTH_FORMS, MONTHS, WEEKDAYS
from harness.checker_en.lists import group
from harness.checker_en.nations import PHRASES, nations
from harness.checker_en.negation import NEGATORS
from harness.checker_en.spelling import fold, stem_lower_case
from harness.checker_en.units import CURRENCIES
from harness.text import UNSPACED, normalise

Kind = Literal["content", "function", "negator", "number", "month", "weekday"]
Type = Literal["number", "year", "month", "day", "weekday", "name"]


class Token(NamedTuple):
    """A word or a number; tokens with the same key mean the same."""

    key: str
    kind: Kind
    text: str
    """Nearly as written."""

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


class Slot(NamedTuple):
    type: Type
    key: str


class Conflict(NamedTuple):
    """A type of slot for which the hypothesis and the passage each have values that the other lacks."""

    type: Type
    hypothesis: frozenset[str]
    passage: frozenset[str]


# In scripts without spaces between words, each character is a word.
_PIECE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?!\d)|(?:[^\W\d_]\.){{2,}}|{number_words.DIGITS}|[{UNSPACED}]"
    rf"|[^\W_{UNSPACED}]+(?:'[^\W_]+)?|[%£$€]"
)
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SIGNS = {"%": "percent", **CURRENCIES}
_CALENDAR: dict[str, tuple[str, Kind]] = {
    **{form: (month, "month") for form, month in MONTH_FORMS.items()},
    **{day: (day, "weekday") for day in WEEKDAYS},
}

_NEGATORS = NEGATORS | {"nowhere", "without"}
_FUNCTION = group(
    "a about above after again against all also although am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each either else ever every few for from further had "
    "has have having he her here hers herself him himself his how however i if in into is it its itself just may me "
    "might more most mr mrs ms much must my myself of off on once one only onto or other our ours ourselves out over "
    "own per said say saying says shall she should since so some still such than that the their theirs them themselves "
    "then there these they this those though through thus to too under until up upon us very was we were what when "
    "where whether which while who whom whose why will with within would yet you your yours yourself ca wo ai "
    "according"
)
_PHRASES = {**PHRASES, "per cent": "percent"}


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens in order; numbers in words become numbers, ``n't`` becomes ``not``, accents are dropped."""
    pieces = _split(text)
    lower = [piece.lower() for piece in pieces]
    read: list[Token] = []
    at = 0
    while at < len(pieces):
        number = number_words.read(lower, at)
        if number:
            value, end = number
            place = len(read) - (at > 0 and pieces[at - 1] in "£$€")  # £5 reads as 5 pounds does
            read.insert(place, Token(f"#{number_words.format_digits(value)}", "number", " ".join(pieces[at:end])))
            at = end
        elif phrase := _PHRASES.get(" ".join(lower[at : at + 2])):
            read.append(Token(phrase, "content", " ".join(pieces[at : at + 2])))
            at += 2
        else:
            read += _read_word(pieces, at)
            at += 1
    return tuple(read)


def find_slots(sentence: Sequence[Token], common: Container[str]) -> frozenset[Slot]:
    """The slots of one sentence. Its first word is a name if it is capitalised and not a ``common`` word."""
    typed: set[Slot] = set()
    for at, token in enumerate(sentence):
        if token.kind == "number":
            typed.add(Slot(_number_type(sentence, at), token.key))
        elif token.kind in ("month", "weekday"):
            typed.add(Slot(token.kind, token.key))
        elif token.kind == "content" and token.capital and (at > 0 or token.key not in common):
            typed.add(Slot("name", token.key))
    return frozenset(typed)


def find_conflicts(hypothesis: frozenset[Slot], passage: frozenset[Slot]) -> list[Conflict]:
    """The types for which the two have different values; a type that only one of them has does not conflict."""
    only_hypothesis, only_passage = hypothesis - passage, passage - hypothesis
    types = {slot.type for slot in only_hypothesis} & {slot.type for slot in only_passage}
    return [Conflict(each, _keys(only_hypothesis, each), _keys(only_passage, each)) for each in sorted(types)]


def _keys(slots: frozenset[Slot], wanted: Type) -> frozenset[str]:
    return frozenset(slot.key for slot in slots if slot.type == wanted)


def _number_type(sentence: Sequence[Token], at: int) -> Type:
    digits = sentence[at].key[1:]
    if not digits.isdecimal():
        return "number"
    beside = [*sentence[max(0, at - 1) : at], *sentence[at + 1 : at + 2]]
    if int(digits) <= 31 and any(token.kind == "month" for token in beside):
        return "day"
    return "year" if len(digits) == 4 and 1000 <= int(digits) <= 2100 else "number"


def _split(text: str) -> list[str]:
    pieces = []
    for piece in _PIECE.findall(normalise(text)):
        if date := _ISO_DATE.fullmatch(piece):
            year, month, day = date.groups()
            named = MONTHS[int(month) - 1].title() if 1 <= int(month) <= 12 else month
            pieces += [day, named, year]
        elif "." in piece and not piece[0].isdecimal():
            pieces.append(piece.replace(".", ""))
        elif piece.lower().endswith("n't"):
            pieces += [piece[:-3], "not"] if len(piece) > 3 else ["not"]
        else:
            pieces.append(piece.partition("'")[0] if piece.lower().endswith("'s") else piece)
    return pieces


def _read_word(pieces: Sequence[str], at: int) -> list[Token]:
    piece = pieces[at]
    word = fold(piece)
    if not word:
        return []
    if word in _NEGATORS:
        return [Token("not", "negator", piece)]
    if word in _CALENDAR and piece[0].isupper() and (word != "may" or _in_date(pieces, at)):
        key, kind = _CALENDAR[word]
        return [Token(key, kind, piece)]
    if word in _FUNCTION and not (word == "us" and piece == "US"):
        return [Token(word, "function", piece)]
    key = nations().get(word) or _SIGNS.get(word) or stem_lower_case(word)
    return [Token(key, "content", piece)]


def _in_date(pieces: Sequence[str], at: int) -> bool:
    """True if a capitalised ``May`` is the month: next to a number, or after ``in``."""
    beside = [*pieces[max(0, at - 1) : at], *pieces[at + 1 : at + 2]]
    return any(piece[0].isdecimal() for piece in beside) or (at > 0 and pieces[at - 1].lower() in ("in", "last", "of"))
