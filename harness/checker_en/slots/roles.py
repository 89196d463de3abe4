"""Who does what to whom: the premise has the same parts with those who play them exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from harness.checker_en import names
from harness.checker_en.analysis import Analysis
from harness.checker_en.names import Name
from harness.checker_en.opposites import opposite
from harness.checker_en.roles import MUTUAL, TOGETHER, Clause, Role, agree, alike
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.slots.candidate import Candidate
from harness.checker_en.slots.comparison import Comparison
from harness.checker_en.slots.findings import Finding
from harness.checker_en.stems import stem

_SYMMETRIC = frozenset(map(stem, MUTUAL))
_SURE = 0.7
"""The least strength of a name in another's role."""
_COMPARED = frozenset({"ADJ", "ADV"})
_RELATIONS = frozenset({"subject", "object"})


def exchanges(comparison: Comparison) -> Iterator[Finding]:
    """The first exchange: of a clause's subject and object, or of two names."""
    every = (
        each
        for candidate in comparison.candidates
        for each in chain(_clauses(comparison, candidate), _names(comparison, candidate))
    )
    yield from islice(every, 1)


def _clauses(comparison: Comparison, candidate: Candidate) -> Iterator[Finding]:
    """The clauses whose subject is the premise's object and whose object is its subject; passives are turned round."""
    for clause in comparison.statement.clauses:
        if any(
            _shares(comparison, each, clause, premise_clause)
            for each in comparison.candidates
            for premise_clause in each.analysis.clauses
        ):
            continue
        for premise_clause in candidate.analysis.clauses:
            if _shares(
                comparison,
                candidate,
                clause,
                Clause(premise_clause.predicate, premise_clause.objects, premise_clause.subjects),
            ):
                yield comparison.conflict(
                    "role", candidate.coverage(), _range(clause), candidate, _range(premise_clause)
                )


def _shares(comparison: Comparison, candidate: Candidate, clause: Clause, premise_clause: Clause) -> bool:
    """Whether two clauses have one predicate, not a symmetric one, one subject and one object."""
    words, others = comparison.sentence.words, candidate.sentence.words

    def share(ones: Iterable[int], places: frozenset[int]) -> bool:
        return any(words[one].like(others[place]) for one in ones for place in places)

    alike = (
        words[clause.predicate].like(others[premise_clause.predicate]) and words[clause.predicate].key not in _SYMMETRIC
    )
    return alike and share(clause.subjects, premise_clause.subjects) and share(clause.objects, premise_clause.objects)


def _range(clause: Clause) -> range:
    """From the first to the last of a clause's heads."""
    places = [clause.predicate, *clause.subjects, *clause.objects]
    return range(min(places), max(places) + 1)


def _names(comparison: Comparison, candidate: Candidate) -> Iterator[Finding]:
    """Each name in whose part the premise has another one of the statement's names."""
    statement, analysis = comparison.statement, candidate.analysis
    for one, role in statement.name_roles:
        if any(_plays(statement, role, each.analysis, one) for each in comparison.candidates):
            continue
        for second, premise_role in analysis.name_roles:
            together = alike(statement.sentence, role, analysis.sentence, premise_role)
            if together and _crossed(comparison, analysis, (one, role), (second, premise_role)):
                yield comparison.conflict("role", candidate.coverage(), one.slot, candidate, second.slot)


def taken(comparison: Comparison) -> Iterator[Finding]:
    """Each name whose part another name has that the statement does not know, in a sentence that has both."""
    statement = comparison.statement
    for one, role in statement.name_roles:
        if any(_plays(statement, role, candidate.analysis, one) for candidate in comparison.candidates):
            continue
        yield from islice(
            (each for candidate in comparison.candidates for each in _takers(comparison, candidate, one, role)), 1
        )


def _takers(comparison: Comparison, candidate: Candidate, one: Name, role: Role) -> Iterator[Finding]:
    statement, analysis = comparison.statement, candidate.analysis
    if not any(names.matches(one, each) for each in analysis.names):
        return
    for second, premise_role in analysis.name_roles:
        strength = candidate.strength(one.slot, second.slot)
        if (
            strength >= _SURE
            and names.exclude(one, second)
            and not any(names.matches(each, second) for each in statement.names)
            and _alone(statement, role)
            and alike(statement.sentence, role, analysis.sentence, premise_role)
            and agree(statement.sentence, role.head, analysis.sentence, premise_role.head)
        ):
            yield comparison.conflict("name", strength, one.slot, candidate, second.slot)


def _crossed(comparison: Comparison, analysis: Analysis, own: tuple[Name, Role], there: tuple[Name, Role]) -> bool:
    """Whether statement and premise give two names each other's roles.

    Where the premise has that part played by neither, what goes with the predicate must be the same.
    """
    (one, role), (second, premise_role), statement = own, there, comparison.statement
    if names.matches(one, second) or _plays(statement, role, statement, second):
        return False
    others = [
        each for two, each in statement.name_roles if names.matches(second, two) and not _mutual(statement, role, each)
    ]
    if "than" in {role.relation, *(each.relation for each in others)} and _turned(
        statement.sentence, analysis.sentence
    ):
        return False
    if any(_plays(statement, each, analysis, one) for each in others):
        return True
    if not others or any(_plays(statement, each, analysis, second) for each in others):
        return False
    known = all(each in comparison.premise.names for each in one.parts)
    return (
        _alone(statement, role) and known and agree(statement.sentence, role.head, analysis.sentence, premise_role.head)
    )


def _turned(one: Sentence, other: Sentence) -> bool:
    """Whether the one compares with the opposite of the other: Ford sold fewer than GM, and GM more than Ford."""
    return any(opposite(word.other, there.other) for word in _compared(one) for there in _compared(other))


def _compared(sentence: Sentence) -> Iterator[Word]:
    """The last adjective or adverb before each ``than``."""
    for index, word in enumerate(sentence.words):
        if word.low == "than":
            yield from [each for each in sentence.words[:index] if each.pos in _COMPARED][-1:]


def _plays(statement: Analysis, role: Role, analysis: Analysis, name: Name) -> bool:
    """Whether a name has in a sentence the part that the statement speaks of."""
    return any(
        names.matches(name, each) and alike(statement.sentence, role, analysis.sentence, place)
        for each, place in analysis.name_roles
    )


def _alone(analysis: Analysis, role: Role) -> bool:
    """Whether a part is that of who does a thing or has it done to him, and not done by both sides alike."""
    return role.relation in _RELATIONS and analysis.sentence.words[role.head].key not in _SYMMETRIC


def _mutual(analysis: Analysis, one: Role, other: Role) -> bool:
    """Whether the relation is mutual: if A does it to B, B does it to A."""
    if one.head != other.head:
        return False
    return analysis.sentence.words[one.head].key in _SYMMETRIC or bool(TOGETHER & {one.relation, other.relation})
