"""Clauses: who does what to whom, with passives turned round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.english.lists import group
from harness.english.sentence import Sentence

MUTUAL = group(
    "meet marry wed divorce date resemble equal match play face fight draw tie collide debate hug kiss befriend join be"
)
"""What one does to the other the other does to the one; lemmas."""
_SUBJECT = ("nsubj", "csubj")
_OBJECT = ("dobj", "attr", "dative", "oprd", "acomp", "nsubjpass")
_RELATIVE = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate and the heads of its arguments, as indices of words."""

    predicate: int
    subjects: frozenset[int]
    objects: frozenset[int]


def clauses(sentence: Sentence) -> tuple[Clause, ...]:
    """The clauses of a sentence, in the order of their predicates."""
    return tuple(
        Clause(index, frozenset(_subjects(sentence, index)), frozenset(_objects(sentence, index)))
        for index, word in enumerate(sentence.words)
        if word.pos == "VERB" or (word.pos == "AUX" and word.dep not in ("aux", "auxpass"))
    )


def list_lengths(sentence: Sentence) -> frozenset[int]:
    """The lengths of its lists of three and more nouns or names: of ``France, Spain and Italy`` 3."""
    heads = (index for index, word in enumerate(sentence.words) if word.pos in ("NOUN", "PROPN") and word.dep != "conj")
    lengths = (len(list(_with_conjuncts(sentence, head))) for head in heads)
    return frozenset(length for length in lengths if length > 2)


def _subjects(sentence: Sentence, index: int) -> Iterator[int]:
    """The one who acts: the subject, the agent of a passive, or the subject shared with the clause before."""
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


def _addressed(sentence: Sentence, index: int) -> bool:
    word = sentence.words[index]
    return word.dep in ("dobj", "dative", "nsubjpass") or (word.dep == "prep" and word.low in ("to", "on"))


def _objects(sentence: Sentence, index: int) -> Iterator[int]:
    """What it is done to: the objects, the complement, or the subject of a passive."""
    for child in sentence.dependents(index, *_OBJECT):
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, child))
    word = sentence.words[index]
    if word.dep == "acl" and word.low.endswith(("ed", "en")):
        yield word.head


def _antecedent(sentence: Sentence, verb: int, argument: int) -> int:
    """What a relative pronoun stands for; any other word for itself."""
    relative = sentence.words[verb].dep == "relcl" and sentence.words[argument].low in _RELATIVE
    return sentence.words[verb].head if relative else argument


def _with_conjuncts(sentence: Sentence, index: int) -> Iterator[int]:
    yield index
    for child in sentence.dependents(index, "conj"):
        yield from _with_conjuncts(sentence, child)
