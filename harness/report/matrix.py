"""Facts × systems: what became of each fact of an article in each system's summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from harness.document.labels import MARKS, people, verifier
from harness.document.roles import grouped
from harness.records import Fact, Importance, Item, Label, Role, Summary, System
from harness.report import words
from harness.report.index import Index

IMPORTANCES: tuple[Importance, ...] = ("essential", "supporting", "detail")


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One fact in one system's summaries of the article."""

    system: System
    labels: Counter[Label]
    """How many of its samples have which verdict; empty where none has one."""
    samples: int
    reason: str | None
    """Why a sample has no verdict; None where all have one."""
    people: str = ""
    """Who judged in the verifier's place, and what the verifier said; empty where nobody did."""

    @property
    def label(self) -> Label | None:
        """The verdict that all samples share; None where they differ or there is none."""
        return next(iter(self.labels)) if len(self.labels) == 1 else None

    @property
    def decided(self) -> tuple[tuple[Label, Fraction], ...]:
        """What can differ between two systems: which share of the samples that are decided has which verdict."""
        counts = sorted((label, count) for label, count in self.labels.items() if label != "uncertain")
        total = sum(count for _, count in counts)
        return tuple((label, Fraction(count, total)) for label, count in counts)

    @property
    def judged(self) -> int:
        """How many samples have a verdict."""
        return self.labels.total()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    number: int
    """1-based place among the article's facts, the same wherever the report names the fact."""
    fact: Fact
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[tuple[Role, tuple[System, ...]], ...]
    groups: tuple[tuple[Importance, tuple[MatrixRow, ...]], ...]
    """The rows by importance; an importance that no fact has is left out."""

    @property
    def places(self) -> list[tuple[Role, System]]:
        """The columns one by one, each with its role."""
        return [(name, system) for name, systems in self.columns for system in systems]

    @property
    def sampled(self) -> bool:
        """Whether a system has several summaries of the article."""
        return any(cell.samples > 1 for row in self.rows for cell in row.cells)

    @property
    def marked(self) -> bool:
        """Whether some verdicts are people's and some are not, so that those of people need a mark."""
        judged = [bool(cell.people) for row in self.rows for cell in row.cells if cell.judged]
        return any(judged) and not all(judged)

    @property
    def unjudged(self) -> tuple[tuple[str, str], ...]:
        """(system, reason) of each column in which a verdict is missing, each reason once."""
        cells = (cell for row in self.rows for cell in row.cells)
        return tuple(dict.fromkeys((cell.system.name, cell.reason) for cell in cells if cell.reason))

    @property
    def rows(self) -> tuple[MatrixRow, ...]:
        return tuple(row for _, rows in self.groups for row in rows)


def ordered(facts: Sequence[Fact]) -> list[Fact]:
    """Essential facts first, within one importance in the file's order."""
    return sorted(facts, key=lambda fact: IMPORTANCES.index(fact.importance))


def matrix(index: Index, item: Item, systems: Sequence[System]) -> Matrix:
    """A row for each fact and a column for each system, in the order given within each role."""
    columns = tuple((name, tuple(members)) for name, members in grouped(systems).items())
    rows = [
        MatrixRow(number, fact, tuple(cell(index, item, system, fact) for _, members in columns for system in members))
        for number, fact in enumerate(ordered(item.facts), start=1)
    ]
    groups = [(name, tuple(row for row in rows if row.fact.importance == name)) for name in IMPORTANCES]
    return Matrix(columns, tuple((name, members) for name, members in groups if members))


def differing(table: Matrix) -> frozenset[int]:
    """The numbers of the facts of which the systems under test make different things; of all, where one is tested.

    A system of which nothing is decided differs from none.
    """
    places = [place for place, (name, _) in enumerate(table.places) if name == "system"]
    chosen = places if len(places) > 1 else range(len(table.places))
    rows = ((row.number, [row.cells[place] for place in chosen]) for row in table.rows)
    decided = ((number, {cell.decided for cell in cells if cell.decided}) for number, cells in rows)
    return frozenset(number for number, labels in decided if len(labels) > 1)


def cell(index: Index, item: Item, system: System, fact: Fact) -> MatrixCell:
    """The verdicts on a fact over the samples of a system's summary."""
    summaries = index.summaries(system.name, item)
    labels: Counter[Label] = Counter()
    reason = None if summaries else words.NOTHING_ASKED
    overruled: list[str] = []
    for summary in summaries:
        check = index.coverage(summary).get(fact.id)
        if check:
            labels[check.verdict.label] += 1
            if own := index.own(check):
                overruled.append(words.overruled(people(check.verdict), verifier(own), MARKS[own.label].fact))
        else:
            reason = unjudged(summary)
    return MatrixCell(system, labels, len(summaries), reason, ". ".join(dict.fromkeys(overruled)))


def unjudged(summary: Summary) -> str:
    """Why a summary has no verdict on a fact."""
    return summary.reason or words.UNVERIFIED
