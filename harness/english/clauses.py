"""Clauses: who does what to whom, with passives turned round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.english.sentence import Sentence

_SUBJECT = frozenset({"nsubj", "csubj"})
_OBJECT = frozenset({"dobj", "attr", "dative", "oprd", "acomp", "nsubjpass"})
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


def _subjects(sentence: Sentence, index: int) -> Iterator[int]:
    """The one who acts: the subject, the agent of a passive, or the subject shared with the clause before."""
    found = _with_dep(sentence, index, _SUBJECT)
    for agent in _with_dep(sentence, index, frozenset({"agent"})):
        found += _with_dep(sentence, agent, frozenset({"pobj"}))
    if not found and _shares(sentence, index):
        found = _with_dep(sentence, sentence.words[index].head, frozenset({"nsubjpass"}))
        yield from _subjects(sentence, sentence.words[index].head)
    for each in found:
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, each))


def _shares(sentence: Sentence, index: int) -> bool:
    """Whether a verb without a subject has that of the verb before: ``came and saw``, ``left, taking it``.

    Who asked them to leave does not leave: of a verb that has an object, or says to whom, it is not told who acts.
    """
    word = sentence.words[index]
    if word.head > index or _passive(sentence, index):
        return False
    if word.dep == "xcomp":
        return not any(_addressed(sentence, child) for child in sentence.children[word.head])
    return word.dep == "conj" or (word.dep == "advcl" and word.text.lower().endswith("ing"))


def _addressed(sentence: Sentence, index: int) -> bool:
    word = sentence.words[index]
    return word.dep in ("dobj", "dative", "nsubjpass") or (word.dep == "prep" and word.text.lower() in ("to", "on"))


def _objects(sentence: Sentence, index: int) -> Iterator[int]:
    """What it is done to: the objects, the complement, or the subject of a passive."""
    for child in _with_dep(sentence, index, _OBJECT):
        yield from _with_conjuncts(sentence, _antecedent(sentence, index, child))
    word = sentence.words[index]
    if word.dep == "acl" and word.text.lower().endswith(("ed", "en")):
        yield word.head


def _with_dep(sentence: Sentence, index: int, wanted: frozenset[str]) -> list[int]:
    return [child for child in sentence.children[index] if sentence.words[child].dep in wanted]


def _passive(sentence: Sentence, index: int) -> bool:
    return bool(_with_dep(sentence, index, frozenset({"nsubjpass", "auxpass"})))


def _antecedent(sentence: Sentence, verb: int, argument: int) -> int:
    """What a relative pronoun stands for; any other word for itself."""
    relative = sentence.words[verb].dep == "relcl" and sentence.words[argument].text.lower() in _RELATIVE
    return sentence.words[verb].head if relative else argument


def _with_conjuncts(sentence: Sentence, index: int) -> Iterator[int]:
    yield index
    for child in _with_dep(sentence, index, frozenset({"conj"})):
        yield from _with_conjuncts(sentence, child)
