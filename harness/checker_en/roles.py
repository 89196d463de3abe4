"""Who does what to whom: clauses with passives turned round, and the roles that names have in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from harness.checker_en.lists import group
from harness.checker_en.sentence import Sentence
from harness.checker_en.stems import stem

MUTUAL = group(
    "meet marry wed divorce date resemble equal match play face fight draw tie collide debate hug kiss befriend join be"
)
"""What one does to the other the other does to the one; lemmas."""
TOGETHER = group("with and between against alongside")
"""Prepositions that link those who do a thing together."""
_SUBJECT = ("nsubj", "csubj")
_OBJECT = ("dobj", "attr", "dative", "oprd", "acomp", "nsubjpass")
_RELATIVE = frozenset({"who", "which", "that", "whom"})
SAYING = group(
    "say add tell claim state write explain insist declare announce argue warn ask admit reply note joke remark comment"
)
"""Verbs of saying; lemmas."""
SAYING_STEMS = frozenset(map(stem, SAYING))
_SIDE_BY_SIDE = frozenset({"conj", "appos"})
_COMPLEMENTS = frozenset({"dobj", "dative", "attr", "oprd", "acomp", "ccomp", "xcomp", "pobj", "pcomp", "nsubjpass"})
_LINKS = frozenset({"prep", "agent"})
_WHEN = frozenset({"DATE", "TIME"})
_DEEP = 5


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate and the heads of its arguments, as indices of words."""

    predicate: int
    subjects: frozenset[int]
    objects: frozenset[int]


class Role(NamedTuple):
    """The grammatical relation of a word or a name to its head."""

    head: int
    """The predicate or the noun."""
    relation: str
    """Subject, object or owner, or the preposition between."""


def clauses(sentence: Sentence) -> tuple[Clause, ...]:
    """The clauses of a sentence, in the order of their predicates."""
    return tuple(
        Clause(index, frozenset(_subjects(sentence, index)), frozenset(_objects(sentence, index)))
        for index, word in enumerate(sentence.words)
        if word.pos == "VERB" or (word.pos == "AUX" and word.dep not in ("aux", "auxpass"))
    )


def arguments(sentence: Sentence, index: int) -> Clause:
    """A predicate, a complement or a preposition with what stands on its two sides, as subjects and as objects.

    What prepositions link to it, or to its objects, counts as an object. Of a preposition or a conjunction the one
    side is all that it links something to, the other all that it links: ``the police left | before | the shop opened``.
    """
    word = sentence.words[index]
    if word.dep in ("mark", "prep"):
        top = word.head if word.dep == "mark" else index
        inside = {each for each in sentence.content if top in sentence.ancestors(each)}
        return Clause(index, frozenset(sentence.content).difference(inside, {index}), frozenset(inside - {index}))
    subjects = frozenset(_subjects(sentence, word.head if word.dep in ("attr", "acomp") else index))
    objects = frozenset(_objects(sentence, index))
    return Clause(index, subjects, objects.union(_linked(sentence, index), *(_linked(sentence, at) for at in objects)))


def list_lengths(sentence: Sentence) -> frozenset[int]:
    """The lengths of its lists of three and more nouns or names: of ``France, Spain and Italy`` 3."""
    heads = (index for index, word in enumerate(sentence.words) if word.pos in ("NOUN", "PROPN") and word.dep != "conj")
    lengths = (len(list(_with_conjuncts(sentence, head))) for head in heads)
    return frozenset(length for length in lengths if length > 2)


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


def alike(one: Sentence, role: Role, other: Sentence, other_role: Role) -> bool:
    """Whether two roles are one; where the words that they stand to say little, what goes with these agrees too."""
    word, there = one.words[role.head], other.words[other_role.head]
    saying = word.key in SAYING_STEMS and there.key in SAYING_STEMS
    turned = word.pos != there.pos and {role.relation, other_role.relation} == {
        "owner",
        "subject",
    }  # who accuses has his accusation
    if not (role.relation == other_role.relation or turned) or not (saying or word.like(there)):
        return False
    return (word.weight == 1 and not saying) or agree(one, role.head, other, other_role.head)


def agree(one: Sentence, index: int, other: Sentence, place: int) -> bool:
    """Whether something goes with both of two words: he risks *backing*, and she risks *backing*."""
    there = [other.words[each] for each in _complements(other, place)]
    return any(one.words[each].like(word) for each in _complements(one, index) for word in there)


def disagree(one: Sentence, index: int, other: Sentence, place: int) -> bool:
    """Whether something goes with each of two words, and nothing with both: he sold *cars*, and she bought *time*.

    Or each is at a time of its own: it *began* on Monday, and *ended* on Friday.
    """
    when, then = _times(one, index), _times(other, place)
    if when and then and when != then:
        return True
    both = [*_complements(one, index)] and [*_complements(other, place)]
    return bool(both) and not agree(one, index, other, place)


def _times(sentence: Sentence, index: int) -> frozenset[str]:
    """The words of dates and times that go with a predicate, small words left out."""
    near = sentence.children[index]
    below = [
        *near,
        *(each for child in near if sentence.words[child].dep == "prep" for each in sentence.children[child]),
    ]
    inside = {place for head in below for place in (head, *sentence.children[head])}
    words = (sentence.words[place] for place in inside)
    return frozenset(word.low for word in words if word.entity in _WHEN and word.content)


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


def _subjects(sentence: Sentence, index: int) -> Iterator[int]:
    """The heads of who acts: the subject, the agent of a passive, or the subject shared with the clause before."""
    heads = sentence.dependents(index, *_SUBJECT)
    for agent in sentence.dependents(index, "agent"):
        heads += sentence.dependents(agent, "pobj")
    if not heads and _shares(sentence, index):
        heads = sentence.dependents(sentence.words[index].head, "nsubjpass")
        yield from _subjects(sentence, sentence.words[index].head)
    for each in heads:
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, each))


def _shares(sentence: Sentence, index: int) -> bool:
    """Whether a verb without a subject has that of the verb before: ``came and saw``, ``left, taking it``.

    Who asked them to leave does not leave: of a verb that has an object, or says to whom, it is not told who acts.
    """
    word = sentence.words[index]
    if word.head > index or sentence.dependents(index, "nsubjpass", "auxpass"):
        return False
    if word.dep == "xcomp":
        return not any(_addressed(sentence, child) for child in sentence.children[word.head])
    return word.dep == "conj" or (word.dep == "advcl" and word.low.endswith("ing"))


def _linked(sentence: Sentence, index: int) -> Iterator[int]:
    """The heads of what prepositions link to a word."""
    for preposition in sentence.dependents(index, "prep", "dative"):
        yield from sentence.dependents(preposition, "pobj")


def _addressed(sentence: Sentence, index: int) -> bool:
    word = sentence.words[index]
    return word.dep in ("dobj", "dative", "nsubjpass") or (word.dep == "prep" and word.low in ("to", "on"))


def _objects(sentence: Sentence, index: int) -> Iterator[int]:
    """The heads of what the verb is done to: objects, complements, or the subject of a passive."""
    objects = sentence.dependents(index, *_OBJECT)
    for child in objects or _scored_against(sentence, index):
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, child))
    word = sentence.words[index]
    if word.dep == "acl" and word.low.endswith(("ed", "en")):
        yield word.head


def _scored_against(sentence: Sentence, index: int) -> list[int]:
    """Whom somebody beat 2-1: beside a score the parser takes the name for a measure."""
    others = sentence.dependents(index, "npadvmod")
    return [
        child for child in others if sentence.words[child].pos == "PROPN" and sentence.words[child].entity not in _WHEN
    ]


def _antecedent(sentence: Sentence, verb: int, argument: int) -> int:
    """What a relative pronoun stands for; any other word for itself."""
    relative = sentence.words[verb].dep == "relcl" and sentence.words[argument].low in _RELATIVE
    return sentence.words[verb].head if relative else argument


def _with_conjuncts(sentence: Sentence, index: int) -> Iterator[int]:
    yield index
    for child in sentence.dependents(index, "conj"):
        yield from _with_conjuncts(sentence, child)
