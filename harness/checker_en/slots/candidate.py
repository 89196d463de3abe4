"""A sentence of the premise that may bear on one of the statement, and how that lies on it, word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from harness.checker_en.analysis import Analysis
from harness.checker_en.sentence import Sentence, Word
from harness.records import Span

_NEAR = 0.8
"""The factor on a word's weight for each word of content between it and the slot."""
_FAR = 0.85
"""The factor for each word of content by which the candidate's distance exceeds the statement's, beyond the slack."""
_SLACK = 3
_LOOSE = 2
"""Words that may come between neighbours."""
_PREFIX = 5
_STEPS = 5


_ROLES = {
    "nsubj": "subject", "csubj": "subject", "nsubjpass": "object", "dobj": "object",
    "amod": "modifier", "compound": "modifier", "nmod": "modifier", "poss": "modifier", "nummod": "modifier",
}  # fmt: skip  # a table


@dataclass(frozen=True, eq=False)
class Candidate:
    """A sentence of the premise, beside the sentence of the statement that lies on it."""

    statement_analysis: Analysis
    analysis: Analysis
    span: Span
    """Its place in the premise."""
    equal: frozenset[int] = frozenset()
    """The words of the statement's values that it has, in whatever form."""

    @property
    def statement(self) -> Sentence:
        return self.statement_analysis.sentence

    @property
    def sentence(self) -> Sentence:
        return self.analysis.sentence

    @cached_property
    def matched(self) -> Mapping[int, int]:
        """Content word of the statement → its word in the candidate; each word is taken once, the nearest in order."""
        places: dict[int, int] = {}
        expected = 0
        for index in self.statement.content:
            word = self.statement.words[index]
            options = [
                place
                for place, other in enumerate(self.sentence.words)
                if place not in places.values() and word.like(other)
            ]
            if options:
                places[index] = min(options, key=lambda place: abs(place - expected))
                expected = places[index] + 1
        return places

    @cached_property
    def taken(self) -> frozenset[int]:
        return frozenset(self.matched.values())

    def coverage(self) -> float:
        """The share of the statement's content that is in the candidate, its values in whatever form."""
        words = self.statement.words
        total = sum(words[index].weight for index in self.statement.content)
        return sum(map(self._there, self.statement.content)) / total if total else 0.0

    def _there(self, index: int) -> float:
        word = self.statement.words[index]
        if index in self.matched or index in self.equal:
            return word.weight
        return word.weight / 2 if any(_akin(word, other) for other in self.sentence.words) else 0.0

    def shared(self, slot: range) -> float:
        """The weight of the words outside of a slot that the candidate has."""
        return sum(self.statement.words[index].weight for index in self.matched if index not in slot)

    @cached_property
    def order(self) -> float:
        """The share of neighbouring words of content that are neighbours in the candidate too, in the same order."""
        pairs = list(pairwise(self.statement.content))
        kept = sum(
            one in self.matched
            and two in self.matched
            and 0 < self.matched[two] - self.matched[one] <= two - one + _LOOSE
            for one, two in pairs
        )
        return kept / len(pairs) if pairs else self.coverage()

    def around(self, slot: range, other: range) -> float:
        """The share of the content around the statement's slot that is around the candidate's; near words count more.

        Words that the candidate has, but farther from its slot than they are from the statement's, count less.
        """
        total = there = 0.0
        for index, apart in _distances(self.statement, slot):
            if index in self.open:
                continue
            weight = self.statement.words[index].weight * _NEAR**apart
            total += weight
            if index in self.equal:
                there += weight
            elif index in self.matched and self.matched[index] not in other:
                beyond = max(0, _apart(self.sentence, other, self.matched[index]) - apart - _SLACK)
                there += weight * _FAR**beyond
        return there / total if total else 0.0

    @cached_property
    def open(self) -> frozenset[int]:
        """The words of the statement's values that the candidate does not have: what is asked, and so no context."""
        return self.statement_analysis.values.difference(self.matched, self.equal)

    def governed(self, slot: range, other: range) -> bool:
        """Whether both slots stand to one word: the same verb, or the same noun."""
        one, two = governor(self.statement, slot), governor(self.sentence, other)
        return one is not None and two is not None and self.statement.words[one].like(self.sentence.words[two])

    def placed_alike(self, slot: range, other: range) -> bool:
        """Whether both slots are the same to their governor; one that ``is`` something: whether the other is that too.

        What the statement's is of must be named there: who is president of France is no other than Ukraine's president.
        """
        copula = self.statement.words[self.statement.root(slot)].head
        title = _complement(self.statement, copula)
        if title is None or title in slot:
            return not self._of_another(slot) and role(self.statement, slot) == role(self.sentence, other)
        if any(_within(self.statement, each, title) for each in self.open.difference(slot)):
            return False
        return any(
            self.statement.words[title].like(word) and self._titled(other, place)
            for place, word in enumerate(self.sentence.words)
        )

    def same_clause(self, other: range) -> bool:
        """Whether at least half of what the candidate shares with the statement depends on the verb that a slot of the
        candidate is the subject of: who says one thing is no other than who says another in the same sentence."""
        root = self.sentence.root(other)
        if self.sentence.words[root].dep != "nsubj":
            return True
        verb = self.sentence.words[root].head
        weights = {there: self.statement.words[index].weight for index, there in self.matched.items()}
        inside = sum(weight for there, weight in weights.items() if verb in self.sentence.ancestors(there))
        return inside >= sum(weights.values()) / 2

    def _of_another(self, slot: range) -> bool:
        """Whether a slot is in what somebody is said to be whom the candidate does not have."""
        for place in self.open.difference(slot):
            copula = self.statement.words[place].head
            title = _complement(self.statement, copula)
            if self.statement.words[place].dep == "nsubj" and title is not None:
                return _within(self.statement, self.statement.root(slot), title)
        return False

    def _titled(self, other: range, place: int) -> bool:
        """Whether a noun of the candidate says what is in a slot: before it, beside it, or across a copula."""
        head = self.sentence.root(other)
        beside = described(self.sentence, other, place) or described(self.sentence, range(place, place + 1), head)
        return beside or _within(self.sentence, place, head)

    def strength(self, slot: range, other: range) -> float:
        """0 to 1: how surely the candidate's slot stands where the statement's does."""
        return 0.8 * self.around(slot, other) + 0.2 * self.governed(slot, other)


def _distances(sentence: Sentence, slot: range) -> list[tuple[int, int]]:
    """The words of content outside of a slot, each with how many of them lie between the slot and it."""
    before = [index for index in sentence.content if index < slot.start]
    after = [index for index in sentence.content if index >= slot.stop]
    return [(index, apart) for side in (reversed(before), after) for apart, index in enumerate(side)]


def _apart(sentence: Sentence, slot: range, index: int) -> int:
    """How many words of content lie between a slot and a word outside of it."""
    low, high = (index + 1, slot.start) if index < slot.start else (slot.stop, index)
    return sum(low <= place < high for place in sentence.content)


def governor(sentence: Sentence, slot: range) -> int | None:
    """The word of content outside of a slot that it depends on."""
    index = sentence.root(slot)
    for _ in range(4):
        head = sentence.words[index].head
        if head == index:
            return None
        if head not in slot and sentence.words[head].content:
            return head
        index = head
    return None


def role(sentence: Sentence, slot: range) -> str:
    """What a slot is to its governor: subject, object, or its preposition."""
    word = sentence.words[sentence.root(slot)]
    if word.dep == "pobj":
        return sentence.words[word.head].low if sentence.words[word.head].dep != "agent" else "subject"
    return _ROLES.get(word.dep, word.dep)


def described(sentence: Sentence, slot: range, index: int) -> bool:
    """Whether a word is in what is said to be the same as a slot: an apposition, or what the slot ``is``."""
    for _ in range(5):
        word = sentence.words[index]
        if word.dep == "appos":
            return word.head in slot
        if word.dep == "attr":
            return any(child in slot for child in sentence.dependents(word.head, "nsubj"))
        index = word.head
    return False


def _complement(sentence: Sentence, copula: int) -> int | None:
    """The noun that a copula says its subject to be."""
    nouns = sentence.dependents(copula, "attr")
    known = nouns and sentence.words[copula].key == "be" and sentence.words[nouns[0]].pos in ("NOUN", "PROPN")
    return nouns[0] if known else None


def _within(sentence: Sentence, index: int, head: int) -> bool:
    """Whether a word depends on another by at most a few steps, or is it."""
    for _ in range(_STEPS):
        if index == head:
            return True
        index = sentence.words[index].head
    return False


def _akin(word: Word, other: Word) -> bool:
    """Whether two words of content begin alike: nation and national."""
    return len(word.key) >= _PREFIX and word.key[:_PREFIX] == other.key[:_PREFIX] and other.content
