"""Names: who and what a sentence calls by name, and when two names are of one bearer."""

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
from harness.checker_en.nations import PHRASES, WHOLES, national, nations, of_country
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.spelling import folded

Bearer = Literal["person", "place", "people", "group", "office", "other"]
"""office: capital words outside of any named entity, such as Environment Secretary."""

_BEARERS: dict[str, Bearer] = {
    "PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "NORP": "people", "ORG": "group",
}  # fmt: skip  # a table
_NAMING = frozenset(
    {"PERSON", "GPE", "LOC", "FAC", "NORP", "ORG", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"}
)
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
"""Those whose letters are not all in the long form in their order, or are but two."""
_LIKE = 88.0
"""rapidfuzz's ratio (0 to 100) from which two spellings are one name: Shepard and Shepherd."""
_LEAST_FUZZY = 5
_LEAST_SHORT = 3
_LONGEST_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands."""

    parts: tuple[str, ...]
    """Its words folded, titles, ranks and ’s left out; a country and what is of it have one part."""
    bearer: Bearer
    slot: range
    """The words that say it."""
    of_country: bool
    """Whether it is written as a country or as what is of it: Paris is not, which has the part of France."""
    acronyms: frozenset[str]
    """What the whole named entity that it is in can be shortened to: BoE for the Bank, and for the England, of one."""


def names(sentence: Sentence) -> list[Name]:
    """Runs of proper nouns and of words in a named entity, in order; the calendar has no names."""
    result, at = [], 0
    while at < len(sentence.words):
        end = at
        while end < len(sentence.words) and _goes_on(sentence.words, at, end):
            end += 1
        if end > at:
            name = _read(sentence.words, at, end)
            if name.parts:
                result.append(name)
        at = max(end, at + 1)
    return result


def matches(name: Name, other: Name) -> bool:
    """Whether the two can be of one bearer; of a person's names, middle ones may be left out."""
    if alike(name.parts, other.parts) or _shortened(name, other) or _shortened(other, name):
        return True
    return "person" in (name.bearer, other.bearer) and _without_middle(name.parts, other.parts)


@lru_cache(maxsize=1 << 16)  # the names of a premise are held against those of every statement about it
def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are equal by their parts, one part of the other, an acronym, or nearly the same spelling."""
    if len(one) > 1 < len(other) and _differ_in_number(one[-1], other[-1]):
        return False
    if one == other or _contained(one, other) or _contained(other, one):
        return True
    if _acronym(one, other) or _acronym(other, one):
        return True
    if len(one) == len(other) > 1 and (all(map(_cut, one, other)) or _numbered(one) == _numbered(other)):
        return True
    return _spelled_alike(" ".join(one), " ".join(other))


def parts(words: Iterable[str]) -> tuple[str, ...]:
    """The words of a name as they are held equal: folded, without titles, a country and what is of it alike."""
    bare = [_bare(word) for word in words]
    phrase = PHRASES.get(" ".join(bare))
    return (phrase,) if phrase else tuple(national(word) for word in bare if word not in _TITLES | {"", "-"})


def exclude(name: Name, other: Name) -> bool:
    """Whether two different names can stand for different bearers in one place: a person and a people cannot.

    Nor can a country and a place, a region's people, a faith or a party that may be in it: which are is not known.
    """
    if _may_contain(name, other) or _may_contain(other, name):
        return False
    if _national(name) != _national(other) and {"person", "people", "office", "other"} & {name.bearer, other.bearer}:
        return False
    if any(WHOLES.get(" ".join(one.parts), "-") == " ".join(two.parts) for one, two in ((name, other), (other, name))):
        return False
    return frozenset((name.bearer, other.bearer)) not in _OF_TWO_KINDS


def in_words(name: Name, words: Sequence[str]) -> float:
    """The share of a name's parts that are among folded words: for text where names have no capitals."""
    keys = [national(word) for word in words]
    there = sum(any(part == key or _spelled_alike(part, key) for key in keys) for part in name.parts)
    return there / len(name.parts)


def keys(words: Iterable[Word]) -> list[str]:
    """The words as names hold them."""
    return [national(_bare(word.text)) for word in words]


def _national(name: Name) -> bool:
    """Whether a name is that of a country, or of what is of it: the Scot may be anybody."""
    return len(name.parts) == 1 and name.parts[0] in nations()


def _may_contain(country: Name, place: Name) -> bool:
    """Whether the one is a country, and the other a place of which it is not known in which country it is."""
    inside = place.bearer == "place" and not place.of_country and not _national(place)
    return country.of_country and country.bearer == "place" and inside


def _names(word: Word) -> bool:
    if word.entity in _CALENDAR or word.text[0] == "-" or not any(sign.isalpha() for sign in word.text):
        return False  # -5C is none
    if word.pos == "PROPN":
        return True
    if folded(word.text) in nations() and word.text[0].isupper():
        return True
    return word.entity in _NAMING and word.text[0].isupper() and word.pos in ("NOUN", "ADJ", "VERB", "X")


def _goes_on(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether the name that starts at one word has another word, a hyphen between two of them included."""
    if words[at].text == "-" and start < at < len(words) - 1:
        tight = words[at - 1].end == words[at].start and words[at].end == words[at + 1].start
        return tight and _names(words[at + 1])
    return _names(words[at]) and not _breaks(words, start, at)


def _breaks(words: Sequence[Word], start: int, at: int) -> bool:
    """Whether another name begins here: an entity of another type, or a nationality before a name."""
    if at == start:
        return False
    one, other = words[at - 1], words[at]
    return (
        one.entity != other.entity and bool(one.entity) and bool(other.entity)
    ) or one.entity == "NORP" != other.entity


def _read(words: Sequence[Word], first: int, last: int) -> Name:
    types = [word.entity for word in words[first:last] if word.entity]
    own = parts(word.text for word in words[_untitled(words, first, last) : last])
    bearer = _BEARERS.get(types[-1], "other") if types else "office"
    written = " ".join(filter(None, (_bare(word.text) for word in words[first:last])))
    return Name(own, bearer, range(first, last), of_country(written), _acronyms(words, first, last))


def _untitled(words: Sequence[Word], first: int, last: int) -> int:
    """Where a person's name begins behind a rank or an office, which the parser leaves outside of the entity."""
    at = next((at for at in range(first, last) if words[at].entity), first)
    return at if words[at].entity == "PERSON" else first


def _acronyms(words: Sequence[Word], first: int, last: int) -> frozenset[str]:
    """The initials of the whole named entity: with its small words, without them, and without what ``and`` adds."""
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


def _shortened(short: Name, long: Name) -> bool:
    """Whether the one is an acronym of the named entity that the other is in."""
    return len(short.parts) == 1 and short.parts[0] in long.acronyms


def _bare(word: str) -> str:
    """Without case, accents, ’s and stops: U.S. is us."""
    return folded(word).removesuffix("'s").replace(".", "")


def _contained(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """A surname in a full name, a short form in a long one: its last word, its first, or a run of it."""
    if not part or len(part) >= len(whole):
        return False
    return any(
        all(_equal(one, other) for one, other in zip(part, whole[start:], strict=False))
        for start in range(len(whole) - len(part) + 1)
    )


def _without_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names begin and end alike, and the middle of the longer one has that of the shorter in its order."""
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or not (_equal(short[0], long[0]) and _equal(short[-1], long[-1])):
        return False
    middle = iter(long[1:-1])
    return all(part in middle for part in short[1:-1])


def _equal(one: str, other: str) -> bool:
    """Whether two words can be one: alike, an initial, or the beginning of a compound (Apple, AppleInsider)."""
    short, long = sorted((one, other), key=len)
    if len(short) > 1 and _differ_in_number(one, other):
        return False
    begins = long.startswith(short) and (len(short) == 1 or len(short) >= _LEAST_FUZZY)
    return one == other or begins or _spelled_alike(one, other)


def _differ_in_number(one: str, other: str) -> bool:
    """Whether two words end in different numbers, Roman ones included: Henry VII and VIII, MH370 and MH371."""
    numbers = _number(one), _number(other)
    return None not in numbers and numbers[0] != numbers[1]


def _number(word: str) -> int | None:
    """The number at the end of a word, or that a Roman one below 90 is."""
    if digits := re.search(r"[0-9]+$", word):
        return int(digits.group())
    if not word or not _ROMAN_NUMBER.fullmatch(word):
        return None
    values = [_ROMAN[letter] for letter in word]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _numbered(parts: tuple[str, ...]) -> list[str]:
    """The parts in alphabetical order, numbers and ordinals in digits: of World War II as of Second World War."""
    numbers = (number_words.ordinals().get(part) or _number(part) for part in parts)
    return sorted(part if number is None else str(number) for part, number in zip(parts, numbers, strict=True))


def _cut(one: str, other: str) -> bool:
    """Whether two words are equal, or the one is cut from the other: Man from Manchester, Jr from Junior."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    cut = len(short) >= _LEAST_SHORT and short[0] == long[0] and all(letter in letters for letter in short)
    return cut or frozenset((one, other)) in _SHORT_FORMS or _equal(one, other)


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) != 1 or len(long) < 2 or not 2 <= len(short[0]) <= _LONGEST_ACRONYM:
        return False
    letters = short[0].replace(".", "")
    initials = "".join(word[0] for word in long)
    without = "".join(word[0] for word in long if word not in ("of", "and", "the", "for"))
    return letters in (initials, without)


def _spelled_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _LEAST_FUZZY or one[0] != other[0]:
        return False
    return fuzz.ratio(one, other, score_cutoff=_LIKE) > 0
