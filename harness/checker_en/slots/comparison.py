"""One sentence of a statement, compared with the sentences of the premise that may bear on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.checker_en.analysis import Analysis
from harness.checker_en.sentence import Sentence
from harness.checker_en.slots.candidate import Candidate
from harness.checker_en.slots.findings import Finding, SlotType, Status
from harness.checker_en.slots.premise import Premise
from harness.records import Span

_ABBREVIATION = re.compile(r"\.[^\W\d_]+\.$")
"""Behind it the stop is not the sentence's alone: p.m., U.S."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A sentence of the statement with the sentences of the premise that share most with it; every check takes one."""

    statement: Analysis
    start: int
    """The offset of the sentence in the statement."""
    candidates: Sequence[Candidate]
    """The sentences of the premise that share most with it, the best first."""
    premise: Premise

    @property
    def sentence(self) -> Sentence:
        return self.statement.sentence

    @cached_property
    def best(self) -> Candidate | None:
        return max(self.candidates, key=Candidate.coverage, default=None)

    def hypothesis_span(self, slot: range) -> Span:
        """A slot's place in the statement."""
        return _place(self.statement, self.start, slot)

    def premise_span(self, candidate: Candidate, slot: range) -> Span:
        """A slot's place in the premise."""
        return _place(candidate.analysis, candidate.span.start, slot)

    def finding(
        self, kind: SlotType, status: Status, strength: float, slot: range, there: Span | None = None
    ) -> Finding:
        return Finding(kind, status, strength, self.hypothesis_span(slot), there)

    def conflict(self, kind: SlotType, strength: float, slot: range, candidate: Candidate, other: range) -> Finding:
        """The statement's words against a candidate's; where they read alike, with words beside that do not."""
        claimed, found = self.hypothesis_span(slot), self.premise_span(candidate, other)
        ends = len(self.statement.sentence.words), len(candidate.sentence.words)
        while claimed.text.casefold() == found.text.casefold() and (len(slot), len(other)) != ends:
            slot, other = _wider(slot, ends[0]), _wider(other, ends[1])
            claimed, found = self.hypothesis_span(slot), self.premise_span(candidate, other)
        return Finding(kind, "conflict", strength, claimed, found)


def _wider(slot: range, end: int) -> range:
    """A word more: before a range, or behind it where none is before."""
    return range(slot.start - 1, slot.stop) if slot.start else range(min(end, slot.stop + 1))


def _place(analysis: Analysis, start: int, slot: range) -> Span:
    """The stretch of the source that a range of words covers, without the stop of the sentence; ``start`` is where that
    begins."""
    words = analysis.sentence.words
    first, last = analysis.sentence.plain.source(words[slot.start].start, words[slot.stop - 1].end)
    text = analysis.sentence.source[first:last]
    if slot.stop == len(words) and len(text) > 1 and text[-1] == "." and not _ABBREVIATION.search(text):
        text = text[:-1]
    return Span(start + first, start + first + len(text), text)
