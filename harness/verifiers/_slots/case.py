"""One sentence of a statement beside the sentences of the premise that bear on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.records import Span
from harness.verifiers._slots.alignment import Alignment
from harness.verifiers._slots.findings import Finding, SlotType, Status
from harness.verifiers._slots.premise import Premise
from harness.verifiers._slots.reading import Reading


@dataclass(frozen=True, eq=False)
class Passage:
    """A sentence of the premise with how the statement lies on it."""

    reading: Reading
    alignment: Alignment


@dataclass(frozen=True, eq=False)
class Case:
    """What every check is given."""

    statement: Reading
    start: int
    """Where the sentence begins in the statement."""
    passages: Sequence[Passage]
    """The candidates, best first."""
    premise: Premise

    @cached_property
    def best(self) -> Passage | None:
        return max(self.passages, key=lambda passage: passage.alignment.coverage(), default=None)

    def stated(self, slot: range) -> Span:
        """A slot's place in the statement."""
        return place(self.statement, self.start, slot)

    def said(self, passage: Passage, slot: range) -> Span:
        """A slot's place in the premise."""
        return place(passage.reading, passage.alignment.span.start, slot)

    def finding(
        self, kind: SlotType, status: Status, strength: float, slot: range, there: Span | None = None
    ) -> Finding:
        return Finding(kind, status, strength, self.stated(slot), there)


def place(reading: Reading, start: int, slot: range) -> Span:
    """The stretch of the source that a range of words covers; ``start`` is where the sentence begins."""
    words = reading.sentence.words
    first, last = reading.sentence.plain.source(words[slot.start].start, words[slot.stop - 1].end)
    return Span(start + first, start + last, reading.sentence.source[first:last])
