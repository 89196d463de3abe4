"""Margins: a number that the premise does not say, and by which two of its numbers differ."""

from __future__ import annotations

from itertools import pairwise, takewhile

from harness.checker_en import numbers
from harness.checker_en.analysis import Analysis
from harness.checker_en.lists import group
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence

_APART = group("by difference gap lead majority margin")
"""What stands above a number that says how far two others are apart."""


def is_margin(statement: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """Whether a statement's number says by how much, and two neighbouring numbers of a candidate are so far apart.

    Of 16 to 15 it is by one, and from £50 to £35 by £15.
    """
    if value.joined or not is_difference(statement.sentence, value.slot):
        return False
    gaps = [abs(each.low - each.high) for each in candidate.quantities if each.dimension == "pair"]
    alike = (each for each in candidate.quantities if numbers.comparable(value, each) and not each.joined)
    gaps += [abs(one.low - other.low) for one, other in pairwise(alike) if {one.unit, other.unit} <= {value.unit, ""}]
    return value.low in gaps


def is_difference(sentence: Sentence, slot: range) -> bool:
    """Whether a number says how far two others are apart: by one vote, a margin of one."""
    above = (sentence.words[index] for index in sentence.ancestors(sentence.root(slot)))
    return any(word.low in _APART for word in takewhile(lambda word: word.pos != "VERB", above))
