"""Numbers as people write them, found in a text and written in the same way with another value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from harness.english import syntax
from harness.english.calendar_words import MONTH_FORMS
from harness.english.number_words import below_a_thousand, ordinals, spelled
from harness.english.syntax import end, neighbour

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Style = Literal["digits", "words", "ordinal digits", "ordinal words"]
Unit = Literal["money", "percent", "age", "plain"]

_DIGITS = re.compile(
    r"(?<![\w.,:/+#-])(?P<money>[$£€¥]?)"
    r"(?P<value>\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,15})?|\d{1,15}(?:\.\d{1,15})?)"  # what a float holds exactly
    r"(?P<suffix>st|nd|rd|th|k|mn?|bn?|tn|million|billion|trillion)?"
    r"(?P<percent>\s?%|\s(?:percent|per\scent)\b)?(?![\w:/]|[.,-]\d)"
)
_ORDINAL = ("st", "nd", "rd", "th")
_ABOVE = re.compile(
    r"(?:more than|at least|over|above|exceed\w*|upwards of|minimum of|no (?:fewer|less) than)\s*[$£€¥]?$"
)
_BELOW = re.compile(
    r"(?:less than|fewer than|at most|under|below|up to|nearly|almost|no more than|just shy of)\s*[$£€¥]?$"
)


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
    bound: Literal["above", "below", "none"]
    """Whether the text states a bound: more than 5, up to 5."""


@lru_cache(maxsize=256)
def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """The numbers of the text that are neither dates nor parts of names, in order."""
    doc = syntax.parse(text)
    return tuple(sorted([*_in_digits(text, doc), *_in_words(text, doc)], key=lambda number: number.start))


def written(value: float, like: WrittenNumber) -> str:
    """Another value in the style of a quantity: its thousands' commas, its decimals, its words."""
    if like.style == "words":
        return spelled(int(value))
    if like.style == "ordinal words":
        return spelled(int(value), "ordinal")
    if like.style == "ordinal digits":
        return f"{int(value)}{_suffix(int(value))}"
    decimals = len(like.text.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in like.text or (value >= 10_000 > like.value) else f"{value:.{decimals}f}"


def _suffix(value: int) -> str:
    if value % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _in_digits(text: str, doc: Doc) -> Iterator[WrittenNumber]:
    for match in _DIGITS.finditer(text):
        value = float(match["value"].replace(",", ""))
        ordinal = match["suffix"] in _ORDINAL
        start, stop = match.start("value"), match.end("suffix" if ordinal else "value")
        token = next(each for each in doc if each.idx <= start < end(each))
        if _in_a_name(token) or (not match["money"] and not match["percent"] and is_date(token, value)):
            continue
        scaled = _scaled(text[match.end("value") :])
        yield WrittenNumber(
            start, stop, value, text[start:stop], "ordinal digits" if ordinal else "digits",
            _unit(match["money"], match["percent"], text[match.end() :]), scaled, _bound(text[: match.start()]),
        )  # fmt: skip  # one call, read as the record's one line


def _in_words(text: str, doc: Doc) -> Iterator[WrittenNumber]:
    at = 0
    while at < len(doc):
        length, value, style = _longest(doc, at)
        if length:
            start, stop = doc[at].idx, end(doc[at + length - 1])
            unit: Unit = "percent" if re.match(r"\s?(?:%|per\s?cent)", text[stop:]) else _unit("", "", text[stop:])
            scaled, bound = _scaled(text[stop:]), _bound(text[:start])
            yield WrittenNumber(start, stop, float(value), text[start:stop], style, unit, scaled, bound)
        at += max(1, length)


def _longest(doc: Doc, at: int) -> tuple[int, int, Style]:
    """The longest number in words that starts here: its tokens, value and style; 0 tokens where none does."""
    first = doc[at]
    if first.lower_ not in _first_words() or _in_a_name(first) or first.lower_ == "one":
        return 0, 0, "words"
    for length in range(min(7, len(doc) - at), 0, -1):
        text = doc[at : at + length].text.lower()
        if text in below_a_thousand():
            return length, below_a_thousand()[text], "words"
        if text in ordinals() and _is_place(doc[at + length - 1]):
            return length, ordinals()[text], "ordinal words"
    return 0, 0, "words"


def _is_place(token: Token) -> bool:
    """Whether an ordinal says which one: ``the third man``, not ``he first met``, nor the time unit."""
    before = neighbour(token, -1)
    return (
        token.dep_ == "amod" and token.head.i > token.i and before is not None and before.tag_ in ("DT", "PRP$", "POS")
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(text.replace("-", " ").split()[0] for text in (*below_a_thousand(), *ordinals()))


def _in_a_name(token: Token) -> bool:
    """Whether the number belongs to a name or a code: ``World War II``, ``Apollo 11``, ``Five Guys``."""
    before, after = neighbour(token, -1), neighbour(token, 1)
    named = token.ent_type_ in ("PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "NORP")
    joined = before is not None and before.pos_ == "PROPN" and token.dep_ in ("nummod", "compound", "npadvmod", "appos")
    follows = before is not None and before.text == "-" and before.i > 0 and token.doc[before.i - 1].is_alpha
    capital = token.is_alpha and token.is_title and token.i > 0 and after is not None and after.pos_ == "PROPN"
    month = joined and before is not None and before.ent_type_ == "DATE"
    return named or capital or (follows and not token.is_alpha) or (joined and not month)


def is_date(token: Token, value: float) -> bool:
    """Whether a number in digits is a year, a decade or the day of a month, which are the business of ``date``."""
    if value.is_integer() and 1100 <= value <= 2100 and "," not in token.text and token.text[:4].isdigit():
        return True
    if not value.is_integer() or not 1 <= value <= 31 or token.ent_type_ != "DATE":
        return False
    return any(near is not None and is_month(near) for near in (neighbour(token, -1), neighbour(token, 1)))


def is_month(token: Token) -> bool:
    """Whether a token names a month; ``may`` and ``march`` are verbs elsewhere."""
    name = token.text.removesuffix(".")
    known = name.istitle() and name.lower() in MONTH_FORMS and token.text not in ("Mar", "Apr", "Jun", "Jul")
    return known and (token.pos_ == "PROPN" or token.ent_type_ == "DATE")


def _scaled(rest: str) -> bool:
    return (
        re.match(r"(?:\s|-)?(?:hundred|thousand|million|billion|trillion|dozen|k\b|mn?\b|bn?\b|tn\b)", rest) is not None
    )


def _unit(money: str, percent: str | None, rest: str) -> Unit:
    if money or re.match(
        r"(?:\s?(?:m|bn|k|hundred|thousand|million|billion))?\s(?:dollar|pound|euro|cent|yen)s?\b", rest
    ):
        return "money"
    if percent:
        return "percent"
    return "age" if re.match(r"[-\s]years?[-\s]old|,? year[-s]", rest) else "plain"


def _bound(before: str) -> Literal["above", "below", "none"]:
    if _ABOVE.search(before.lower()):
        return "above"
    return "below" if _BELOW.search(before.lower()) else "none"
