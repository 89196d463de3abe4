"""Find predicates that the hypothesis asserts and the premise negates, or the reverse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harness.checker_en.compare import Candidate, Comparison, Finding
from harness.checker_en.negation import DENIERS, asserted, condition, negated, negation_phrase, supposed
from harness.checker_en.roles import disagree
from harness.checker_en.sentence import Sentence

_SURE = 0.6
"""Minimum strength of the premise's predicate."""
_PREDICATES = frozenset({"VERB", "ADJ", "AUX"})


class _SamePredicate(NamedTuple):
    """A predicate of the premise that the hypothesis has too."""

    strength: float
    candidate: Candidate
    place: int
    denied: bool
    shown: range
    """The predicate with its negators."""


def find(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each predicate that the hypothesis denies, or that the premise denies in the same place."""
    sentence = comparison.sentence
    for index in sentence.content:
        says = _is_predicate(sentence, index) or sentence.words[index].dep == "attr"
        if says and not supposed(sentence, index):
            yield from _compare(comparison, index)


def _is_predicate(sentence: Sentence, index: int) -> bool:
    """False for auxiliaries, and for a copula whose complement is the predicate."""
    word = sentence.words[index]
    is_link = word.key == "be" and bool(sentence.dependents(index, "attr", "acomp"))
    return word.pos in _PREDICATES and word.dep not in ("aux", "auxpass") and not is_link


def _compare(comparison: Comparison, index: int) -> Iterator[Finding]:
    sentence = comparison.sentence
    denied, shown = negated(sentence, index), negation_phrase(sentence, index)
    options = _options(comparison, index)
    other = _strongest(each for each in options if each.denied != denied)
    same = _strongest(each for each in options if each.denied == denied)
    stated = comparison.stated_span(range(index, index + 1))
    if other and other.strength >= _SURE and (same is None or other.strength > same.strength):
        spans = comparison.differing_spans(shown, other.candidate, other.shown)
        yield Finding("negation", "conflict", other.strength, *spans)
    elif denied and same is not None:
        found = comparison.premise_span(same.candidate, range(same.place, same.place + 1))
        yield Finding("negation", "found", same.strength, stated, found)
    elif denied:
        yield Finding("negation", "missing", 0.0, stated)


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
                shown = negation_phrase(there, place)
                options.append(_SamePredicate(strength, candidate, place, negated(there, place), shown))
    of_other_things = all(disagree(sentence, index, each.candidate.sentence, each.place) for each in options)
    return [] if of_other_things else options


def _is_comparable(sentence: Sentence, index: int, candidate: Candidate, place: int) -> bool:
    """True if both are claimed, on the same condition, and not both reported denials."""
    there = candidate.sentence
    claimed = asserted(there, place) or negated(there, place) or not asserted(sentence, index)
    if not claimed or supposed(there, place) or condition(sentence, index) != condition(there, place):
        return False
    reported = sentence.words[sentence.words[index].head]
    return reported.key not in DENIERS or not any(reported.like(other) for other in there.words)


def _strongest(options: Iterable[_SamePredicate]) -> _SamePredicate | None:
    return max(options, key=lambda each: each.strength, default=None)
