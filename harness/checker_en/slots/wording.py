"""Words of the statement that the premise has not: quotations in other words, opposites, and words in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from harness.checker_en import quotes
from harness.checker_en.negation import asserted, negated
from harness.checker_en.opposites import RELATIONS, opposite
from harness.checker_en.quotes import Quote
from harness.checker_en.roles import arguments, disagree
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.slots.candidate import Candidate
from harness.checker_en.slots.comparison import Comparison
from harness.checker_en.slots.findings import Finding, SlotType

_SURE = 0.6
"""The least strength of an opposite in its place for it to be a conflict, and of another word to be a replacement."""
_ROOT = 4
"""Letters."""
_ATTRIBUTES = frozenset({"amod", "compound", "nummod", "poss"})
_BESIDE = frozenset({"with", "without"})


def quotations(comparison: Comparison) -> Iterator[Finding]:
    """For each quotation whether the premise has it word for word (found), altered (conflict), or not (missing)."""
    for quote in comparison.statement.quotes:
        slot = comparison.sentence.at(quote.start, quote.end)
        if not slot:
            continue
        if quotes.stands(quote.text, comparison.premise.source):
            yield comparison.finding("quote", "found", 1.0, slot)
        else:
            yield _altered(comparison, quote, slot)


def _altered(comparison: Comparison, quote: Quote, slot: range) -> Finding:
    """A conflict where the premise quotes it in other words; what it says without marks is no other quotation."""
    for candidate in comparison.candidates:
        for other in candidate.analysis.quotes:
            if quotes.altered(quote.text, other.text):
                there = candidate.sentence.at(other.start, other.end)
                return comparison.conflict("quote", 1.0, slot, candidate, there)
    return comparison.finding("quote", "missing", 0.0, slot)


def antonyms(comparison: Comparison) -> Iterator[Finding]:
    """One finding for each word that the premise has not and that has an opposite in its place there."""
    sentence = comparison.sentence
    for index, word in enumerate(sentence.words):
        if not (word.weight or word.key in RELATIONS) or _there(comparison, index):
            continue
        options = [
            (candidate.strength(range(index, index + 1), range(place, place + 1)), number, place)
            for number, candidate in enumerate(comparison.candidates)
            for place in range(len(candidate.sentence.words))
            if _opposed(comparison, candidate, index, place)
        ]
        strength, number, place = max(options, default=(0.0, 0, 0))
        if strength >= _SURE:
            slot, other = range(index, index + 1), range(place, place + 1)
            yield comparison.conflict("antonym", strength, slot, comparison.candidates[number], other)


def _there(comparison: Comparison, index: int) -> bool:
    """Whether one of the candidates that match best has the word itself, or one of its root: "closure" for "close"."""
    word = comparison.sentence.words[index]
    others = (other for candidate in comparison.candidates[:3] for other in candidate.sentence.words)
    return any(word.like(other) or _of_one_root(word, other) for other in others)


def _of_one_root(one: Word, other: Word) -> bool:
    """Whether two words begin alike up to the last letter of the shorter one; "with" and "without" are opposites."""
    shared = sum(1 for _ in takewhile(lambda signs: signs[0] == signs[1], zip(one.low, other.low, strict=False)))
    return shared >= max(_ROOT, min(len(one.low), len(other.low)) - 1) and not opposite(one.key, other.key)


def _opposed(comparison: Comparison, candidate: Candidate, index: int, place: int) -> bool:
    """Whether two words exclude each other, said with one polarity, an attribute of one thing, from one side."""
    sentence, there = comparison.sentence, candidate.sentence
    one, other = sentence.words[index], there.words[place]
    if not (opposite(one.key, other.key) or opposite(one.other, other.other)) or place in candidate.taken:
        return False
    if one.dep in _ATTRIBUTES and not candidate.governed(range(index, index + 1), range(place, place + 1)):
        return False
    if one.key in _BESIDE and not _beside_one(sentence, index, there, place):
        return False
    if asserted(sentence, index) and not asserted(there, place):
        return False
    if one.pos == other.pos == "VERB" and disagree(sentence, index, there, place):
        return False
    return negated(sentence, index) == negated(there, place) and not _converse(sentence, index, there, place)


def _converse(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """Whether two opposites tell one event from its two sides: who buys from another is sold to by that one.

    Likewise what comes before another comes after it.
    """
    one, other = arguments(sentence, index), arguments(there, place)

    def shared(ones: Iterable[int], others: Iterable[int]) -> int:
        return sum(any(sentence.words[each].like(there.words[what]) for what in others) for each in ones)

    crossed = shared(one.subjects, other.objects), shared(one.objects, other.subjects)
    straight = shared(one.subjects, other.subjects), shared(one.objects, other.objects)
    if sentence.words[index].dep in ("mark", "prep"):
        return all(crossed) and sum(crossed) > sum(straight)
    return (all(crossed) and not all(straight)) or (any(crossed) and not straight[0])


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


def replaced(comparison: Comparison) -> Iterator[Finding]:
    """The words of content that the best candidate has not, with the word of their kind that stands in their place.

    All around is equal: the other word may mean the same, or another thing.
    """
    candidate = comparison.best
    if candidate is None:
        return
    sentence, other = comparison.sentence, candidate.sentence
    for index in sentence.content:
        word = sentence.words[index]
        if index in candidate.matched or index in comparison.statement.values or word.pos in ("NUM", "ADV"):
            continue
        slot = range(index, index + 1)
        options = [
            (candidate.strength(slot, range(place, place + 1)), place)
            for place in other.content
            if place not in candidate.taken and other.words[place].pos == word.pos
        ]
        strength, place = max(options, default=(0.0, 0))
        if strength >= _SURE:
            kind: SlotType = "predicate" if word.pos == "VERB" else "word"
            yield comparison.finding(
                kind, "replaced", strength, slot, comparison.premise_span(candidate, range(place, place + 1))
            )
