"""Numbers, dates and names: a value that the premise has, one that it lacks, or another in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from harness.checker_en import dates, names, numbers
from harness.checker_en.analysis import Analysis, Placed
from harness.checker_en.dates import Date
from harness.checker_en.names import Name
from harness.checker_en.negation import excluded, exclusion
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence
from harness.checker_en.slots.candidate import Candidate, described, role
from harness.checker_en.slots.comparison import Comparison
from harness.checker_en.slots.findings import Finding, SlotType
from harness.checker_en.slots.margins import is_difference, is_margin
from harness.checker_en.slots.totals import is_total
from harness.records import Span

_CLEARLY = 0.3
"""How much better another value's place must fit than that of the value itself, where the premise has both."""

_SURE_OF_KNOWN = 0.7
"""The least strength for a name that the premise has elsewhere."""
_SHARED_WITH_KNOWN = 2.0
"""For such a name, the least weight of other words that the candidate shares: one word may be shared by chance."""

V = TypeVar("V", bound=Placed)


class _Alternative(NamedTuple):
    """Another value that the premise has in the place of the statement's."""

    strength: float
    candidate: Candidate
    shown: range


class Check(Generic[V]):
    """What one type of value needs: where its values are, which are equal, and which exclude each other."""

    type: SlotType
    sure: float
    """The least strength of a place for another value in it to be a conflict."""

    def values(self, analysis: Analysis) -> Sequence[V]:
        """The values of this type in a sentence, in order."""
        raise NotImplementedError

    def same(self, value: V, premise_value: V) -> bool:
        """Whether the premise's value bears out the statement's."""
        raise NotImplementedError

    def stands_for(self, comparison: Comparison, candidate: Candidate, value: V, premise_value: V) -> bool:
        """Whether a candidate's value is the statement's where it stands."""
        return self.same(value, premise_value)

    def excludes(self, comparison: Comparison, candidate: Candidate, value: V, premise_value: V) -> bool:
        """Whether the two exclude each other in one place."""
        raise NotImplementedError

    def claims(self, value: V) -> bool:
        """Whether a value that is not found says anything."""
        return True

    def echoes(self, value: V, premise_value: V) -> bool:
        """Whether the statement has a candidate's value as well, which then is no other value of something."""
        return self.same(value, premise_value)

    def elsewhere(self, comparison: Comparison, value: V) -> bool:
        """Whether the value is in the premise in some other form."""
        return False

    def least(self, comparison: Comparison, value: V) -> float:
        """``sure``, for this value."""
        return self.sure

    def shown(self, value: V) -> range:
        """The words by which a reader knows a value that is in conflict."""
        return value.slot

    def equal(self, statement: Analysis, candidate: Analysis) -> Iterator[int]:
        """The words of the values that both have."""
        there = self.values(candidate)
        for value in self.values(statement):
            if any(self.same(value, premise_value) for premise_value in there):
                yield from value.slot

    def findings(self, comparison: Comparison) -> Iterator[Finding]:
        """A finding for each value of the statement that says something."""
        for value in self.values(comparison.statement):
            finding = self._finding(comparison, value)
            if finding.status == "found" or self.claims(value):
                yield finding

    def _finding(self, comparison: Comparison, value: V) -> Finding:
        own, there = self._same(comparison, value) or (0.0, None)
        other = self._alternative(comparison, value)
        clearly = own + _CLEARLY if there else 0.0
        if other and other.strength >= max(self.least(comparison, value), clearly):
            return comparison.conflict(self.type, other.strength, self.shown(value), other.candidate, other.shown)
        if there or self.elsewhere(comparison, value):
            return comparison.finding(self.type, "found", own, value.slot, there)
        if other is None:
            return comparison.finding(self.type, "missing", 0.0, value.slot)
        place = comparison.premise_span(other.candidate, other.shown)
        return comparison.finding(self.type, "missing", other.strength, value.slot, place)

    def _same(self, comparison: Comparison, value: V) -> tuple[float, Span] | None:
        """How well the place of the value itself fits, and where the premise has it."""
        options = [
            (candidate.strength(value.slot, premise_value.slot), comparison.premise_span(candidate, premise_value.slot))
            for candidate in comparison.candidates
            for premise_value in self.values(candidate.analysis)
            if self.stands_for(comparison, candidate, value, premise_value)
            and not excluded(candidate.sentence, premise_value.slot)
        ]
        return max(options, key=lambda option: option[0], default=None)

    def _alternative(self, comparison: Comparison, value: V) -> _Alternative | None:
        """The strongest other value in this one's place that the statement does not have as well."""
        if excluded(comparison.sentence, value.slot):
            return None
        options = []
        for candidate in comparison.candidates:
            for premise_value in self.values(candidate.analysis):
                shown = self.shown(premise_value)
                if self.same(value, premise_value):
                    at = exclusion(candidate.sentence, premise_value.slot)
                    if at is None:
                        continue
                    shown = range(at, shown.stop)
                elif not self._other(comparison, candidate, value, premise_value):
                    continue
                options.append(_Alternative(candidate.strength(value.slot, premise_value.slot), candidate, shown))
        return max(options, key=lambda option: option.strength, default=None)

    def _other(self, comparison: Comparison, candidate: Candidate, value: V, premise_value: V) -> bool:
        """Whether the candidate has not the value but another one, which the statement has not."""
        if any(self.same(value, each) for each in self.values(candidate.analysis)):
            return False
        if any(self.echoes(each, premise_value) for each in self.values(comparison.statement)):
            return False
        return self.excludes(comparison, candidate, value, premise_value)


class Numbers(Check[Quantity]):
    type: SlotType = "number"
    sure = 0.5

    def values(self, analysis: Analysis) -> Sequence[Quantity]:
        return analysis.quantities

    def same(self, value: Quantity, premise_value: Quantity) -> bool:
        return numbers.same(value, premise_value)

    def stands_for(
        self, comparison: Comparison, candidate: Candidate, value: Quantity, premise_value: Quantity
    ) -> bool:
        """By so much is neither to so much nor a score: who wins 3-1 does not win by three."""
        if not self.same(value, premise_value):
            return False
        if _is_change_and_level(role(comparison.sentence, value.slot), role(candidate.sentence, premise_value.slot)):
            return False
        is_of_score = premise_value.dimension == "pair" and not value.joined
        return not (is_of_score and is_difference(comparison.sentence, value.slot))

    def claims(self, value: Quantity) -> bool:
        return not value.implied

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Quantity, premise_value: Quantity) -> bool:
        if not numbers.comparable(value, premise_value) or numbers.is_cut_off(value, premise_value):
            return False
        if numbers.keeps_bound(value, premise_value) and not _is_limit(candidate.sentence, premise_value):
            return False
        if value.low == -premise_value.low and not candidate.governed(value.slot, premise_value.slot):
            return False  # what grew by -5% fell by 5%
        if _is_change_and_level(role(comparison.sentence, value.slot), role(candidate.sentence, premise_value.slot)):
            return False
        return not _follows(comparison.statement, candidate.analysis, value)

    def elsewhere(self, comparison: Comparison, value: Quantity) -> bool:
        """Whether it follows from a candidate: one that names five countries does not say five."""
        return any(
            (value.dimension == "count" and value.low in candidate.analysis.list_lengths)
            or _follows(comparison.statement, candidate.analysis, value)
            for candidate in comparison.candidates
        )


def _follows(statement: Analysis, candidate: Analysis, value: Quantity) -> bool:
    """Whether a number follows from those of a candidate, as their sum or their difference."""
    return is_total(statement, candidate, value) or is_margin(statement, candidate, value)


def _is_limit(sentence: Sentence, value: Quantity) -> bool:
    """Whether a bound says what is meant, as in a law on firms with more than 50 staff, and not how many there were."""
    if value.bound in ("", "about"):
        return False
    word = sentence.words[sentence.root(value.slot)]
    counted = sentence.words[word.head] if word.dep in ("nummod", "quantmod") else word
    return value.dimension != "count" or counted.dep not in ("nsubj", "nsubjpass", "dobj")


def _is_change_and_level(one: str, other: str) -> bool:
    """Whether by the roles of two numbers the one is how far something changed and the other where it was: by, to."""
    return "by" in (one, other) and bool({"to", "from"} & {one, other})


class Dates(Check[Date]):
    type: SlotType = "date"
    sure = 0.45

    def values(self, analysis: Analysis) -> Sequence[Date]:
        return analysis.dates

    def same(self, value: Date, premise_value: Date) -> bool:
        if dates.entails(premise_value, value):
            return True
        return value.when is not None and premise_value.when is not None and premise_value.when.entails(value.when)

    def shown(self, value: Date) -> range:
        """The whole date where a part of it differs: 25 February."""
        return value.whole

    def echoes(self, value: Date, premise_value: Date) -> bool:
        """A day is no echo of its month: 25 February is another day than 11 February."""
        exact = value.when is None or premise_value.when is None or value.when.grain == premise_value.when.grain
        return exact and self.same(value, premise_value)

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Date, premise_value: Date) -> bool:
        if any(dates.within(value, each) for each in candidate.analysis.dates):
            return False
        if value.when is None or premise_value.when is None:
            return dates.apart(value, premise_value)
        return premise_value.when.excludes(value.when)


class Names(Check[Name]):
    type: SlotType = "name"
    sure = 0.6

    def values(self, analysis: Analysis) -> Sequence[Name]:
        return analysis.names

    def same(self, value: Name, premise_value: Name) -> bool:
        return names.matches(value, premise_value)

    def excludes(self, comparison: Comparison, candidate: Candidate, value: Name, premise_value: Name) -> bool:
        return (
            names.exclude(value, premise_value)
            and not _beside_slash(comparison.sentence, value.slot)
            and candidate.sentence.words[premise_value.slot.start].text[0].isupper()
            and names.in_words(value, candidate.analysis.name_words) < 1
            and candidate.placed_alike(value.slot, premise_value.slot)
            and candidate.same_clause(premise_value.slot)
            and not (self.elsewhere(comparison, value) and candidate.shared(value.slot) < _SHARED_WITH_KNOWN)
            and not self._equated(comparison, value, premise_value)
        )

    def least(self, comparison: Comparison, value: Name) -> float:
        """A name that the premise has somewhere may be meant where a description stands in its place."""
        return _SURE_OF_KNOWN if self.elsewhere(comparison, value) else self.sure

    def _equated(self, comparison: Comparison, value: Name, premise_value: Name) -> bool:
        """Whether the premise has a fuller name that both are short forms of, or says that the one is the other."""
        return any(
            (
                names.matches(value, one)
                and (names.matches(premise_value, one) or self._is(candidate.analysis, one, premise_value))
            )
            or (names.matches(premise_value, one) and self._is(candidate.analysis, one, value))
            for candidate in comparison.candidates
            for one in candidate.analysis.names
        )

    def _is(self, analysis: Analysis, one: Name, other: Name) -> bool:
        """Whether a sentence describes a bearer by another's name: ``Keefe, the model for Rosie``."""
        return any(
            names.matches(other, each) and described(analysis.sentence, one.slot, each.slot.start)
            for each in analysis.names
        )

    def elsewhere(self, comparison: Comparison, value: Name) -> bool:
        return all(part in comparison.premise.names for part in value.parts) or any(
            names.in_words(value, candidate.analysis.name_words) == 1 for candidate in comparison.candidates
        )


def _beside_slash(sentence: Sentence, slot: range) -> bool:
    """Whether a slash stands beside a slot: one of several ways to call something."""
    beside = (*sentence.words[max(0, slot.start - 1) : slot.start], *sentence.words[slot.stop : slot.stop + 1])
    return any(word.text == "/" for word in beside) or any(
        "/" in word.text for word in sentence.words[slot.start : slot.stop]
    )


def equal(statement: Analysis, candidate: Analysis) -> frozenset[int]:
    """The words of the statement's values that the candidate has, in whatever form."""
    return frozenset(index for check in CHECKS for index in check.equal(statement, candidate))


CHECKS: tuple[Check[Quantity] | Check[Date] | Check[Name], ...] = (Numbers(), Dates(), Names())
