"""Who does what to whom: the premise has the same predicate with the parts exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.verifiers._slots import names
from harness.verifiers._slots.alignment import governor, role
from harness.verifiers._slots.case import Case, Passage
from harness.verifiers._slots.clauses import Clause
from harness.verifiers._slots.findings import Finding
from harness.verifiers._slots.names import Name
from harness.verifiers._slots.reading import Reading

# Stems of predicates that are true of both sides alike.
_SYMMETRIC = frozenset({"meet", "marri", "join", "face", "play", "draw", "be", "resembl", "match", "equal", "divorc"})
_PARTS = frozenset({"subject", "object"})


def exchanges(case: Case) -> Iterator[Finding]:
    """The first exchange in each passage: of a clause's subject and object, or of two names."""
    for passage in case.passages:
        found = next(iter((*_clauses(case, passage), *_names(case, passage))), None)
        if found is not None:
            yield found
            return


def _clauses(case: Case, passage: Passage) -> Iterator[Finding]:
    """The clauses whose subject is the premise's object and whose object is its subject; passives are turned round."""
    for stated in case.statement.clauses:
        for said in passage.reading.clauses:
            if _exchanged(case, passage, stated, said):
                slot, other = _range(stated), _range(said)
                yield case.finding("role", "conflict", passage.alignment.coverage(), slot, case.said(passage, other))


def _exchanged(case: Case, passage: Passage, stated: Clause, said: Clause) -> bool:
    words, others = case.statement.sentence.words, passage.reading.sentence.words
    if not words[stated.predicate].like(others[said.predicate]) or words[stated.predicate].key in _SYMMETRIC:
        return False

    def share(ones: Iterable[int], places: Iterable[int]) -> bool:
        there = tuple(places)
        return any(words[one].like(others[place]) for one in ones for place in there)

    crossed = share(stated.subjects, said.objects) and share(stated.objects, said.subjects)
    return crossed and not (share(stated.subjects, said.subjects) or share(stated.objects, said.objects))


def _range(clause: Clause) -> range:
    """From the first to the last of a clause's heads."""
    places = [clause.predicate, *clause.subjects, *clause.objects]
    return range(min(places), max(places) + 1)


def _names(case: Case, passage: Passage) -> Iterator[Finding]:
    """Two names that stand in the premise each in the other's part, one of them a subject or object."""
    stated = case.statement.names
    for one in stated:
        if _part(case.statement, one) not in _PARTS:
            continue
        for two in stated:
            if two is one or names.matches(one, two):
                continue
            first, second = _there(passage, one), _there(passage, two)
            if first and second and _crossed(case, passage, (one, two), (first, second)):
                slot, other = range(one.first, one.last), range(second.first, second.last)
                yield case.finding("role", "conflict", passage.alignment.coverage(), slot, case.said(passage, other))


def _crossed(case: Case, passage: Passage, stated: tuple[Name, Name], said: tuple[Name, Name]) -> bool:
    """Whether the second name has the part of the first, under one word, and the first not that of itself."""
    one, two = stated
    first, second = said
    slot, other = range(one.first, one.last), range(second.first, second.last)
    verb = governor(case.statement.sentence, slot)
    if verb is None or case.statement.sentence.words[verb].key in _SYMMETRIC:
        return False
    return (
        passage.alignment.governed(slot, other)
        and _part(case.statement, one) == _part(passage.reading, second)
        and not passage.alignment.governed(slot, range(first.first, first.last))
        and not passage.alignment.governed(range(two.first, two.last), other)
    )


def _there(passage: Passage, name: Name) -> Name | None:
    """The one place where a passage has a name; None where it has it never or more than once."""
    found = [each for each in passage.reading.names if names.matches(name, each)]
    return found[0] if len(found) == 1 else None


def _part(reading: Reading, name: Name) -> str:
    return role(reading.sentence, range(name.first, name.last))
