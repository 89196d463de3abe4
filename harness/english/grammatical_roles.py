"""Grammatical roles: what a name is to which word, once for each clause that it is in, and when two roles are one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.english.clauses import Clause
from harness.english.lists import group
from harness.english.sentence import Sentence

SAYING = group(
    "say add tell claim state write explain insist declar announc argu warn ask admit repli note joke remark comment"
)
"""Verbs of saying, by stem."""
_SIDE_BY_SIDE = frozenset({"conj", "appos"})
_COMPLEMENTS = frozenset({"dobj", "dative", "attr", "oprd", "acomp", "ccomp", "xcomp", "pobj", "pcomp", "nsubjpass"})
_LINKS = frozenset({"prep", "agent"})
_DEEP = 5


class Role(NamedTuple):
    """What a word or a name is to a word."""

    head: int
    """The predicate or the noun."""
    relation: str
    """Subject, object or owner, or the preposition between."""


def roles(sentence: Sentence, clauses: tuple[Clause, ...], slot: range) -> frozenset[Role]:
    """The roles of what stands in a slot; who is named beside another, or to explain him, has that one's."""
    own = set(_heads(sentence, slot))
    own_roles = {Role(clause.predicate, "subject") for clause in clauses if own & clause.subjects}
    own_roles |= {Role(clause.predicate, "object") for clause in clauses if own & clause.objects}
    for index in own:
        word = sentence.words[index]
        before = sentence.words[word.head]
        if word.dep == "poss":
            own_roles.add(Role(word.head, "owner"))
        if word.dep == "pobj" and before.dep != "agent":
            own_roles.add(Role(before.head, before.low))
    return frozenset(own_roles)


def alike(one: Sentence, role: Role, other: Sentence, said: Role) -> bool:
    """Whether two roles are one; where the words that they stand to say little, what goes with these agrees too."""
    word, there = one.words[role.head], other.words[said.head]
    saying = word.key in SAYING and there.key in SAYING
    turned = word.pos != there.pos and {role.relation, said.relation} == {
        "owner",
        "subject",
    }  # who accuses has his accusation
    if not (role.relation == said.relation or turned) or not (saying or word.like(there)):
        return False
    return (word.weight == 1 and not saying) or agree(one, role.head, other, said.head)


def agree(one: Sentence, index: int, other: Sentence, place: int) -> bool:
    """Whether something goes with both of two words: he risks *backing*, and she risks *backing*."""
    there = [other.words[each] for each in _complements(other, place)]
    return any(one.words[each].like(word) for each in _complements(one, index) for word in there)


def _complements(sentence: Sentence, index: int, deep: int = 3) -> Iterator[int]:
    """What goes with a word and is no name: objects, complements, what prepositions link; and what goes with these."""
    for child in sentence.children[index]:
        word = sentence.words[child]
        if word.dep in _COMPLEMENTS and word.pos not in ("PROPN", "PRON") and word.weight == 1:
            yield child
        if deep and word.dep in _COMPLEMENTS | _LINKS:
            yield from _complements(sentence, child, deep - 1)


def _heads(sentence: Sentence, slot: range) -> Iterator[int]:
    """The word of a slot that its others depend on, and those that it is named beside."""
    index = sentence.root(slot)
    for _ in range(_DEEP):
        yield index
        if sentence.words[index].dep not in _SIDE_BY_SIDE:
            return
        index = sentence.words[index].head
