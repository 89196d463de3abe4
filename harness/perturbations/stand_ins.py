"""Names that can be put in place of another: of its type, and not another name of the same thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from harness.checker_en import lists, names, syntax
from harness.checker_en.forms import is_word
from harness.checker_en.nations import adjectives, countries
from harness.checker_en.syntax import end, neighbour
from harness.perturbations.passage import Passage, written

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

EntityType = Literal["person", "country", "state", "place", "nationality", "people", "organisation"]

_LONGEST = 5
"""Tokens of a name; a longer entity is seldom one."""
_WITHIN = ("of", "and", "for", "-", "'s")
"""What a name may hold beside proper nouns."""
_BEFORE = lists.group("the a an mr mrs ms miss dr prof sir dame")
_COMMON = frozenset(["of", "the", "new", "north", "south", "east", "west", "united", "saint", "st"])
"""Words that names of different things share."""
_PLACES: tuple[EntityType, ...] = ("country", "state", "place", "nationality")


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as it stands in a text. ``text[start:end]`` is it with its own ``the``, without ``'s``."""

    start: int
    end: int
    text: str
    """Without ``the``."""
    type: EntityType
    the: bool
    """Whether ``the`` belongs to it."""
    modifier: bool
    """Whether it describes the noun after it: then an article before it is that noun's."""
    alone: bool
    """Whether no other proper noun touches it: else it may be a piece of a longer name."""

    @property
    def full(self) -> bool:
        """Whether it is of more than one word."""
        return " " in self.text


def replaceable(entity: Entity) -> bool:
    """Whether it is a whole name that the parser is likely right about."""
    acronym = entity.text.isupper() and len(entity.text) > 1
    described = entity.modifier and entity.type in ("person", "organisation") and not acronym
    return entity.alone and not described and not (entity.type == "organisation" and _ordinary(entity.text))


def names_in(passage: Passage) -> list[Entity]:
    """The names of the text; where the article has one too, of the type that it has there, where more is said of it."""
    types = {form: name.type for name in _reliable(passage.context) for form in (_key(name), name.text)}
    return [replace(name, type=types.get(name.text, name.type)) for name in entities(passage.text)]


def stand_ins(entity: Entity, passage: Passage) -> list[str]:
    """What can be written for ``entity`` in the text: names of the article, else of a list; none that is there."""
    here, there = entities(passage.text), written(passage.text)
    of_the_article = [
        _written(entity, other)
        for other in _of_type(entity.type, passage.context)
        if not _any_same(other, here) and not _capitals(other.text) & there
    ]
    return list(dict.fromkeys(of_the_article)) or _of_the_list(entity, (*here, *entities(passage.context)))


def same(one: str, other: str) -> bool:
    """Whether two names may well be of one thing: forms of one name, or a capital and its country."""
    groups = (_groups().get(name.lower(), frozenset()) for name in (one, other))
    return bool(frozenset.intersection(*groups)) or names.alike(names.parts(one.split()), names.parts(other.split()))


def _capitals(text: str) -> set[str]:
    """The words of a name that would show it where the parser has not seen one."""
    return {word for word in text.split() if word[:1].isupper() and word.lower() not in _COMMON}


def _any_same(one: Entity, others: Collection[Entity]) -> bool:
    return any(same(one.text, other.text) for other in others)


def _of_type(kind: EntityType, context: str) -> list[Entity]:
    """The article's names of a type, and for a nationality those of its countries too."""
    known = _reliable(context)
    every = [name for name in known if name.type == kind]
    if kind == "nationality":
        of_countries = [
            adjectives()[name.text] for name in known if name.type == "country" and name.text in adjectives()
        ]
        every += [Entity(0, 0, adjective, kind, False, True, True) for adjective in of_countries]
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


@cache
def _groups() -> dict[str, frozenset[int]]:
    """Name in lower case → the numbers of its groups: a country, its people and its capital stand for one another."""
    of_nations = [[nation.country.removeprefix("the "), nation.adjective, nation.people] for nation in countries()]
    groups: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate([*lists.load("aliases", list[list[str]]), *of_nations]):
        for name in filter(None, group):
            groups[name.lower()].add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


@lru_cache(maxsize=256)
def entities(text: str) -> tuple[Entity, ...]:
    """The names of a text that spaCy finds and types, in order."""
    return tuple(_read(syntax.parse(text)))


@cache
def listed() -> dict[str, list[str]]:
    """Names by type, to fall back on; under ``the`` those in lower case that take it."""
    by_type = lists.load("names", dict[str, list[str]])
    nation = {
        "country": [*by_type["country"], *(nation.country for nation in countries())],
        "nationality": list(dict.fromkeys(nation.adjective for nation in countries())),
        "people": list(dict.fromkeys(nation.people for nation in countries() if nation.people)),
    }
    return {**by_type, **nation}


def _read(doc: Doc) -> Iterator[Entity]:
    for entity in doc.ents:
        tokens = _bare(list(entity))
        if not tokens or len(tokens) > _LONGEST or not _is_name(tokens, entity.label_):
            continue
        kind = _type(entity, tokens)
        if kind is not None:
            yield _name(doc, tokens, kind)


def _bare(tokens: Sequence[Token]) -> list[Token]:
    """Without ``the`` or ``Mr`` before and ``'s`` after."""
    kept = list(tokens)
    while kept and kept[0].lower_.rstrip(".") in _BEFORE:
        kept = kept[1:]
    while kept and kept[-1].tag_ == "POS":
        kept = kept[:-1]
    return kept


def _is_name(tokens: Sequence[Token], label: str) -> bool:
    proper = all(token.pos_ == "PROPN" or token.lower_ in _WITHIN for token in tokens)
    return (proper or label == "NORP") and tokens[0].text[:1].isupper() and not any(token.like_num for token in tokens)


def _type(entity: Span, tokens: Sequence[Token]) -> EntityType | None:
    text = " ".join(token.text for token in tokens)
    if entity.label_ == "GPE":
        return _place_type(text)
    if entity.label_ == "NORP" and len(tokens) <= 2:
        nation: EntityType = "people" if tokens[-1].tag_ in ("NNPS", "NNS") else "nationality"
        return nation if text in listed()[nation] else None
    if entity.label_ == "PERSON":
        lettered = all(token.is_alpha or "'" in token.text or "-" in token.text for token in tokens)
        return "person" if lettered and not tokens[-1].is_upper else None
    return "organisation" if entity.label_ == "ORG" else None


def _place_type(text: str) -> EntityType:
    if {text, f"the {text}"} & set(listed()["country"]):
        return "country"
    return "state" if text in listed()["state"] else "place"


def _name(doc: Doc, tokens: Sequence[Token], kind: EntityType) -> Entity:
    first, last = tokens[0], tokens[-1]
    head = doc[first.i : last.i + 1].root
    modifier = head.dep_ in ("compound", "amod", "nmod") and head.head.i > last.i
    before, after = neighbour(first, -1), neighbour(last, 1)
    text = doc.text[first.idx : end(last)]
    the = before is not None and before.lower_ == "the" and not modifier and kind != "nationality"
    start = before.idx if the and before is not None else first.idx
    alone = not any(near is not None and _belongs(near, kind) for near in (before, after))
    return Entity(start, end(last), text, kind, the or text.lower() in listed()["the"], modifier, alone)


def _belongs(near: Token, kind: EntityType) -> bool:
    """Whether a word beside a name may be a piece of it; a role or a nation beside a person is none."""
    if near.pos_ != "PROPN" or not near.text[:1].isupper():
        return False
    if kind in ("person", "country", "nationality"):
        return near.is_title and near.ent_type_ not in ("GPE", "NORP", "ORG") and not is_word(near.text.rstrip("."))
    return near.is_title
