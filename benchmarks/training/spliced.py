"""Statements spliced of two places of a text, each beside a true one that is cut out of it in the same way.

Summarisers that copy go on at another place than they began: "the greater adjutant stork is a landfill"; or leave out
what stands between: "Jill said" for "Jill's parents said". All words are the text's, so only who did what tells: errors
of a predicate and its arguments (Pagnoni et al. 2021). As a splice would soon be known by its make, the true statement
has the same predicate behind its own subject, or the same subject before what is said of it, and leaves out as much.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

from benchmarks.training.clauses import Clause, Made, beside_true, clauses, few, is_plural, tidy, written
from benchmarks.training.corpora import Example
from benchmarks.training.rewording import phrase_of
from harness.checker_en import syntax

if TYPE_CHECKING:
    from spacy.tokens import Token

_ARGUMENTS = frozenset({"attr", "dobj", "prep", "agent", "acomp"})
"""What follows a verb and may follow another instead."""
_VAGUE = frozenset({
    "man", "woman", "mother", "father", "parent", "boy", "girl", "person", "people", "child", "teenager", "victim",
    "suspect", "officer", "official", "spokesman", "spokeswoman", "leader", "player", "striker",
    "firm", "company", "club", "side", "team", "group", "organisation", "city", "country", "government",
})  # fmt: skip  # people, then what they make up
"""Nouns of which one may stand for what another means."""
_PARTITIVE = frozenset({
    "group", "number", "lot", "couple", "series", "part", "majority", "pair", "kind", "sort", "type", "one", "some",
    "many", "most", "all", "each", "none", "half", "quarter", "third", "hundred", "thousand", "dozen", "million", "per",
    "cent", "percent", "rest", "piece", "set", "range", "total", "handful", "host", "string", "wave", "crowd", "team",
    "member", "city", "town", "state", "county", "island", "republic", "kingdom", "month", "year", "day", "amount",
    "level", "spokesman", "spokeswoman", "spokesperson", "version", "form", "copy", "area", "region", "government",
    "mixture",
})  # fmt: skip  # a list
"""Nouns that stand for what they are of: of a group of men what is said is true of the men."""
_AMOUNTS = frozenset({"DATE", "MONEY", "CARDINAL", "PERCENT"})
_OF = frozenset({"of", "for", "from", "to", "with", "against", "by", "about", "on"})
_SPEECH = frozenset({"say", "tell", "add", "claim", "state", "announce", "warn", "report", "show", "suggest", "find"})
"""What an office says its spokesman says."""
_ACTORS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
"""Entities of which one does what another may have done as well; their clauses are taken first."""


def spliced(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each one with the subject, or what is said, of another."""
    found = [clause for doc in few(premise, draw) for clause in clauses(doc, draw)]
    pairs = [(one, other) for one, other in product(found, found) if _are_others(one.subject, other.subject)]
    draw.shuffle(pairs)
    pairs.sort(key=lambda pair: pair[0].subject.ent_type_ not in _ACTORS)
    made = (Made(other.written(), _exchanged(one, other)) for one, other in pairs)
    yield from beside_true(premise, "spliced", made, count, draw)


def nested(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each the same of what stands within a phrase of it."""
    found = [clause for doc in few(premise, draw) for clause in clauses(doc, draw)]
    made = [Made(clause.written(), false) for clause in found for false in _within(clause)]
    draw.shuffle(made)
    yield from beside_true(premise, "spliced", made, count, draw)


def _within(clause: Clause) -> Iterator[str]:
    """The clause with a noun that is part of its subject, or of its object, in the place of it."""
    subject, verb = clause.subject, clause.verb[-1]
    inner = _inner(subject)
    if inner is not None and verb.lemma_ not in _SPEECH and is_plural(inner) == is_plural(subject):
        yield tidy([*_bare(inner), "", *clause.verb, "", *clause.after])
    head = next((each for each in verb.rights if each.dep_ in ("dobj", "attr")), None)
    inner = _inner(head) if head is not None else None
    if head is not None and inner is not None and clause.after[0] in list(head.subtree):
        rest = [token for token in clause.after if token not in list(head.subtree)]
        yield written(subject, clause.verb, [*_bare(inner), *rest])


def _inner(noun: Token) -> Token | None:
    """The first noun that a phrase's own noun is described by, as of another thing; none of a part or an amount."""
    if noun.pos_ != "NOUN" or noun.lemma_.casefold() in _PARTITIVE or noun.ent_type_ in _AMOUNTS:
        return None
    for child in noun.children:
        if child.dep_ == "poss" and child.pos_ in ("PROPN", "NOUN"):
            return child
        found = syntax.child(child, "pobj") if child.dep_ == "prep" and child.lower_ in _OF else None
        if found is not None and found.pos_ in ("NOUN", "PROPN") and found.ent_type_ not in _AMOUNTS:
            return found
    return None


def _bare(noun: Token) -> list[Token]:
    """Its phrase, without the mark of a possessor."""
    found = phrase_of(noun)
    return found[:-1] if found and found[-1].dep_ == "case" else found


def _exchanged(one: Clause, other: Clause) -> str:
    """The second with the subject of the first, or followed by what follows the first's verb; '' where neither fits."""
    first, second = one.after[0], other.after[0]
    if first.dep_ == second.dep_ and first.dep_ in _ARGUMENTS and _is_same_use(one, other):
        return "" if _content(one.after) & _content(other.after) else written(other.subject, other.verb, one.after)
    if _nouns(one.subject) & {token.lemma_.casefold() for token in (*other.verb, *other.after)}:
        return ""
    return written(one.subject, other.verb, other.after)


def _is_same_use(one: Clause, other: Clause) -> bool:
    """Whether what follows one verb can follow the other: the same verb, or the same preposition."""
    first, second = one.after[0], other.after[0]
    return (first.lemma_ == second.lemma_) if first.dep_ == "prep" else one.verb[-1].lemma_ == other.verb[-1].lemma_


def _are_others(one: Token, other: Token) -> bool:
    """Whether two subjects are of one kind and number, and can hardly be the same."""
    is_named = one.pos_ == "PROPN"
    if is_named != (other.pos_ == "PROPN") or is_plural(one) != is_plural(other) or _nouns(one) & _nouns(other):
        return False
    if is_named:
        return one.ent_type_ == other.ent_type_
    return not {one.lemma_.casefold(), other.lemma_.casefold()} <= _VAGUE


def _nouns(noun: Token) -> set[str]:
    return _content(list(noun.subtree))


def _content(tokens: Sequence[Token]) -> set[str]:
    return {token.lemma_.casefold().strip(".") for token in tokens if token.pos_ in ("NOUN", "PROPN", "NUM")}
