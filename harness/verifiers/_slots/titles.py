"""Titles: the premise gives the one of two names what the statement gives to the other."""

from __future__ import annotations

from collections.abc import Iterator

from harness.verifiers._slots import names
from harness.verifiers._slots.alignment import root
from harness.verifiers._slots.case import Case, Passage
from harness.verifiers._slots.findings import Finding
from harness.verifiers._slots.names import Name
from harness.verifiers._slots.nations import national, nations
from harness.verifiers._slots.reading import Reading
from harness.verifiers._slots.sentence import folded

_LEAST = 2
"""Words that titles share: there are many presidents, and one of Ukraine."""
_BEFORE = frozenset({"compound", "amod", "nmod", "poss", "punct", "case"})
_PAST = frozenset({"former", "ex", "onetime", "late", "then", "old"})


def exchanges(case: Case) -> Iterator[Finding]:
    """The first name whose title another of the statement's names has in the premise."""
    for one in case.statement.names:
        title = _title(case.statement, one)
        if len(title) < _LEAST or any(_bears(passage.reading, one, title) for passage in case.passages):
            continue
        for passage in case.passages:
            for second in passage.reading.names:
                if _other(case, one, second) and _fits(title, _title(passage.reading, second)):
                    yield _told(case, passage, one, second)
                    return


def _other(case: Case, one: Name, second: Name) -> bool:
    """Whether a name of the premise is another one of the statement's."""
    return not names.matches(one, second) and any(names.matches(each, second) for each in case.statement.names)


def _bears(reading: Reading, one: Name, title: frozenset[str]) -> bool:
    """Whether a sentence gives a name this title, or a part of it."""
    return any(title & _title(reading, each) for each in reading.names if names.matches(one, each))


def _fits(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _LEAST and (one <= other or other <= one)


def _title(reading: Reading, name: Name) -> frozenset[str]:
    """The words before a person's name that say who that is; none where it is a former title."""
    words, at = reading.sentence.words, root(reading.sentence, range(name.first, name.last))
    if words[at].entity != "PERSON":
        return frozenset()
    found = set()
    while at > 0 and words[at - 1].dep in _BEFORE and words[at - 1].text not in ",;:":
        at -= 1
        low = national(folded(words[at].text))
        if words[at].content and (low not in name.parts or low in nations()):
            found.add(low)
    return frozenset() if found & _PAST else frozenset(found)


def _told(case: Case, passage: Passage, one: Name, second: Name) -> Finding:
    slot, other = range(one.first, one.last), range(second.first, second.last)
    return case.conflict("name", passage.alignment.coverage(), slot, passage, other)
