"""Negation: the predicate that both have is denied by the one and said by the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harness.checker_en.negation import (
    DENIERS,
    asserted,
    condition,
    negated,
    negators,
    phrase,
    privatives,
    supposed,
    thinks_not,
)
from harness.checker_en.roles import agree, disagree
from harness.checker_en.sentence import Sentence
from harness.checker_en.slots.candidate import Candidate
from harness.checker_en.slots.comparison import Comparison
from harness.checker_en.slots.findings import Finding

SURE = 0.6
"""The least strength of the premise's predicate in its place for the difference to be a conflict."""
_PREDICATES = frozenset({"VERB", "ADJ", "AUX"})


class _SamePredicate(NamedTuple):
    """A predicate of the premise that is one of the statement's."""

    strength: float
    candidate: Candidate
    place: int
    denied: bool
    shown: range
    """The words of the predicate, with those that deny it."""


def negations(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each predicate that the statement denies, or that the premise denies in the same place."""
    sentence = comparison.sentence
    for index in sentence.content:
        says = _predicate(sentence, index) or sentence.words[index].dep == "attr"
        if says and not supposed(sentence, index) and not thinks_not(sentence, index):
            yield from _compared(comparison, index)


def _predicate(sentence: Sentence, index: int) -> bool:
    """Whether a word is a predicate by itself; a copula is none where what it links says what is denied."""
    word = sentence.words[index]
    linked = bool(sentence.dependents(index, "attr", "acomp"))
    return word.pos in _PREDICATES and word.dep not in ("aux", "auxpass") and not (word.key == "be" and linked)


def _compared(comparison: Comparison, index: int) -> Iterator[Finding]:
    sentence = comparison.sentence
    denied, shown = _denial(sentence, index)
    options = _options(comparison, index)
    other = _strongest(each for each in options if each.denied != denied)
    alike = [each for each in options if each.denied == denied]
    meant = [each for each in alike if other and _meant(sentence, index, each, other)]
    same, other = (_strongest(meant), None) if meant else (_strongest(alike), other)
    slot = range(index, index + 1)
    if other and other.strength >= SURE and (same is None or other.strength > same.strength):
        yield comparison.conflict("negation", other.strength, shown, other.candidate, other.shown)
    elif denied and same is not None:
        there = comparison.premise_span(same.candidate, range(same.place, same.place + 1))
        yield comparison.finding("negation", "found", same.strength, slot, there)
    elif denied and not condition(sentence, index):
        yield comparison.finding("negation", "missing", 0.0, slot)


def _meant(sentence: Sentence, index: int, same: _SamePredicate, other: _SamePredicate) -> bool:
    """Whether the premise has a predicate once more of the same subject, with what goes with the statement's.

    ``not guilty of murder but guilty of manslaughter``: of manslaughter he is guilty, however near the denial stands.
    """
    if same.candidate is not other.candidate:
        return False
    there = same.candidate.sentence
    is_coordinate = there.words[same.place].dep == "conj" and not there.dependents(same.place, "nsubj", "nsubjpass")
    return (
        is_coordinate and agree(sentence, index, there, same.place) and not agree(sentence, index, there, other.place)
    )


def _denial(sentence: Sentence, index: int) -> tuple[bool, range]:
    """Whether a predicate or a title is denied, and the words that say so."""
    former = [] if _predicate(sentence, index) else privatives(sentence, index)
    return negated(sentence, index) != bool(former), phrase(sentence, index, former)


def _options(comparison: Comparison, index: int) -> list[_SamePredicate]:
    """Where the premise claims or denies the predicate on the same condition as the statement; nowhere if of other
    things alone: not guilty of another crime."""
    sentence = comparison.sentence
    word, slot = sentence.words[index], range(index, index + 1)
    title = not _predicate(sentence, index)
    options = []
    for candidate in comparison.candidates:
        there = candidate.sentence
        for place, other in enumerate(there.words):
            if not word.like(other) or not (other.dep == "attr" if title else _predicate(there, place)):
                continue
            denied, shown = _denial(there, place)
            claimed = (asserted(there, place) or denied or not asserted(sentence, index)) and not supposed(there, place)
            if (
                not claimed
                or condition(sentence, index) != condition(there, place)
                or _denied_alike(comparison, candidate, index)
                or _denied_of_others(sentence, index, there, place)
            ):
                continue
            strength = candidate.strength(slot, range(place, place + 1))
            options.append(_SamePredicate(strength, candidate, place, denied, shown))
    of_other_things = all(disagree(sentence, index, each.candidate.sentence, each.place) for each in options)
    return [] if of_other_things else options


def _denied_alike(comparison: Comparison, candidate: Candidate, index: int) -> bool:
    """Whether a predicate is what the statement reports to be denied, and the candidate reports a denial as well."""
    words = comparison.sentence.words
    head = words[words[index].head]
    return head.key in DENIERS and any(head.like(other) for other in candidate.sentence.words)


def _denied_of_others(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """Whether a denial is in a subject of names that the statement does not speak of: neither Smith nor Jones came."""
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


def _strongest(options: Iterable[_SamePredicate]) -> _SamePredicate | None:
    return max(options, key=lambda each: each.strength, default=None)
