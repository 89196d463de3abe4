"""Opposites: where the statement has a word that the premise has not, the premise has one that excludes it."""

from __future__ import annotations

from collections.abc import Iterator

from harness.english.negation import asserted, negated
from harness.english.opposites import RELATIONS, opposite
from harness.english.sentence import Sentence
from harness.verifiers._slots.case import Case
from harness.verifiers._slots.findings import Finding
from harness.verifiers._slots.passage import Passage

SURE = 0.6
"""The least strength of the opposite in its place for it to be a conflict."""
_ATTRIBUTES = frozenset({"amod", "compound", "nummod", "poss"})
_BESIDE = frozenset({"with", "without"})


def antonyms(case: Case) -> Iterator[Finding]:
    """One finding for each word that has an opposite in its place."""
    sentence = case.sentence
    for index, word in enumerate(sentence.words):
        if not (word.weight or word.key in RELATIONS) or _there(case, index):
            continue
        options = [
            (passage.strength(range(index, index + 1), range(place, place + 1)), number, place)
            for number, passage in enumerate(case.passages)
            for place in range(len(passage.sentence.words))
            if _opposed(case, passage, index, place)
        ]
        strength, number, place = max(options, default=(0.0, 0, 0))
        if strength >= SURE:
            slot, other = range(index, index + 1), range(place, place + 1)
            yield case.conflict("antonym", strength, slot, case.passages[number], other)


def _there(case: Case, index: int) -> bool:
    """Whether one of the passages that match best has the word itself."""
    word = case.sentence.words[index]
    return any(word.like(other) for passage in case.passages[:3] for other in passage.sentence.words)


def _opposed(case: Case, passage: Passage, index: int, place: int) -> bool:
    """Whether two words exclude each other, said with one polarity, an attribute of one thing."""
    sentence, there = case.sentence, passage.sentence
    one, other = sentence.words[index], there.words[place]
    if not (opposite(one.key, other.key) or opposite(one.other, other.other)) or place in passage.taken:
        return False
    if one.dep in _ATTRIBUTES and not passage.governed(range(index, index + 1), range(place, place + 1)):
        return False
    if one.key in _BESIDE and not _beside_one(sentence, index, there, place):
        return False
    if asserted(sentence, index) and not asserted(there, place):
        return False
    return negated(sentence, index) == negated(there, place)


def _beside_one(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """Whether the same was done with and without the same: without a deal he loses, with one he does not."""
    one, other = sentence.words[index].head, there.words[place].head
    if not sentence.words[one].like(there.words[other]) or negated(sentence, one) != negated(there, other):
        return False
    return any(
        sentence.words[what].like(there.words[that])
        for what in sentence.children[index]
        for that in there.children[place]
    )
