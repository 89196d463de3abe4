"""Negation: the predicate that both have is denied by the one and said by the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harness.verifiers._slots.case import Case, Passage
from harness.verifiers._slots.findings import Finding
from harness.verifiers._slots.negation import DENIERS, asserted, negated, phrase, privative

SURE = 0.6
"""The least strength of the premise's predicate in its place for the difference to be a conflict."""
_PREDICATES = frozenset({"VERB", "ADJ", "AUX"})


class _Like(NamedTuple):
    """A predicate of the premise that is the statement's."""

    strength: float
    passage: Passage
    place: int
    denied: bool


def negations(case: Case) -> Iterator[Finding]:
    """A finding for each predicate that the statement denies, or that the premise denies in the same place."""
    sentence = case.statement.sentence
    for index in sentence.content:
        if sentence.words[index].pos in _PREDICATES:
            denied = negated(sentence, index)
        elif sentence.words[index].dep == "attr":
            denied = negated(sentence, index) != privative(sentence, index)
        else:
            continue
        found = _judged(case, index, denied)
        if found is not None:
            yield found


def _judged(case: Case, index: int, denied: bool) -> Finding | None:
    options = _options(case, index)
    same = max((each for each in options if each.denied == denied), key=_strength, default=None)
    other = max((each for each in options if each.denied != denied), key=_strength, default=None)
    slot = range(index, index + 1)
    if other and other.strength >= SURE and (same is None or other.strength > same.strength):
        there = case.said(other.passage, phrase(other.passage.reading.sentence, other.place))
        return case.finding("negation", "conflict", other.strength, phrase(case.statement.sentence, index), there)
    if not denied:
        return None
    if same is None:
        return case.finding("negation", "missing", 0.0, slot)
    return case.finding(
        "negation", "found", same.strength, slot, case.said(same.passage, range(same.place, same.place + 1))
    )


def _options(case: Case, index: int) -> list[_Like]:
    sentence = case.statement.sentence
    word, slot = sentence.words[index], range(index, index + 1)
    title = word.pos not in _PREDICATES
    found = []
    for passage in case.passages:
        there = passage.reading.sentence
        for place, other in enumerate(there.words):
            if not word.like(other) or (title and other.dep != "attr") or (not title and other.pos not in _PREDICATES):
                continue
            denied = negated(there, place) != (title and privative(there, place))
            claimed = asserted(there, place) or denied or not asserted(sentence, index)
            if not claimed or _denied_alike(case, passage, index):
                continue
            found.append(_Like(passage.alignment.strength(slot, range(place, place + 1)), passage, place, denied))
    return found


def _denied_alike(case: Case, passage: Passage, index: int) -> bool:
    """Whether a predicate is what the statement reports to be denied, and the passage reports a denial as well."""
    words = case.statement.sentence.words
    head = words[words[index].head]
    return head.key in DENIERS and any(head.like(other) for other in passage.reading.sentence.words)


def _strength(option: _Like) -> float:
    return option.strength
