"""Numbers that follow from those of the premise: totals of several, and differences of two neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise, takewhile

from harness.checker_en import numbers
from harness.checker_en.analysis import Analysis
from harness.checker_en.lists import group
from harness.checker_en.numbers import Dimension, Quantity
from harness.checker_en.sentence import Sentence, Word

_MARGIN = group("by difference gap lead majority margin")
"""Words above a number that says how far two others are apart."""
_ADDED: frozenset[Dimension] = frozenset({"count", "money", "measure", "share"})
"""The dimensions that can be added; two ages cannot."""
_LONGEST = 12
"""Numbers added; in a longer row some neighbours add up to nearly anything."""


def follows(hypothesis: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """True if a number is the total of a candidate's numbers, or the difference of two."""
    return is_total(hypothesis, candidate, value) or _is_margin(hypothesis, candidate, value)


def is_margin_word(sentence: Sentence, slot: range) -> bool:
    """True if a number says how far two others are apart: by one vote, a margin of one."""
    above = (sentence.words[index] for index in sentence.ancestors(sentence.root(slot)))
    return any(word.low in _MARGIN for word in takewhile(lambda word: word.pos != "VERB", above))


def _is_margin(hypothesis: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """True if a candidate's neighbouring numbers differ by this: 16 to 15 is by one, £50 to £35 by £15."""
    if value.joined or not is_margin_word(hypothesis.sentence, value.slot):
        return False
    gaps = [abs(each.low - each.high) for each in candidate.quantities if each.dimension == "pair"]
    alike = (each for each in candidate.quantities if numbers.comparable(value, each) and not each.joined)
    gaps += [abs(one.low - other.low) for one, other in pairwise(alike) if {one.unit, other.unit} <= {value.unit, ""}]
    return value.low in gaps


@lru_cache(maxsize=1024)
def is_total(hypothesis: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """True if successive numbers of a candidate add up to this one, which counts all of them.

    If two people were killed and three injured, five were killed or injured, and five were not killed.
    """
    if value.dimension not in _ADDED or value.joined:
        return False
    parts = [each for each in candidate.quantities if numbers.comparable(value, each) and not each.joined]
    for run in _runs(parts, value.low):
        units = {each.unit for each in run if each.unit}
        if value.unit in units and len(units) > 1:
            continue  # of ten cars and five vans, 15 is no number of cars
        predicates = [_predicate(candidate.sentence, each.slot) for each in run]
        told = all(any(each.like(word) for word in hypothesis.sentence.words) for each in predicates)
        if told and not _is_of_one_part(hypothesis.sentence, candidate, run):
            return True
    return False


def _runs(parts: Sequence[Quantity], total: Decimal) -> Iterator[Sequence[Quantity]]:
    """The runs of two to ``_LONGEST`` numbers that add up to a total."""
    for first in range(len(parts)):
        run = parts[first : first + _LONGEST]
        for length, added in enumerate(accumulate(each.low for each in run), 1):
            if length > 1 and added == total:
                yield run[:length]


def _predicate(sentence: Sentence, slot: range) -> Word:
    """The verb that a slot depends on, or the root of its sentence."""
    above = [index for index in sentence.ancestors(sentence.root(slot)) if index not in slot]
    verbs = (index for index in above if sentence.words[index].pos == "VERB")
    return sentence.words[next(verbs, above[-1] if above else slot.start)]


def _is_of_one_part(hypothesis: Sentence, candidate: Analysis, run: Sequence[Quantity]) -> bool:
    """True if dates or names separate the parts (ten on Friday, five on Saturday) and the hypothesis has one."""
    slots = (*(each.slot for each in candidate.dates), *(each.slot for each in candidate.names))
    behind = [slot for slot in slots if slot.start >= run[0].slot.stop]
    if not any(slot.start < run[-1].slot.start for slot in behind):
        return False
    telling = [candidate.sentence.words[index] for slot in behind for index in slot]
    return any(word.like(each) for word in hypothesis.words if word.content for each in telling)
