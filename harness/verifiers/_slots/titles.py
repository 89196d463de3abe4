"""Titles: who the statement says somebody is, the premise says of another, or of another country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cache
from itertools import islice

from harness.english import names
from harness.english.analysis import Analysis
from harness.english.lists import group
from harness.english.names import Name
from harness.english.nations import national, nations
from harness.english.negation import asserted, negated
from harness.english.sentence import Sentence
from harness.english.stems import folded
from harness.verifiers._slots.case import Case
from harness.verifiers._slots.findings import Finding
from harness.verifiers._slots.passage import Passage

_LEAST = 2
"""Words that titles share: there are many presidents, and one of Ukraine."""
_BEFORE = frozenset({"compound", "amod", "nmod", "poss", "punct", "case"})
_WITHIN = frozenset({"compound", "amod", "nmod", "poss", "prep", "pobj"})
_IS = frozenset({"is", "'s"})
_PAST = frozenset({"former", "ex", "onetime", "late", "then", "old"})
_OF_STATE = group("president minister chancellor king queen monarch premier")
_OFFICES = _OF_STATE | group("pope chairman chairwoman captain manager coach mayor governor secretary")
"""What one at a time is; of what is none of the state, a nationality tells nothing."""
_RANKS = group("vice deputy assistant acting interim prime")

_Title = Mapping[str, int]
"""The words of a title, folded, countries under one key, and where each stands."""


def exchanges(case: Case) -> Iterator[Finding]:
    """The first name whose title the premise gives to another, or of another country."""
    titles = ((name, _title(case.statement, name)) for name in case.statement.names)
    every = (
        each
        for name, title in titles
        if len(title) >= _LEAST
        for passage in case.passages
        for each in _others(case, passage, name, title)
    )
    yield from islice(every, 1)


def _others(case: Case, passage: Passage, one: Name, title: _Title) -> Iterator[Finding]:
    """Who has the title instead; or, where a passage says who the name is, whose."""
    known = [
        _title(each.analysis, name)
        for each in case.passages
        for name in each.analysis.names
        if names.matches(one, name)
    ]
    for second in passage.analysis.names:
        theirs = _title(passage.analysis, second)
        shared = title.keys() & theirs.keys()
        if names.matches(one, second):
            here, there = title.keys() & _lands(), theirs.keys() & _lands()
            if shared & _OF_STATE and here and there and not any(here & mine.keys() for mine in known):
                places, strength = (title[min(here)], theirs[min(there)]), len(shared) / len(title.keys() - here)
                slot, other = (range(place, place + 1) for place in places)
                yield case.conflict("name", strength, slot, passage, other)
            continue
        alone = _alone(shared) or any(names.matches(each, second) for each in case.statement.names)
        if alone and _fits(title, theirs) and not any(title.keys() & mine.keys() for mine in known):
            yield case.conflict("name", len(shared) / len(title), one.slot, passage, second.slot)


def _fits(one: _Title, other: _Title) -> bool:
    """Whether the one title is the other, in full or in short."""
    ranked = one.keys() & _RANKS == other.keys() & _RANKS
    contained = one.keys() <= other.keys() or other.keys() <= one.keys()
    return ranked and contained and len(one.keys() & other.keys()) >= _LEAST


def _alone(shared: Set[str]) -> bool:
    """Whether a title is one at a time's: the office of a country, or that of something else that has a name."""
    whose = shared - _OFFICES - _RANKS
    return bool(shared & _OF_STATE and whose & _lands()) or bool(shared & _OFFICES and whose - _lands())


@cache
def _lands() -> frozenset[str]:
    return frozenset(nations().values())


def _title(analysis: Analysis, name: Name) -> _Title:
    """The words that say who a person is, before the name or behind ``is``; none where it is what one was or is not."""
    sentence = analysis.sentence
    head = sentence.root(name.slot)
    if sentence.words[head].entity != "PERSON":
        return {}
    places = [*_named(sentence, head), *_said(sentence, head)]
    content = {national(folded(sentence.words[each].text)): each for each in places if sentence.words[each].content}
    title = {word: place for word, place in content.items() if word not in name.parts or word in nations()}
    return {} if title.keys() & _PAST else title


def _named(sentence: Sentence, head: int) -> Iterator[int]:
    """The words before a name that describe it."""
    while head > 0 and sentence.words[head - 1].dep in _BEFORE and sentence.words[head - 1].text not in ",;:":
        head -= 1
        yield head


def _said(sentence: Sentence, head: int) -> Iterator[int]:
    """The words of what a name is said to be."""
    copula = sentence.words[head].head
    if sentence.words[head].dep != "nsubj" or sentence.words[copula].low not in _IS:
        return
    for child in sentence.dependents(copula, "attr"):
        if asserted(sentence, child) and not negated(sentence, child):
            yield from _below(sentence, child)


def _below(sentence: Sentence, index: int) -> Iterator[int]:
    yield index
    for child in sentence.dependents(index, *_WITHIN):
        yield from _below(sentence, child)
