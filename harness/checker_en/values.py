"""Check numbers, dates and names: the premise has the value, lacks it, or has another in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Generic, NamedTuple, TypeVar

from harness.checker_en import dates, names, numbers
from harness.checker_en.analysis import Analysis, Placed
from harness.checker_en.compare import Candidate, Comparison, Finding, SlotType, find_role, is_described
from harness.checker_en.dates import Date
from harness.checker_en.lists import group
from harness.checker_en.names import Name
from harness.checker_en.negation import exclusion
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence
from harness.records import Span

_CLEARLY = 0.3
"""If the premise has the hypothesis's value, how much better another value must fit to be a conflict."""
_SURE_OF_KNOWN = 0.7
"""Minimum strength of a conflict if the premise has the hypothesis's name elsewhere."""
_SHARED_WITH_KNOWN = 2.0
"""In that case, the minimum weight of the other words that both sentences have, because one word may be chance."""
_MARGIN = group("by difference gap lead majority margin")
"""Words that govern the difference between two other numbers."""
_SURE_OF_SLIP = 0.3
"""Minimum strength if only the scale or currency differs. It is low because digits seldom match by chance."""

V = TypeVar("V", bound=Placed)


def find(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each number, date and name of the hypothesis."""
    for check in _CHECKS:
        yield from check.find(comparison)


def equal_words(hypothesis: Analysis, candidate: Analysis) -> frozenset[int]:
    """The indices of the hypothesis's words in values that the candidate has too, in whatever form."""
    return frozenset(
        index
        for check in _CHECKS
        for value in check.values(hypothesis)
        if any(check.same(value, other) for other in check.values(candidate))  # type: ignore[arg-type]  # both of one type
        for index in value.slot
    )


class _Alternative(NamedTuple):
    strength: float
    candidate: Candidate
    shown: range
    slip: numbers.Slip


class Check(Generic[V]):
    """The rules for one type of value: how to find values, which are equal, and which exclude each other."""

    type: SlotType
    sure: float
    """Minimum strength for another value to be a conflict."""

    def values(self, analysis: Analysis) -> Sequence[V]:
        """The values of this type in a sentence, in order."""
        raise NotImplementedError

    def same(self, value: V, other: V) -> bool:
        """True if the premise's value ``other`` supports the hypothesis's ``value``."""
        raise NotImplementedError

    def excludes(self, comparison: Comparison, candidate: Candidate, value: V, other: V) -> bool:
        """True if the two cannot both be true in one place."""
        raise NotImplementedError

    def stands_for(self, comparison: Comparison, candidate: Candidate, value: V, other: V) -> bool:
        """True if the candidate's ``other``, read in its sentence, means the same as the hypothesis's ``value``."""
        return self.same(value, other)

    def is_claim(self, value: V) -> bool:
        """False for a value whose absence from the premise says nothing."""
        return True

    def echoes(self, value: V, other: V) -> bool:
        """True if ``value``, anywhere in the hypothesis, repeats the candidate's ``other``, so it is no conflict."""
        return self.same(value, other)

    def is_elsewhere(self, comparison: Comparison, value: V) -> bool:
        """True if the premise has the value in some other form."""
        return False

    def minimum_strength(self, comparison: Comparison, value: V, slip: numbers.Slip) -> float:
        """``sure``, adjusted for this value."""
        return self.sure

    def shown(self, value: V) -> range:
        """The words to show a reader."""
        return value.slot

    def slip(self, value: V, other: V) -> numbers.Slip:
        return ""

    def find(self, comparison: Comparison) -> Iterator[Finding]:
        """A finding for each value that the hypothesis claims."""
        for value in self.values(comparison.hypothesis):
            finding = self._examine(comparison, value)
            if finding.status == "found" or self.is_claim(value):
                yield finding

    def _examine(self, comparison: Comparison, value: V) -> Finding:
        own, found = self._find_same(comparison, value) or (0.0, None)
        other = self._find_alternative(comparison, value)
        clearly = own + _CLEARLY if found else 0.0
        if other and other.strength >= max(self.minimum_strength(comparison, value, other.slip), clearly):
            spans = comparison.differing_spans(self.shown(value), other.candidate, other.shown)
            return Finding(self.type, "conflict", other.strength, *spans, other.slip)
        stated = comparison.stated_span(value.slot)
        if found or self.is_elsewhere(comparison, value):
            return Finding(self.type, "found", own, stated, found)
        if other is None:
            return Finding(self.type, "missing", 0.0, stated)
        return Finding(
            self.type, "missing", other.strength, stated, comparison.premise_span(other.candidate, other.shown)
        )

    def _find_same(self, comparison: Comparison, value: V) -> tuple[float, Span] | None:
        """The strength of the value itself, and its place in the premise."""
        options = [
            (candidate.strength(value.slot, other.slot), comparison.premise_span(candidate, other.slot))
            for candidate in comparison.candidates
            for other in self.values(candidate.analysis)
            if self.stands_for(comparison, candidate, value, other)
            and exclusion(candidate.sentence, other.slot) is None
        ]
        return max(options, key=lambda option: option[0], default=None)

    def _find_alternative(self, comparison: Comparison, value: V) -> _Alternative | None:
        """The strongest other value in the place of this one. Values that the hypothesis repeats do not count."""
        if exclusion(comparison.sentence, value.slot) is not None:
            return None
        options = []
        for candidate in comparison.candidates:
            for other in self.values(candidate.analysis):
                shown = self.shown(other)
                if self.same(value, other):
                    at = exclusion(candidate.sentence, other.slot)
                    if at is None:
                        continue
                    shown = range(at, shown.stop)
                elif not self._conflicts(comparison, candidate, value, other):
                    continue
                strength = candidate.strength(value.slot, other.slot)
                options.append(_Alternative(strength, candidate, shown, self.slip(value, other)))
        return max(options, key=lambda option: option.strength, default=None)

    def _conflicts(self, comparison: Comparison, candidate: Candidate, value: V, other: V) -> bool:
        if any(self.same(value, each) for each in self.values(candidate.analysis)):
            return False
        if any(self.echoes(each, other) for each in self.values(comparison.hypothesis)):
            return False
        return self.excludes(comparison, candidate, value, other)


class Numbers(Check[Quantity]):
    type: SlotType = "number"
    sure = 0.5

    def values(self, analysis: Analysis) -> Sequence[Quantity]:
        return analysis.quantities

    def same(self, value: Quantity, other: Quantity) -> bool:
        return numbers.is_supported(value, other)

    def stands_for(self, comparison: Comparison, candidate: Candidate, value: Quantity, other: Quantity) -> bool:
        """A change or margin ("by three") does not stand for a level ("to three") or a score (3-1)."""
        if not self.same(value, other):
            return False
        if _is_change_and_level(find_role(comparison.sentence, value.slot), find_role(candidate.sentence, other.slot)):
            return False
        is_score = other.dimension == "pair" and not value.joined
        return not (is_score and _is_margin_word(comparison.sentence, value.slot))

    def is_claim(self, value: Quantity) -> bool:
        return not value.implied

    def slip(self, value: Quantity, other: Quantity) -> numbers.Slip:
        return numbers.slip(value, other)

    def minimum_strength(self, comparison: Comparison, value: Quantity, slip: numbers.Slip) -> float:
        return _SURE_OF_SLIP if slip else self.sure

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Quantity, other: Quantity) -> bool:
        if not numbers.are_comparable(value, other) or numbers.is_cut_off(value, other):
            return False
        if numbers.keeps_bound(value, other) and not _is_limit(candidate.sentence, other):
            return False
        if value.low == -other.low and not candidate.have_one_governor(value.slot, other.slot):
            return False  # what grew by -5% fell by 5%
        if _is_change_and_level(find_role(comparison.sentence, value.slot), find_role(candidate.sentence, other.slot)):
            return False
        return not _is_margin(comparison.hypothesis, candidate.analysis, value)

    def is_elsewhere(self, comparison: Comparison, value: Quantity) -> bool:
        """True if a candidate implies the number: naming five countries implies five."""
        return any(
            (value.dimension == "count" and value.low in candidate.analysis.list_lengths)
            or _is_margin(comparison.hypothesis, candidate.analysis, value)
            for candidate in comparison.candidates
        )


def _is_limit(sentence: Sentence, value: Quantity) -> bool:
    """True if a bound is an exact limit, not a rough count: a law on firms with more than 50 staff."""
    if value.bound in ("", "about"):
        return False
    word = sentence.words[sentence.root(value.slot)]
    counted = sentence.words[word.head] if word.dep in ("nummod", "quantmod") else word
    return value.dimension != "count" or counted.dep not in ("nsubj", "nsubjpass", "dobj")


def _is_change_and_level(one: str, other: str) -> bool:
    """True if one number is a change and the other a level."""
    return "by" in (one, other) and bool({"to", "from"} & {one, other})


def _is_margin_word(sentence: Sentence, slot: range) -> bool:
    """True if a number is the difference between two others: by one vote, a margin of one."""
    above = (sentence.words[index] for index in sentence.ancestors(sentence.root(slot)))
    return any(word.low in _MARGIN for word in takewhile(lambda word: word.pos != "VERB", above))


def _is_margin(hypothesis: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """True if a candidate's neighbouring numbers differ by this: 16 to 15 is by one, £50 to £35 by £15."""
    if value.joined or not _is_margin_word(hypothesis.sentence, value.slot):
        return False
    gaps = [abs(each.low - each.high) for each in candidate.quantities if each.dimension == "pair"]
    alike = (each for each in candidate.quantities if numbers.are_comparable(value, each) and not each.joined)
    gaps += [abs(one.low - other.low) for one, other in pairwise(alike) if {one.unit, other.unit} <= {value.unit, ""}]
    return value.low in gaps


class Dates(Check[Date]):
    type: SlotType = "date"
    sure = 0.45

    def values(self, analysis: Analysis) -> Sequence[Date]:
        return analysis.dates

    def same(self, value: Date, other: Date) -> bool:
        if dates.entails(other, value):
            return True
        return value.when is not None and other.when is not None and other.when.entails(value.when)

    def shown(self, value: Date) -> range:
        """The whole date, even if only a part differs: 25 February, for its day."""
        return value.whole

    def echoes(self, value: Date, other: Date) -> bool:
        """Only equally precise dates echo: the February of 25 February does not echo 11 February."""
        exact = value.when is None or other.when is None or value.when.grain == other.when.grain
        return exact and self.same(value, other)

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Date, other: Date) -> bool:
        if value.when is None or other.when is None:
            return dates.exclude(value, other)
        return other.when.excludes(value.when)


class Names(Check[Name]):
    type: SlotType = "name"
    sure = 0.6

    def values(self, analysis: Analysis) -> Sequence[Name]:
        return analysis.names

    def same(self, value: Name, other: Name) -> bool:
        return names.matches(value, other)

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Name, other: Name) -> bool:
        return (
            names.exclude(value, other)
            and not (other.bearer == "office" and _is_held(candidate.analysis, other))
            and not _beside_slash(comparison.sentence, value.slot)
            and candidate.sentence.words[other.slot.start].text[0].isupper()
            and names.in_words(value, candidate.analysis.name_words) < 1
            and candidate.have_same_role(value.slot, other.slot)
            and candidate.is_in_same_clause(other.slot)
            and not (self.is_elsewhere(comparison, value) and candidate.shared(value.slot) < _SHARED_WITH_KNOWN)
            and not self._are_equated(comparison, value, other)
        )

    def minimum_strength(self, comparison: Comparison, value: Name, slip: numbers.Slip) -> float:
        """Stricter if the premise has the name elsewhere: another name in this place may mean the same bearer."""
        return _SURE_OF_KNOWN if self.is_elsewhere(comparison, value) else self.sure

    def _are_equated(self, comparison: Comparison, value: Name, other: Name) -> bool:
        """True if the premise has a full name that both shorten, or says that one is the other."""
        return any(
            (
                names.matches(value, one)
                and (names.matches(other, one) or _is_described_as(candidate.analysis, one, other))
            )
            or (names.matches(other, one) and _is_described_as(candidate.analysis, one, value))
            for candidate in comparison.candidates
            for one in candidate.analysis.names
        )

    def is_elsewhere(self, comparison: Comparison, value: Name) -> bool:
        return all(part in comparison.premise.words for part in value.parts) or any(
            names.in_words(value, candidate.analysis.name_words) == 1 for candidate in comparison.candidates
        )


def _is_described_as(analysis: Analysis, one: Name, other: Name) -> bool:
    """True if a sentence describes the bearer of one name by the other name: "Keefe, the model for Rosie"."""
    return any(
        names.matches(other, each) and is_described(analysis.sentence, one.slot, each.slot.start)
        for each in analysis.names
    )


def _is_held(analysis: Analysis, office: Name) -> bool:
    """True if a sentence names the holder of an office; the holder is then compared instead."""
    return any(
        each.bearer == "person" and is_described(analysis.sentence, office.slot, analysis.sentence.root(each.slot))
        for each in analysis.names
    )


def _beside_slash(sentence: Sentence, slot: range) -> bool:
    """True if a slash marks the slot as one of several names for something."""
    beside = (*sentence.words[max(0, slot.start - 1) : slot.start], *sentence.words[slot.stop : slot.stop + 1])
    return any(word.text == "/" for word in beside) or any(
        "/" in word.text for word in sentence.words[slot.start : slot.stop]
    )


_CHECKS: tuple[Check[Quantity] | Check[Date] | Check[Name], ...] = (Numbers(), Dates(), Names())
