"""Names in a text, and of what type they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from harness.english import lists, syntax
from harness.english.inflection import is_word
from harness.english.nations import countries
from harness.english.syntax import end, neighbour

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

EntityType = Literal["person", "country", "state", "place", "nationality", "people", "organisation"]

_LONGEST = 5
"""Tokens of a name; a longer entity is seldom one."""
_WITHIN = ("of", "and", "for", "-", "'s", "’s")
"""What a name may hold beside proper nouns."""
_BEFORE = lists.group("the a an mr mrs ms miss dr prof sir dame")


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
