"""Names that can be put in place of another: of its type, and not another name of the same thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from functools import cache, lru_cache

from rapidfuzz.fuzz import ratio

from harness.english import lists
from harness.english.entities import Entity, EntityType, entities, listed
from harness.english.inflection import is_word
from harness.english.nations import adjectives, countries
from harness.perturbations.source import written

_COMMON = frozenset(["of", "the", "new", "north", "south", "east", "west", "united", "saint", "st"])
"""Words that names of different things share."""
_PLACES: tuple[EntityType, ...] = ("country", "state", "place", "nationality")
_NONE: frozenset[int] = frozenset()
_ALIKE = 80
"""Similarity, of 100, from which two surnames may be one, misspelt."""


def replaceable(entity: Entity) -> bool:
    """Whether it is a whole name that the parser is likely right about."""
    acronym = entity.text.isupper() and len(entity.text) > 1
    described = entity.modifier and entity.type in ("person", "organisation") and not acronym
    return entity.alone and not described and not (entity.type == "organisation" and _ordinary(entity.text))


def names_in(text: str, context: str) -> list[Entity]:
    """The names of the text; where the article has one too, of the type that it has there, where more is said of it."""
    types = {form: name.type for name in _reliable(context) for form in (_key(name), name.text)}
    return [replace(name, type=types.get(name.text, name.type)) for name in entities(text)]


def stand_ins(entity: Entity, text: str, context: str) -> list[str]:
    """What can be written for ``entity`` in the text: names of the article, else of a list; none that is there."""
    here, there = entities(text), written(text)
    of_the_article = [
        _written(entity, other)
        for other in _of_type(entity.type, context)
        if not _any_same(other, here) and not _capitals(other.text) & there
    ]
    return list(dict.fromkeys(of_the_article)) or _of_the_list(entity, (*here, *entities(context)))


def same(one: str, other: str) -> bool:
    """Whether two names may well be of one thing: a word in common, an acronym, a capital and its country."""
    first, second = one.lower(), other.lower()
    if first == second or set(first.split()) & set(second.split()) - _COMMON:
        return True
    if _groups().get(first, _NONE) & _groups().get(second, _NONE):
        return True
    return _initials(one) == other.replace(".", "") or _initials(other) == one.replace(".", "")


def _capitals(text: str) -> set[str]:
    """The words of a name that would show it where the parser has not seen one."""
    return {word for word in text.split() if word[:1].isupper() and word.lower() not in _COMMON}


def _any_same(one: Entity, others: Collection[Entity]) -> bool:
    return any(same(one.text, other.text) or _one_person(one, other) for other in others)


def _one_person(one: Entity, other: Entity) -> bool:
    if {one.type, other.type} != {"person"}:
        return False
    return ratio(one.text.split()[-1].lower(), other.text.split()[-1].lower()) >= _ALIKE


def _of_type(kind: EntityType, context: str) -> list[Entity]:
    """The article's names of a type, and for a nationality those of its countries too."""
    known = _reliable(context)
    every = [name for name in known if name.type == kind]
    if kind == "nationality":
        told = [adjectives()[name.text] for name in known if name.type == "country" and name.text in adjectives()]
        every += [Entity(0, 0, adjective, kind, False, True, True) for adjective in told]
    return every


@lru_cache(maxsize=256)
def _reliable(context: str) -> tuple[Entity, ...]:
    """The names that are typed alike wherever they stand; of each person the fullest form."""
    every = entities(context)
    types: dict[str, set[EntityType]] = defaultdict(set)
    for name in every:
        types[name.text].add(name.type)
    counts = Counter(_key(name) for name in every)
    surnames = {_key(name) for name in every if name.type == "person"}
    fullest: dict[str, Entity] = {}
    for name in every:
        misread = len(types[name.text]) > 1 or (name.type != "person" and name.text.split()[-1] in surnames)
        if misread or not _plausible(name, counts[_key(name)]):
            continue
        key = _key(name)
        if key not in fullest or len(name.text) > len(fullest[key].text) or (name.the and not fullest[key].the):
            fullest[key] = name
    return tuple(fullest.values())


def _key(name: Entity) -> str:
    """What the mentions of one person or thing have in common."""
    return name.text.split()[-1] if name.type == "person" else name.text


def _plausible(name: Entity, count: int) -> bool:
    """Whether it looks like a name of its type, which stands ``count`` times: the parser errs on capital words."""
    parts = name.text.split()
    if not name.alone or _ordinary(name.text) or len(parts[-1]) < 2:
        return False
    if name.type == "person":
        places = {place for kind in _PLACES for place in listed()[kind]}
        return not places & set(parts) and (name.full or count > 1)
    sure = name.full or count > 1 or name.text.isupper() or name.text in listed().get(name.type, ())
    return sure or name.type not in ("organisation", "place")


def _ordinary(text: str) -> bool:
    """Whether all its words are ones of the dictionary: ``Girl Scout``, ``Reading``; not where one is a given name."""
    return text.split()[0] not in listed()["given"] and all(
        is_word(word) for word in text.split() if word.lower() not in ("of", "and", "for")
    )


def _of_the_list(entity: Entity, avoided: Collection[Entity]) -> list[str]:
    others = [
        Entity(0, 0, text.removeprefix("the "), entity.type, text.startswith("the "), False, True)
        for text in listed().get(entity.type, ())
    ]
    return [_written(entity, other) for other in others if not _any_same(other, avoided)]


def _written(entity: Entity, other: Entity) -> str:
    """The other name in the form that fits: a surname for a surname, ``the`` where it belongs, ``French president``."""
    if entity.type == "person":
        return other.text if entity.full else other.text.split()[-1]
    if entity.type == "country" and entity.modifier:
        return adjectives().get(other.text, other.text)
    return f"the {other.text}" if other.the and not entity.modifier else other.text


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()) if " " in name else name


@cache
def _groups() -> dict[str, frozenset[int]]:
    """Name in lower case → the numbers of its groups: a country, its people and its capital stand for one another."""
    of_nations = [[nation.country.removeprefix("the "), nation.adjective, nation.people] for nation in countries()]
    groups: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate([*lists.load("aliases", list[list[str]]), *of_nations]):
        for name in filter(None, group):
            groups[name.lower()].add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}
