"""The numbers, names and quotations of a statement, in any language: what a summary most easily gets wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from typing import Literal, NamedTuple

from harness.checker_en.dates import MONTHS, WEEKDAYS
from harness.checker_en.lists import group
from harness.checker_en.number_words import below_a_thousand
from harness.records import FactKind
from harness.text import normalise, sentences

Sort = Literal["quote", "number", "name"]

_QUOTE = re.compile(r"[“\"«„「]([^“”\"«»„「」]{3,})[”\"»“」]")
_TOKEN = re.compile(r"[$€£]?\d[\d.,:]*\d%?|\d%?|[^\W\d_]+(?:[-'.][^\W\d_]+)*")
_SCALES = group("hundred thousand million billion trillion dozen half twice third quarter")
_DATE = re.compile(
    rf"\b(?:{'|'.join(name.title() for name in (*WEEKDAYS, *MONTHS))}|(?:1[6-9]|20)\d\d|yesterday|tomorrow)\b"
)
_CAUSE = re.compile(r"\b(?:because|due to|caused|led to|leading to|resulted in|as a result|prompt(?:ed|ing))\b")
_ATTRIBUTION = re.compile(
    r"\b(?:said|says|told|tells|claimed|claims|added|warned|announced|insisted|insists|stressed|emphasi[sz]ed|accused"
    r"|accuses|according to|called on|urged|urges|reiterated|denied|confirmed|described|argued)\b"
)
_IS_THE = re.compile(r"\b[A-Z][\w'’-]*,? (?:is|was) (?:the|an?|[A-Z]\w+'s) ")
_KINDS: Mapping[FactKind, re.Pattern[str]] = {
    "quote": _QUOTE, "attribution": _ATTRIBUTION, "cause": _CAUSE, "date": _DATE, "name": _IS_THE,
}  # fmt: skip  # a table
"""The first that a statement has is its kind."""
_HEADLINE = 0.6
"""Share of words with a capital from which a line is a headline, where capitals make no names."""


class Value(NamedTuple):
    """A number, a name or the words of a quotation, as written."""

    sort: Sort
    text: str


def name_words(text: str, language: str) -> set[str]:
    """The words that are names in a text: with a capital inside of a sentence, and nowhere without one."""
    inside: set[str] = set()
    small: set[str] = set()
    for sentence in sentences(text, language):
        if not is_headline(sentence.text):
            written = [_bare(match) for match in _TOKEN.finditer(normalise(sentence.text))]
            inside |= {word for word in written[1:] if word[0].isupper()}
            small |= {word for word in written if word[0].islower()}
    return {word for word in inside if word.lower() not in small}


def values(text: str, names: Container[str]) -> list[Value]:
    """The quotations, numbers and names of a text, in this order; neighbouring words of a name are one.

    ``names``: the words that are names.
    """
    text = normalise(text)
    tokens = list(_TOKEN.finditer(text))
    numbers = [match.group() for match in tokens if _is_number(match.group())]
    return [
        *(Value("quote", match.group(1)) for match in _QUOTE.finditer(text)),
        *(Value("number", number) for number in numbers),
        *(Value("name", name) for name in _joined(text, tokens, names)),
    ]


def is_headline(text: str) -> bool:
    """Whether most words of a text begin with a capital, and no full stop ends it."""
    written = [word for word in text.split() if word[0].isalpha()]
    return (
        len(written) > 2
        and text.rstrip()[-1] not in ".!?"
        and sum(word[0].isupper() for word in written) >= _HEADLINE * len(written)
    )


def kind_of(text: str) -> FactKind:
    """What a summary would get wrong about a statement, by its form; for English, elsewhere a quotation or a number."""
    number: FactKind = "number" if any(_is_number(match.group()) for match in _TOKEN.finditer(text)) else "event"
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(text)), number)


def _bare(token: re.Match[str]) -> str:
    """A word without the ``'s`` of a possessive."""
    return token.group().removesuffix("'s")


def _is_number(word: str) -> bool:
    """Whether a word is a number in digits or in words; ``one`` is a pronoun more often."""
    low = word.lower()
    spelled = low in _SCALES or (low in below_a_thousand() and low not in ("zero", "one"))
    return spelled or any(character.isdigit() for character in word)


def _joined(text: str, tokens: Collection[re.Match[str]], names: Container[str]) -> Iterator[str]:
    start = end = -1
    for match in tokens:
        word = _bare(match)
        if word not in names:
            continue
        if start >= 0 and text[end : match.start()] != " ":
            yield text[start:end]
            start = -1
        start, end = (match.start() if start < 0 else start), match.start() + len(word)
    if start >= 0:
        yield text[start:end]
