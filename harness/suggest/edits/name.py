"""Replace a name with another of its type from the article, or exchange two names ("Ann met Tom" → "Tom met Ann")."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from harness.suggest.edits.edit import Change, Passage, shuffle
from harness.suggest.english import child, end, is_word, neighbour, parse, word_set

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Span, Token

NameType = Literal["person", "country", "place", "nationality", "organisation"]

_MAX_TOKENS = 5  # of a name
_WITHIN = ("of", "and", "for", "-", "'s")
_BEFORE = word_set("the a an mr mrs ms miss dr prof sir dame")
_COMMON = word_set("of the new north south east west united saint st and for")
"""Words that the names of different things share."""
_MUTUAL = word_set(
    "meet marry wed divorce date resemble equal match play face fight draw tie collide debate hug kiss befriend join "
    "be have become remain include contain involve represent mean share"
)
"""Verbs for which an exchange of the names keeps the meaning."""
_TOGETHER = word_set("with and between against alongside of")
"""Prepositions that join people who act together, or a thing to its owner."""
_NATIONS: dict[str, Any] = json.loads(Path(__file__).with_name("nations.json").read_text(encoding="utf-8"))
"""``nations`` lists each country with its adjective and the word for its people, empty if it equals the adjective."""
_ADJECTIVES: dict[str, str] = {country: adjective for country, adjective, _ in _NATIONS["nations"]}
_COUNTRIES: dict[str, str] = {
    **{
        form.lower(): forms[0].lower() for forms in _NATIONS["nations"] if " " not in forms[0] for form in forms if form
    },
    **{form: country for country, forms in _NATIONS["more_forms"].items() for form in (country, *forms.split())},
    **_NATIONS["long_names"],
}
"""Lower-case country, adjective, people or capital → its country: kyiv and ukrainian → ukraine."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: ``text[start:end]``, including its ``the``, without ``'s``."""

    start: int
    end: int
    text: str
    """Without ``the``."""
    type: NameType
    the: bool
    """True if ``the`` belongs to the name."""
    modifier: bool
    """True if the name describes the noun after it."""
    alone: bool
    """True if no proper noun is next to the name. Next to one, the name might be part of a longer name."""


def change_names(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Make up to two edits for each name: replace it with one of its type that the article has but not the text."""
    here = read_names(passage)
    written = {word for word in passage.text.split() if word[:1].isupper()}
    for position, name in enumerate(here):
        if not name.alone or _is_ordinary(name) or any(_are_one_thing(name, earlier) for earlier in here[:position]):
            continue
        others = [
            other
            for other in _find_reliable_names(passage.context)
            if other.type == name.type
            and not any(is_same(other.text, mention.text) for mention in here)
            and not written & (set(other.text.split()) - _COMMON)
        ]
        for other in shuffle(rng, others)[:2]:
            yield [
                Change(mention.start, mention.end, _write_like(mention, other))
                for mention in here
                if _are_one_thing(name, mention)
            ]


def read_names(passage: Passage) -> list[Name]:
    """Return the names of the text, each with its type in the article, which gives the parser more context."""
    types = {form: name.type for name in _find_reliable_names(passage.context) for form in (_key(name), name.text)}
    return [replace(name, type=types.get(name.text, name.type)) for name in find_names(passage.text)]


def is_same(one: str, other: str) -> bool:
    """True if two names may refer to one thing: forms of one name, or names of one country."""
    shorter, longer = sorted((one.lower().split(), other.lower().split()), key=len)
    initials = "".join(word[0] for word in longer if word not in ("of", "the", "and", "for"))
    is_short_form = set(shorter) <= set(longer) or "".join(shorter).replace(".", "") == initials
    countries = [_COUNTRIES.get(name.lower(), name.lower()) for name in (one, other)]
    return is_short_form or countries[0] == countries[1]


@lru_cache(maxsize=256)
def find_names(text: str) -> tuple[Name, ...]:
    return tuple(name for entity in parse(text).ents if (name := _read_entity(entity)) is not None)


@lru_cache(maxsize=256)
def _find_reliable_names(article: str) -> tuple[Name, ...]:
    """Return the article's names, except doubtful ones. A person is listed once, by the longest form of the name."""
    found = find_names(article)
    types: dict[str, set[str]] = defaultdict(set)
    for name in found:
        types[name.text].add(name.type)
    counts = Counter(_key(name) for name in found)
    surnames = {_key(name) for name in found if name.type == "person"}
    fullest: dict[str, Name] = {}
    for name in found:
        misread = len(types[name.text]) > 1 or (name.type != "person" and name.text.split()[-1] in surnames)
        key = _key(name)
        seen_enough = " " in name.text or counts[key] > 1 or name.type in ("country", "nationality", "place")
        is_reliable = seen_enough and name.alone and not misread and not _is_ordinary(name)
        if is_reliable and (key not in fullest or len(name.text) > len(fullest[key].text)):
            fullest[key] = name
    return tuple(fullest.values())


def _key(name: Name) -> str:
    return name.text.split()[-1] if name.type == "person" else name.text


def _are_one_thing(name: Name, other: Name) -> bool:
    """True if two mentions refer to one person or thing; Ann Bell and Tom Bell are two people."""
    if name.type != other.type or name.type != "person":
        return name.type == other.type and name.text == other.text
    first, second = name.text.split(), other.text.split()
    return first[-1] == second[-1] and (first[0] == second[0] or 1 in (len(first), len(second)))


def _is_ordinary(name: Name) -> bool:
    """True if all words are in the dictionary: ``Girl Scout``, ``Reading``."""
    rare = [word for word in name.text.split() if word.lower() not in _COMMON]
    return name.type in ("organisation", "place") and all(map(is_word, rare))


def _write_like(mention: Name, other: Name) -> str:
    """Write the other name in the form of the mention: a surname for a surname, and ``the`` if the name needs it."""
    if mention.type == "person":
        return other.text if " " in mention.text else other.text.split()[-1]
    if mention.type == "country" and mention.modifier:
        return _ADJECTIVES.get(other.text, other.text)
    return f"the {other.text}" if other.the and not mention.modifier else other.text


def _read_entity(entity: Span) -> Name | None:
    tokens = list(dropwhile(lambda token: token.lower_.rstrip(".") in _BEFORE, entity))
    while tokens and tokens[-1].tag_ == "POS":
        tokens = tokens[:-1]
    if not tokens or len(tokens) > _MAX_TOKENS or not tokens[0].text[:1].isupper():
        return None
    kind = _guess_type(entity.label_, tokens)
    if kind is None or any(token.like_num for token in tokens):
        return None
    first, last = tokens[0], tokens[-1]
    head = entity.doc[first.i : last.i + 1].root
    modifier = head.dep_ in ("compound", "amod", "nmod") and head.head.i > last.i
    before = neighbour(first, -1)
    the = before is not None and before.lower_ == "the" and not modifier and kind != "nationality"
    start = before.idx if the and before is not None else first.idx
    alone = not any(_may_belong(neighbour(first if step < 0 else last, step), kind) for step in (-1, 1))
    return Name(start, end(last), entity.doc.text[first.idx : end(last)], kind, the, modifier, alone)


def _guess_type(label: str, tokens: Sequence[Token]) -> NameType | None:
    text = " ".join(token.text for token in tokens)
    if label == "NORP":
        return "nationality" if text in _ADJECTIVES.values() else None
    if not all(token.pos_ == "PROPN" or token.lower_ in _WITHIN for token in tokens):
        return None
    if label == "GPE":
        is_country = text in (*_ADJECTIVES, "US", "UK") or text.lower() in _NATIONS["long_names"]
        return "country" if is_country else "place"
    if label == "PERSON":
        return None if tokens[-1].is_upper else "person"
    return "organisation" if label == "ORG" else None


def _may_belong(near: Token | None, kind: NameType) -> bool:
    """True if a word beside a name may be part of it; a role or a nation beside a person's name is not."""
    if near is None or near.pos_ != "PROPN" or not near.is_title:
        return False
    if kind in ("person", "country", "nationality"):
        return near.ent_type_ not in ("GPE", "NORP", "ORG") and not is_word(near.text.rstrip("."))
    return True


def swap_names(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Exchange a verb's subject with a name of the same type after the verb, as in ``Ann proposed to Tom``."""
    found = read_names(passage)
    heads = {
        name: span.root
        for name in found
        if name.alone and not name.modifier and sum(is_same(name.text, other.text) for other in found) == 1
        if (span := passage.doc.char_span(name.start, name.end, alignment_mode="expand")) is not None
    }
    for one, other in shuffle(rng, list(combinations(heads, 2))):
        # the parser takes some people for organisations, e.g. Trump
        alike = one.type == other.type or {one.type, other.type} == {"person", "organisation"}
        if alike and _can_be_swapped(heads[one], heads[other]):
            texts = [f"the {name.text}" if name.the else name.text for name in (other, one)]
            yield [Change(one.start, one.end, texts[0]), Change(other.start, other.end, texts[1])]


def _can_be_swapped(subject: Token, other: Token) -> bool:
    """True if the other name follows the subject's verb in the same clause and is not a second subject ("with Tom")."""
    if subject.dep_ not in ("nsubj", "nsubjpass") or child(subject, "cc") is not None:
        return False
    verb = subject.head
    if verb.pos_ != "VERB" or verb.lemma_ in _MUTUAL or other.i < verb.i or verb not in other.ancestors:
        return False
    if any(token.tag_ == "PRP$" for token in other.doc[max(0, other.i - 4) : other.i]):
        return False  # "his" in "his ally Ann" would refer to someone else
    while other.dep_ == "conj":
        other = other.head
    return not (other.dep_ == "pobj" and other.head.lower_ in _TOGETHER)
