"""Negation: a predicate that the hypothesis and the premise share is denied by one and asserted by the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harness.checker_en.compare import Candidate, Comparison, Finding
from harness.checker_en.negation import (
    DENIERS,
    asserted,
    condition,
    negated,
    negation_phrase,
    negators,
    privatives,
    supposed,
    thinks_not,
)
from harness.checker_en.roles import agree, disagree
from harness.checker_en.sentence import Sentence

_SURE = 0.6
"""Minimum strength of the premise's predicate in its place."""
_PREDICATES = frozenset({"VERB", "ADJ", "AUX"})


class _SamePredicate(NamedTuple):
    """A predicate of the premise that is one of the hypothesis's."""

    strength: float
    candidate: Candidate
    place: int
    denied: bool
    shown: range
    """The predicate with the words that deny it."""


def find(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each predicate that the hypothesis denies, or that the premise denies in the same place."""
    sentence = comparison.sentence
    for index in sentence.content:
        says = _is_predicate(sentence, index) or sentence.words[index].dep == "attr"
        if says and not supposed(sentence, index) and not thinks_not(sentence, index):
            yield from _compare(comparison, index)


def _is_predicate(sentence: Sentence, index: int) -> bool:
    """False for auxiliaries, and for a copula whose complement is the predicate."""
    word = sentence.words[index]
    is_link = word.key == "be" and bool(sentence.dependents(index, "attr", "acomp"))
    return word.pos in _PREDICATES and word.dep not in ("aux", "auxpass") and not is_link


def _compare(comparison: Comparison, index: int) -> Iterator[Finding]:
    sentence = comparison.sentence
    denied, shown = _denial(sentence, index)
    options = _options(comparison, index)
    other = _strongest(each for each in options if each.denied != denied)
    alike = [each for each in options if each.denied == denied]
    meant = [each for each in alike if other and _is_meant(sentence, index, each, other)]
    same, other = (_strongest(meant), None) if meant else (_strongest(alike), other)
    stated = comparison.stated_span(range(index, index + 1))
    if other and other.strength >= _SURE and (same is None or other.strength > same.strength):
        spans = comparison.differing_spans(shown, other.candidate, other.shown)
        yield Finding("negation", "conflict", other.strength, *spans)
    elif denied and same is not None:
        found = comparison.premise_span(same.candidate, range(same.place, same.place + 1))
        yield Finding("negation", "found", same.strength, stated, found)
    elif denied and not condition(sentence, index):
        yield Finding("negation", "missing", 0.0, stated)


def _denial(sentence: Sentence, index: int) -> tuple[bool, range]:
    """Whether a predicate or a title is denied, and the words that say so."""
    former = [] if _is_predicate(sentence, index) else privatives(sentence, index)
    return negated(sentence, index) != bool(former), negation_phrase(sentence, index, former)


def _options(comparison: Comparison, index: int) -> list[_SamePredicate]:
    """Where the premise asserts or denies the predicate; none if only of other things: not guilty of another crime."""
    sentence = comparison.sentence
    is_title = not _is_predicate(sentence, index)
    options = []
    for candidate in comparison.candidates:
        there = candidate.sentence
        for place, other in enumerate(there.words):
            is_same = sentence.words[index].like(other) and (
                other.dep == "attr" if is_title else _is_predicate(there, place)
            )
            if is_same and _is_comparable(sentence, index, candidate, place):
                strength = candidate.strength(range(index, index + 1), range(place, place + 1))
                options.append(_SamePredicate(strength, candidate, place, *_denial(there, place)))
    of_other_things = all(disagree(sentence, index, each.candidate.sentence, each.place) for each in options)
    return [] if of_other_things else options


def _is_comparable(sentence: Sentence, index: int, candidate: Candidate, place: int) -> bool:
    """True if both are claimed, on the same condition, and of the same people."""
    there, word = candidate.sentence, sentence.words[index]
    claimed = asserted(there, place) or _denial(there, place)[0] or not asserted(sentence, index)
    if not claimed or supposed(there, place) or condition(sentence, index) != condition(there, place):
        return False
    reported = sentence.words[word.head]
    if reported.key in DENIERS and any(reported.like(other) for other in there.words):
        return False  # both report a denial of it
    return not _is_denied_of_others(sentence, index, there, place)


def _is_denied_of_others(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """True if the denial names people of whom the hypothesis does not speak: neither Smith nor Jones came."""
    negating, denied = negators(there, place), _subject(there, place)
    if not negating or not denied.issuperset(negating) or any(there.words[each].low == "no" for each in negating):
        return False
    named = [there.words[each] for each in denied if there.words[each].pos == "PROPN"]
    own = [sentence.words[each] for each in _subject(sentence, index) if sentence.words[each].pos == "PROPN"]
    return bool(named and own) and not any(word.like(other) for word in own for other in named)


def _subject(sentence: Sentence, index: int) -> set[int]:
    """The words of a predicate's subject."""
    heads = set(sentence.dependents(index, "nsubj", "nsubjpass"))
    return {each for each in range(len(sentence.words)) if heads.intersection(sentence.ancestors(each))}


def _is_meant(sentence: Sentence, index: int, same: _SamePredicate, other: _SamePredicate) -> bool:
    """True if the premise repeats the predicate with the hypothesis's complement: not guilty of A but guilty of B."""
    if same.candidate is not other.candidate:
        return False
    there = same.candidate.sentence
    is_coordinate = there.words[same.place].dep == "conj" and not there.dependents(same.place, "nsubj", "nsubjpass")
    return (
        is_coordinate and agree(sentence, index, there, same.place) and not agree(sentence, index, there, other.place)
    )


def _strongest(options: Iterable[_SamePredicate]) -> _SamePredicate | None:
    return max(options, key=lambda each: each.strength, default=None)
