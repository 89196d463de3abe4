"""Find the names in a sentence, and tell if two names may belong to one bearer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from rapidfuzz import fuzz

from harness.checker_en import number_words
from harness.checker_en.lists import group
from harness.checker_en.nations import PHRASES, WHOLES, is_national, nations, to_country
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.spelling import fold

Bearer = Literal["person", "place", "people", "group", "office", "other"]
"""The type of a name's bearer, the person or thing with the name. office: capitalised words outside any named entity,
such as Environment Secretary."""

_BEARERS: dict[str, Bearer] = {
    "PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "people", "ORG": "group",
}  # fmt: skip  # a table
_NAMING = frozenset({*_BEARERS, "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"})
_TITLES = group(
    "mr mrs ms miss dr sir lady lord dame prof professor president minister prime chancellor senator judge king queen "
    "prince princess duke duchess captain coach manager officer sergeant chief pope st the"
)
_CALENDAR = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "MONEY", "PERCENT", "QUANTITY"})
_OF_TWO_KINDS = frozenset(frozenset(pair) for pair in (("person", "place"), ("person", "people"), ("group", "people")))
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ROMAN_NUMBER = re.compile(r"(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_SHORT_FORMS = frozenset(
    frozenset(pair.split())
    for pair in (
        "jr junior", "sr senior", "st saint", "mike michael", "bill william", "bob robert", "jim james", "dave david",
        "steve stephen", "andy andrew", "tony anthony", "liz elizabeth", "dick richard", "nick nicholas", "jack john",
        "ted edward", "chuck charles", "becky rebecca",
    )
)  # fmt: skip  # a table
"""Short forms that ``_is_abbreviation`` does not recognise by their letters."""
_LIKE = 88.0
"""rapidfuzz ratio (0 to 100) from which two spellings are one name: Shepard and Shepherd."""
_LEAST_FUZZY = 5
_LEAST_SHORT = 3
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence."""

    parts: tuple[str, ...]
    """Its words folded, without titles, ranks and ’s; a country and its adjective share one part."""
    bearer: Bearer
    slot: range
    """Its words."""
    of_country: bool
    """True for a country or its adjective; False for Paris, though its part is France."""
    acronyms: frozenset[str]
    """The acronyms of the whole named entity around it: BoE, for both Bank and England."""


def find_names(sentence: Sentence) -> list[Name]:
    """Runs of proper nouns and of words in a named entity, in order, without dates."""
    result, at = [], 0
    while at < len(sentence.words):
        end = at
        while end < len(sentence.words) and _continues(sentence.words, at, end):
            end += 1
        if end > at and (name := _read_name(sentence.words, at, end)).parts:
            result.append(name)
        at = max(end, at + 1)
    return result


def matches(name: Name, other: Name) -> bool:
    """True if the two can belong to one bearer; middle names may be missing."""
    if are_alike(name.parts, other.parts):
        return True
    for short, long in ((name, other), (other, name)):
        if len(short.parts) == 1 and short.parts[0] in long.acronyms:
            return True
    return "person" in (name.bearer, other.bearer) and _differ_in_middle_names(name.parts, other.parts)


@lru_cache(maxsize=1 << 16)  # the names of a premise are compared with those of every statement about it
def are_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """True if names are equal, one is part of the other or its acronym, or they are spelled nearly alike."""
    if len(one) > 1 < len(other) and _differ_in_number(one[-1], other[-1]):
        return False
    if one == other or _contains(one, other) or _contains(other, one):
        return True
    if _is_acronym(one, other) or _is_acronym(other, one):
        return True
    if len(one) == len(other) > 1 and (
        all(map(_is_abbreviation, one, other)) or _write_numbers(one) == _write_numbers(other)
    ):
        return True
    return _spelled_alike(" ".join(one), " ".join(other))


def exclude(name: Name, other: Name) -> bool:
    """True if two different names in one place mean different bearers.

    Not so for a person and a people, nor for a country and a place, region, faith or party that may be in it.
    """
    for one, two in ((name, other), (other, name)):
        if WHOLES.get(" ".join(one.parts), "-") == " ".join(two.parts):
            return False
        inside = two.bearer == "place" and not two.of_country and not _is_nation(two)
        if one.of_country and one.bearer == "place" and inside:
            return False
    if _is_nation(name) != _is_nation(other) and not {"place", "group"} >= {name.bearer, other.bearer}:
        return False
    return frozenset((name.bearer, other.bearer)) not in _OF_TWO_KINDS


def parts(words: Iterable[str]) -> tuple[str, ...]:
    """The words of a name as they are compared: folded, without titles, adjectives as their countries."""
    bare = [_strip_word(word) for word in words]
    phrase = PHRASES.get(" ".join(bare))
    return (phrase,) if phrase else tuple(to_country(word) for word in bare if word not in _TITLES | {"", "-"})


def keys(words: Iterable[Word]) -> list[str]:
    """All words as names are compared."""
    return [to_country(_strip_word(word.text)) for word in words]


def in_words(name: Name, words: Sequence[str]) -> float:
    """The share of a name's parts among these words, for text without capitals."""
    there = sum(any(part == key or _spelled_alike(part, key) for key in map(to_country, words)) for part in name.parts)
    return there / len(name.parts)


def _is_nation(name: Name) -> bool:
    return len(name.parts) == 1 and name.parts[0] in nations()


def _continues(words: Sequence[Word], start: int, at: int) -> bool:
    """True if the name from ``start`` includes this word; a hyphen between two of its words belongs to it."""
    if words[at].text == "-" and start < at < len(words) - 1:
        tight = words[at - 1].end == words[at].start and words[at].end == words[at + 1].start
        return tight and _is_name_word(words[at + 1])
    if not _is_name_word(words[at]):
        return False
    if at == start:
        return True
    one, other = words[at - 1].entity, words[at].entity
    return not (one != other and bool(one) and bool(other)) and not (one == "NORP" != other)


def _is_name_word(word: Word) -> bool:
    if word.entity in _CALENDAR or word.text[0] == "-" or not any(sign.isalpha() for sign in word.text):
        return False  # not -5C
    if word.pos == "PROPN":
        return True
    if fold(word.text) in nations() and word.text[0].isupper():
        return True
    return word.entity in _NAMING and word.text[0].isupper() and word.pos in ("NOUN", "ADJ", "VERB", "X")


def _read_name(words: Sequence[Word], first: int, last: int) -> Name:
    types = [word.entity for word in words[first:last] if word.entity]
    # the parser leaves a person's rank or office outside the entity
    at = next((at for at in range(first, last) if words[at].entity), first)
    own = parts(word.text for word in words[at if words[at].entity == "PERSON" else first : last])
    bearer = _BEARERS.get(types[-1], "other") if types else "office"
    written = " ".join(filter(None, (_strip_word(word.text) for word in words[first:last])))
    return Name(own, bearer, range(first, last), is_national(written), _acronyms(words, first, last))


def _acronyms(words: Sequence[Word], first: int, last: int) -> frozenset[str]:
    """The initials of the whole named entity: with its small words, without them, and without what follows ``and``."""
    entity = words[last - 1].entity
    while entity and first > 0 and words[first - 1].entity == entity:
        first -= 1
    while entity and last < len(words) and words[last].entity == entity:
        last += 1
    run = [word for word in words[first:last] if word.text[0].isalpha() and word.low != "the"]
    every = "".join(word.text[0] for word in run)
    before = "".join(word.text[0] for word in takewhile(lambda word: word.low != "and", run))
    initials = (every, *("".join(filter(str.isupper, each)) for each in (every, before)))
    return frozenset(each.lower() for each in initials if 2 < len(each) <= _LONGEST_ACRONYM)


def _strip_word(word: str) -> str:
    """Without case, accents, ’s and full stops: U.S. is us."""
    return fold(word).removesuffix("'s").replace(".", "")


def _contains(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """True if ``part`` is a run of words of ``whole``: a surname of a full name."""
    if not part or len(part) >= len(whole):
        return False
    return any(
        all(_may_be_equal(one, other) for one, other in zip(part, whole[start:], strict=False))
        for start in range(len(whole) - len(part) + 1)
    )


def _differ_in_middle_names(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """True if two names begin and end alike and only middle names are missing."""
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or not (_may_be_equal(short[0], long[0]) and _may_be_equal(short[-1], long[-1])):
        return False
    middle = iter(long[1:-1])
    return all(part in middle for part in short[1:-1])


def _may_be_equal(one: str, other: str) -> bool:
    """True if two words can be one name: alike, an initial, or the start of a compound (Apple, AppleInsider)."""
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and _differ_in_number(one, other):
        return False
    begins = long.startswith(short) and (len(short) == 1 or len(short) >= _LEAST_FUZZY)
    return one == other or begins or _spelled_alike(one, other)


def _differ_in_number(one: str, other: str) -> bool:
    """True if two words end in different numbers, Roman ones included: Henry VII and VIII, MH370 and MH371."""
    numbers = _number(one), _number(other)
    return None not in numbers and numbers[0] != numbers[1]


def _number(word: str) -> int | None:
    """The number at the end of a word, or a Roman one below 90."""
    if digits := re.search(r"[0-9]+$", word):
        return int(digits.group())
    if not word or not _ROMAN_NUMBER.fullmatch(word):
        return None
    values = [_ROMAN[letter] for letter in word]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _write_numbers(parts: tuple[str, ...]) -> list[str]:
    """The parts sorted, numbers and ordinals in digits: World War II equals Second World War."""
    numbers = (number_words.ordinals().get(part) or _number(part) for part in parts)
    return sorted(part if number is None else str(number) for part, number in zip(parts, numbers, strict=True))


def _is_abbreviation(one: str, other: str) -> bool:
    """True if two words are equal or one abbreviates the other: Man for Manchester, Jr for Junior."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    cut = len(short) >= _LEAST_SHORT and short[0] == long[0] and all(letter in letters for letter in short)
    return cut or frozenset((one, other)) in _SHORT_FORMS or _may_be_equal(one, other)


def _is_acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) != 1 or len(long) < 2 or not 2 <= len(short[0]) <= _LONGEST_ACRONYM:
        return False
    initials = "".join(word[0] for word in long)
    without = "".join(word[0] for word in long if word not in ("of", "and", "the", "for"))
    return short[0].replace(".", "") in (initials, without)


def _spelled_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LEAST_FUZZY or one[0] != other[0]:
        return False
    return fuzz.ratio(one, other, score_cutoff=_LIKE) > 0
