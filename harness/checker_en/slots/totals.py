"""Totals: a number that the premise does not say, and that several of its numbers add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from harness.checker_en import numbers
from harness.checker_en.analysis import Analysis
from harness.checker_en.numbers import Dimension, Quantity
from harness.checker_en.sentence import Sentence, Word

_ADDED: frozenset[Dimension] = frozenset({"count", "money", "measure", "share"})
"""What of one may be added to another; two ages are not."""
_LONGEST = 12
"""Numbers that are added; of a long row of numbers some neighbours add up to nearly any."""


@lru_cache(maxsize=1024)
def is_total(statement: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """Whether numbers of a candidate that follow each other add up to a statement's, which counts them all.

    Where two people were killed and three injured, five were killed or injured, and five were not killed.
    """
    if value.dimension not in _ADDED or value.joined:
        return False
    parts = [each for each in candidate.quantities if numbers.comparable(value, each) and not each.joined]
    return any(
        _same_things(value, run)
        and _all_told(statement.sentence, candidate.sentence, run)
        and not _of_one_part(statement.sentence, candidate, run)
        for run in _runs(parts, value.low)
    )


def _runs(parts: Sequence[Quantity], total: Decimal) -> Iterator[Sequence[Quantity]]:
    """The runs of at most ``_LONGEST`` numbers, and of two at least, that add up to a total."""
    for first in range(len(parts)):
        run = parts[first : first + _LONGEST]
        for length, added in enumerate(accumulate(each.low for each in run), 1):
            if length > 1 and added == total:
                yield run[:length]


def _same_things(value: Quantity, run: Sequence[Quantity]) -> bool:
    """Whether the total may be of all that is counted: of ten cars and five vans it is no number of cars."""
    counted = {each.unit for each in run if each.unit}
    return value.unit not in counted or len(counted) == 1


def _all_told(statement: Sentence, candidate: Sentence, run: Sequence[Quantity]) -> bool:
    """Whether the statement says of the total whatever the candidate says of each part: killed, and injured."""
    predicates = [_predicate(candidate, each.slot) for each in run]
    return all(any(predicate.like(word) for word in statement.words) for predicate in predicates)


def _predicate(sentence: Sentence, slot: range) -> Word:
    """The verb that a slot stands to, or what governs its sentence where it stands to none."""
    above = [index for index in sentence.ancestors(sentence.root(slot)) if index not in slot]
    verbs = (index for index in above if sentence.words[index].pos == "VERB")
    return sentence.words[next(verbs, above[-1] if above else slot.start)]


def _of_one_part(statement: Sentence, candidate: Analysis, run: Sequence[Quantity]) -> bool:
    """Whether dates or names tell the parts apart (ten on Friday, five on Saturday) and the statement has one."""
    slots = (*(each.slot for each in candidate.dates), *(each.slot for each in candidate.names))
    behind = [slot for slot in slots if slot.start >= run[0].slot.stop]
    if not any(slot.start < run[-1].slot.start for slot in behind):
        return False
    telling = [candidate.sentence.words[index] for slot in behind for index in slot]
    return any(word.like(each) for word in statement.words if word.content for each in telling)
