"""Find the premise's sentences that are nearest to a sentence of the hypothesis, and align their words.

``Premise`` finds the candidates, ``Candidate`` aligns one with the hypothesis; every check takes a ``Comparison`` and
yields ``Finding``s.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from harness.checker_en.analysis import Analysis
from harness.checker_en.nations import to_country
from harness.checker_en.numbers import Slip
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.spelling import fold, plain, stem
from harness.records import Span
from harness.text import sentences

SlotType = Literal["number", "date", "name"]
Status = Literal["found", "missing", "conflict"]
"""conflict: the premise has another value in the same place."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 600
"""Characters parsed as one sentence; longer lists, or text without full stops, are split at a space."""
CANDIDATES = 6
"""Sentences of the premise parsed per sentence of the hypothesis."""
_NEAR = 0.8
"""Weight factor for each content word between a word and the slot."""
_FAR = 0.85
"""Weight factor for each content word by which a distance in the premise exceeds the hypothesis's plus ``_SLACK``."""
_SLACK = 3
_PREFIX = 5
_STEPS = 5
_ROLES = {
    "nsubj": "subject", "csubj": "subject", "nsubjpass": "object", "dobj": "object",
    "amod": "modifier", "compound": "modifier", "nmod": "modifier", "poss": "modifier", "nummod": "modifier",
}  # fmt: skip  # a table
_ABBREVIATION = re.compile(r"\.[^\W\d_]+\.$")
"""The full stop belongs to the abbreviation: p.m., U.S."""


@dataclass(frozen=True)
class Premise:
    """A text split into sentences that are not parsed yet."""

    source: str

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return tuple(split_sentences(self.source))

    @cached_property
    def index(self) -> Mapping[str, tuple[int, ...]]:
        """Stem → numbers of the sentences that contain it."""
        sentences_of: dict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(self.spans):
            for key in {stem(word) for word in _WORD.findall(plain(span.text).text)}:
                sentences_of[key].append(number)
        return {key: tuple(numbers) for key, numbers in sentences_of.items()}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word as names are compared."""
        return frozenset(to_country(fold(word)) for span in self.spans for word in _WORD.findall(plain(span.text).text))

    def candidates(self, hypothesis: Sentence) -> list[int]:
        """The sentences that share the most with a hypothesis, best first; rare words count more."""
        scores: dict[int, float] = defaultdict(float)
        for index in hypothesis.content:
            word = hypothesis.words[index]
            numbers = self.index.get(word.key) or self.index.get(word.other) or ()
            for number in numbers:
                scores[number] += word.weight * math.log1p(len(self.spans) / len(numbers))
        return sorted(scores, key=lambda number: (-scores[number], number))[:CANDIDATES]

    def coverage(self, hypothesis: Sentence, equal: frozenset[int]) -> float:
        """The share of the hypothesis's content words found anywhere; words in ``equal`` count in any form."""
        words = [(index, hypothesis.words[index]) for index in hypothesis.content]
        total = sum(word.weight for _, word in words)
        found = (word.weight for index, word in words if index in equal or not self.index.keys().isdisjoint(word[1:3]))
        return sum(found) / total if total else 0.0


def split_sentences(source: str) -> Iterator[Span]:
    """The sentences of a text; very long ones are split."""
    for span in sentences(source):
        start = span.start
        while span.end - start > _LONGEST:
            cut = source.rfind(" ", start + 1, start + _LONGEST)
            end = cut if cut > 0 else start + _LONGEST
            yield Span(start, end, source[start:end])
            start = end
        yield Span(start, span.end, source[start : span.end])


@dataclass(frozen=True, eq=False)
class Candidate:
    """A sentence of the premise, aligned with a sentence of the hypothesis."""

    hypothesis: Analysis
    analysis: Analysis
    span: Span
    """Its place in the premise."""
    equal: frozenset[int] = frozenset()
    """Indices of the hypothesis's words in values that the candidate has too, in whatever form."""

    @property
    def stated(self) -> Sentence:
        """The sentence of the hypothesis."""
        return self.hypothesis.sentence

    @property
    def sentence(self) -> Sentence:
        """The sentence of the premise."""
        return self.analysis.sentence

    @cached_property
    def matched(self) -> Mapping[int, int]:
        """Content word of the hypothesis → its word in the candidate; each is used once, the nearest in order."""
        places: dict[int, int] = {}
        expected = 0
        for index in self.stated.content:
            word = self.stated.words[index]
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
    def coverage(self) -> float:
        """The share of the hypothesis's content that is in the candidate; words of one root count half."""
        words, total, found = self.stated.words, 0.0, 0.0
        for index in self.stated.content:
            weight = words[index].weight
            total += weight
            if index in self.matched or index in self.equal:
                found += weight
            elif any(_begin_alike(words[index], other) for other in self.sentence.words):
                found += weight / 2
        return found / total if total else 0.0

    @cached_property
    def open(self) -> frozenset[int]:
        """Words of values that the candidate lacks. They are what is being checked, so they do not count as context."""
        return self.hypothesis.values.difference(self.matched, self.equal)

    def shared(self, slot: range) -> float:
        """The weight of the matched words outside a slot."""
        return sum(self.stated.words[index].weight for index in self.matched if index not in slot)

    def strength(self, slot: range, other: range) -> float:
        """Confidence, 0 to 1, that ``other`` in the candidate corresponds to ``slot`` in the hypothesis."""
        return 0.8 * self._compare_context(slot, other) + 0.2 * self.have_one_governor(slot, other)

    def _compare_context(self, slot: range, other: range) -> float:
        """The share of the words around the slot that also surround the other; near words count more."""
        total = found = 0.0
        for index, distance in _list_distances(self.stated, slot):
            if index in self.open:
                continue
            weight = self.stated.words[index].weight * _NEAR**distance
            total += weight
            if index in self.equal:
                found += weight
            elif index in self.matched and self.matched[index] not in other:
                place = self.matched[index]
                low, high = (place + 1, other.start) if place < other.start else (other.stop, place)
                apart = sum(low <= each < high for each in self.sentence.content)
                found += weight * _FAR ** max(0, apart - distance - _SLACK)
        return found / total if total else 0.0

    def have_one_governor(self, slot: range, other: range) -> bool:
        """True if both slots depend on the same verb or noun."""
        one, two = _find_governor(self.stated, slot), _find_governor(self.sentence, other)
        return one is not None and two is not None and self.stated.words[one].like(self.sentence.words[two])

    def have_same_role(self, slot: range, other: range) -> bool:
        """True if both slots play the same part, as subject, object or after one preposition.

        If the hypothesis gives the slot a title, as in "X is the president of France", the other must hold the same
        title: Ukraine's president is no conflict.
        """
        title = _find_predicate_noun(self.stated, self.stated.words[self.stated.root(slot)].head)
        if title is None or title in slot:
            is_of_another = self._is_title_of_another(slot)
            return not is_of_another and find_role(self.stated, slot) == find_role(self.sentence, other)
        if any(_depends_on(self.stated, each, title) for each in self.open.difference(slot)):
            return False
        return any(
            self.stated.words[title].like(word) and self._has_title(other, place)
            for place, word in enumerate(self.sentence.words)
        )

    def _is_title_of_another(self, slot: range) -> bool:
        """True if the hypothesis gives the slot as a title to someone whom the candidate does not name."""
        for place in self.open.difference(slot):
            title = _find_predicate_noun(self.stated, self.stated.words[place].head)
            if self.stated.words[place].dep == "nsubj" and title is not None:
                return _depends_on(self.stated, self.stated.root(slot), title)
        return False

    def _has_title(self, other: range, place: int) -> bool:
        head = self.sentence.root(other)
        beside = is_described(self.sentence, other, place) or is_described(self.sentence, range(place, place + 1), head)
        return beside or _depends_on(self.sentence, place, head)

    def is_in_same_clause(self, other: range) -> bool:
        """False if ``other`` is the subject of a verb that governs less than half of the shared words."""
        root = self.sentence.root(other)
        if self.sentence.words[root].dep != "nsubj":
            return True
        verb = self.sentence.words[root].head
        weights = {place: self.stated.words[index].weight for index, place in self.matched.items()}
        inside = sum(weight for place, weight in weights.items() if verb in self.sentence.ancestors(place))
        return inside >= sum(weights.values()) / 2


def find_role(sentence: Sentence, slot: range) -> str:
    """The role of a slot, or of the noun next to it: subject, object, modifier, or its preposition."""
    word = sentence.words[sentence.root(slot)]
    for _ in range(_STEPS):
        if word.dep == "appos":
            word = sentence.words[word.head]
    if word.dep == "pobj":
        return sentence.words[word.head].low if sentence.words[word.head].dep != "agent" else "subject"
    return _ROLES.get(word.dep, word.dep)


def is_described(sentence: Sentence, slot: range, index: int) -> bool:
    """True if a word is in an apposition to the slot, or in its predicate noun ("Smith is a *baker*")."""
    for _ in range(_STEPS):
        word = sentence.words[index]
        if word.dep == "appos":
            return word.head in slot
        if word.dep == "attr":
            return any(child in slot for child in sentence.dependents(word.head, "nsubj"))
        index = word.head
    return False


@dataclass(frozen=True, slots=True)
class Finding:
    """One number, date or name of the hypothesis, and its counterpart in the premise."""

    type: SlotType
    status: Status
    strength: float
    """0 to 1: how well the words around it match those in the premise's sentence."""
    statement: Span
    """Its place in the hypothesis."""
    premise: Span | None = None
    """The equal or conflicting value in the premise; None if there is neither."""
    slip: Slip = ""
    """Set if the two numbers differ only in their scale (million, billion) or currency."""

    @property
    def difference(self) -> str | None:
        """The difference in words; None if the two agree."""
        if self.status == "missing":
            return f"the premise does not have: {self.statement.text}"
        if self.status != "conflict" or self.premise is None:
            return None
        said = f"the premise says {self.premise.text} where the statement says {self.statement.text}"
        return f"{said} ({self.slip} differs)" if self.slip else said


@dataclass(frozen=True, eq=False)
class Comparison:
    """A sentence of the hypothesis with the premise's most similar sentences."""

    hypothesis: Analysis
    start: int
    """Offset of the sentence in the hypothesis."""
    candidates: Sequence[Candidate]
    premise: Premise

    @property
    def sentence(self) -> Sentence:
        return self.hypothesis.sentence

    @cached_property
    def best(self) -> Candidate | None:
        return max(self.candidates, key=lambda candidate: candidate.coverage, default=None)

    def stated_span(self, slot: range) -> Span:
        """The place of a slot in the hypothesis."""
        return _span(self.hypothesis, self.start, slot)

    def premise_span(self, candidate: Candidate, slot: range) -> Span:
        """The place of a slot in the premise."""
        return _span(candidate.analysis, candidate.span.start, slot)

    def differing_spans(self, slot: range, candidate: Candidate, other: range) -> tuple[Span, Span]:
        """Both places, widened until their words differ."""
        ends = len(self.sentence.words), len(candidate.sentence.words)
        while True:
            stated, found = self.stated_span(slot), self.premise_span(candidate, other)
            if stated.text.casefold() != found.text.casefold() or (len(slot), len(other)) == ends:
                return stated, found
            slot, other = (
                range(each.start - 1, each.stop) if each.start else range(min(end, each.stop + 1))
                for each, end in zip((slot, other), ends, strict=True)
            )


def _span(analysis: Analysis, start: int, slot: range) -> Span:
    """The characters of the source that a range of words covers, without the sentence's full stop."""
    words = analysis.sentence.words
    first, last = analysis.sentence.plain.source(words[slot.start].start, words[slot.stop - 1].end)
    text = analysis.sentence.source[first:last]
    if slot.stop == len(words) and len(text) > 1 and text[-1] == "." and not _ABBREVIATION.search(text):
        text = text[:-1]
    return Span(start + first, start + first + len(text), text)


def _list_distances(sentence: Sentence, slot: range) -> list[tuple[int, int]]:
    """Each content word outside the slot, with the number of content words between the two."""
    before = [index for index in sentence.content if index < slot.start]
    after = [index for index in sentence.content if index >= slot.stop]
    return [(index, distance) for side in (reversed(before), after) for distance, index in enumerate(side)]


def _find_governor(sentence: Sentence, slot: range) -> int | None:
    """The content word outside the slot that it depends on."""
    index = sentence.root(slot)
    for _ in range(_STEPS - 1):
        head = sentence.words[index].head
        if head == index:
            return None
        if head not in slot and sentence.words[head].content:
            return head
        index = head
    return None


def _find_predicate_noun(sentence: Sentence, copula: int) -> int | None:
    """The predicate noun after a form of "be"."""
    nouns = sentence.dependents(copula, "attr")
    known = nouns and sentence.words[copula].key == "be" and sentence.words[nouns[0]].pos in ("NOUN", "PROPN")
    return nouns[0] if known else None


def _depends_on(sentence: Sentence, index: int, head: int) -> bool:
    """True if a word is the head, or depends on it within a few steps."""
    for _ in range(_STEPS):
        if index == head:
            return True
        index = sentence.words[index].head
    return False


def _begin_alike(word: Word, other: Word) -> bool:
    """True for two content words such as nation and national."""
    return len(word.key) >= _PREFIX and word.key[:_PREFIX] == other.key[:_PREFIX] and other.content
