"""Parts: what a name is to which word, once for each clause that it has a part in, and when two parts are one."""

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


class Part(NamedTuple):
    """What one is to a word."""

    under: int
    """The predicate or the noun."""
    role: str
    """Subject, object or owner, or the preposition between."""


def parts(sentence: Sentence, clauses: tuple[Clause, ...], slot: range) -> frozenset[Part]:
    """The parts of what stands in a slot; who is named beside another, or to explain him, has that one's."""
    own = set(_heads(sentence, slot))
    found = {Part(clause.predicate, "subject") for clause in clauses if own & clause.subjects}
    found |= {Part(clause.predicate, "object") for clause in clauses if own & clause.objects}
    for index in own:
        word = sentence.words[index]
        before = sentence.words[word.head]
        if word.dep == "poss":
            found.add(Part(word.head, "owner"))
        if word.dep == "pobj" and before.dep != "agent":
            found.add(Part(before.head, before.low))
    return frozenset(found)


def alike(one: Sentence, part: Part, other: Sentence, said: Part) -> bool:
    """Whether two parts are one; where the words that they are parts of say little, what goes with these agrees too."""
    word, there = one.words[part.under], other.words[said.under]
    saying = word.key in SAYING and there.key in SAYING
    turned = word.pos != there.pos and {part.role, said.role} == {"owner", "subject"}  # who accuses has his accusation
    if not (part.role == said.role or turned) or not (saying or word.like(there)):
        return False
    return (word.weight == 1 and not saying) or agree(one, part.under, other, said.under)


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
