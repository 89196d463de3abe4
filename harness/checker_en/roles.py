"""The arguments of a predicate, and whether those of two sentences agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.checker_en.lists import group
from harness.checker_en.sentence import Sentence

MUTUAL = group(
    "meet marry wed divorce date resemble equal match play face fight draw tie collide debate hug kiss befriend join be"
)
"""Symmetric verbs, as lemmas: if A meets B, B meets A."""
TOGETHER = group("with and between against alongside")
"""Prepositions that link joint actors."""
SAYING = group(
    "say add tell claim state write explain insist declare announce argue warn ask admit reply note joke remark comment"
)
"""Verbs of saying; lemmas."""
_OBJECT = ("dobj", "attr", "dative", "oprd", "acomp", "nsubjpass")
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_COMPLEMENTS = frozenset({"dobj", "dative", "attr", "oprd", "acomp", "ccomp", "xcomp", "pobj", "pcomp", "nsubjpass"})
_LINKS = frozenset({"prep", "agent"})
_TIMES = frozenset({"DATE", "TIME"})
_DEEP = 3


class Arguments(NamedTuple):
    """The head words on the two sides of a predicate."""

    subjects: frozenset[int]
    objects: frozenset[int]


def arguments(sentence: Sentence, index: int) -> Arguments:
    """Who acts and what is acted on; passives are turned round, and prepositional objects count as objects.

    For a preposition or conjunction, the two sides are what it links: ``the police left | before | the shop opened``.
    """
    word = sentence.words[index]
    if word.dep in ("mark", "prep"):
        top = word.head if word.dep == "mark" else index
        inside = {each for each in sentence.content if top in sentence.ancestors(each)}
        return Arguments(frozenset(sentence.content).difference(inside, {index}), frozenset(inside - {index}))
    subjects = frozenset(_subjects(sentence, word.head if word.dep in ("attr", "acomp") else index))
    objects = frozenset(_objects(sentence, index))
    return Arguments(subjects, objects.union(*(_linked(sentence, at) for at in (index, *objects))))


def agree(one: Sentence, index: int, other: Sentence, place: int) -> bool:
    """True if both words have a common argument or complement: he risks *backing*, and she risks *backing*."""
    there = [other.words[each] for each in _complements(other, place)]
    return any(one.words[each].like(word) for each in _complements(one, index) for word in there)


def disagree(one: Sentence, index: int, other: Sentence, place: int) -> bool:
    """True if the two words have different complements (sold *cars*, bought *time*) or different times."""
    times, others = _times(one, index), _times(other, place)
    if times and others and times != others:
        return True
    both = [*_complements(one, index)] and [*_complements(other, place)]
    return bool(both) and not agree(one, index, other, place)


def list_lengths(sentence: Sentence) -> frozenset[int]:
    """The lengths of lists of three or more nouns: 3 for ``France, Spain and Italy``."""
    heads = (index for index, word in enumerate(sentence.words) if word.pos in ("NOUN", "PROPN") and word.dep != "conj")
    lengths = (len(list(_with_conjuncts(sentence, head))) for head in heads)
    return frozenset(length for length in lengths if length > 2)


def _times(sentence: Sentence, index: int) -> frozenset[str]:
    """The words of dates and times that depend on a predicate."""
    near = sentence.children[index]
    below = (each for child in near if sentence.words[child].dep == "prep" for each in sentence.children[child])
    inside = {place for head in (*near, *below) for place in (head, *sentence.children[head])}
    words = (sentence.words[place] for place in inside)
    return frozenset(word.low for word in words if word.entity in _TIMES and word.content)


def _complements(sentence: Sentence, index: int, deep: int = _DEEP) -> Iterator[int]:
    """The objects and complements of a word that are not names, with their own."""
    for child in sentence.children[index]:
        word = sentence.words[child]
        if word.dep in _COMPLEMENTS and word.pos not in ("PROPN", "PRON") and word.weight == 1:
            yield child
        if deep and word.dep in _COMPLEMENTS | _LINKS:
            yield from _complements(sentence, child, deep - 1)


def _subjects(sentence: Sentence, index: int) -> Iterator[int]:
    """Who acts: the subject, the agent of a passive, or the subject shared with the verb before."""
    heads = sentence.dependents(index, "nsubj", "csubj")
    for agent in sentence.dependents(index, "agent"):
        heads += sentence.dependents(agent, "pobj")
    if not heads and _shares_subject(sentence, index):
        heads = sentence.dependents(sentence.words[index].head, "nsubjpass")
        yield from _subjects(sentence, sentence.words[index].head)
    for each in heads:
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, each))


def _shares_subject(sentence: Sentence, index: int) -> bool:
    """True in ``came and saw`` and ``left, taking it``, but not in ``asked them to leave``."""
    word = sentence.words[index]
    if word.head > index or sentence.dependents(index, "nsubjpass", "auxpass"):
        return False
    if word.dep == "xcomp":
        return not any(
            other.dep in ("dobj", "dative", "nsubjpass") or (other.dep == "prep" and other.low in ("to", "on"))
            for other in (sentence.words[child] for child in sentence.children[word.head])
        )
    return word.dep == "conj" or (word.dep == "advcl" and word.low.endswith("ing"))


def _objects(sentence: Sentence, index: int) -> Iterator[int]:
    """What the verb acts on: objects, complements, or the subject of a passive."""
    objects = sentence.dependents(index, *_OBJECT)
    if not objects:  # in "beat City 2-1" the parser takes the name for a measure
        others = sentence.dependents(index, "npadvmod")
        objects = [
            child
            for child in others
            if sentence.words[child].pos == "PROPN" and sentence.words[child].entity not in _TIMES
        ]
    for child in objects:
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, child))
    word = sentence.words[index]
    if word.dep == "acl" and word.low.endswith(("ed", "en")):
        yield word.head


def _linked(sentence: Sentence, index: int) -> Iterator[int]:
    """What prepositions link to a word."""
    for preposition in sentence.dependents(index, "prep", "dative"):
        yield from sentence.dependents(preposition, "pobj")


def _antecedent(sentence: Sentence, verb: int, argument: int) -> int:
    """The antecedent of a relative pronoun; any other word unchanged."""
    relative = sentence.words[verb].dep == "relcl" and sentence.words[argument].low in _RELATIVE
    return sentence.words[verb].head if relative else argument


def _with_conjuncts(sentence: Sentence, index: int) -> Iterator[int]:
    yield index
    for child in sentence.dependents(index, "conj"):
        yield from _with_conjuncts(sentence, child)
