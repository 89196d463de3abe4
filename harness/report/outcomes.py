"""The counts of every system as tables: what its facts, and what its claims, came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.document import format as fmt
from harness.document.blocks import Cell, Row, Table
from harness.document.labels import MARKS
from harness.document.notes import Notes
from harness.document.roles import TITLES
from harness.records import Label
from harness.report import words
from harness.report.links import Column, Links
from harness.report.report import Report
from harness.report.tally import Tally, counts


def outcomes(run_report: Report, links: Links | None = None) -> Iterator[Table]:
    """How many facts, and how many claims, of every system have which verdict; nothing where nothing was judged.

    With ``links`` each number leads to the first that it counts.
    """
    totals = counts(run_report.index)
    tallies = totals.tallies.values()
    if any(each.facts.total for each in tallies):
        several = words.MEAN_OF_SUMMARIES if any(each.several for each in tallies) else ""
        caption = " ".join(filter(None, (several, totals.caution)))
        yield _Outcomes(run_report, links, facts=True).table(f"{totals.noun.capitalize()}s", caption)
    if any(each.claims.total for each in tallies):
        yield _Outcomes(run_report, links, facts=False).table("Claims", "")


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """The table of facts, or that of claims."""

    report: Report
    links: Links | None
    facts: bool

    def table(self, title: str, caption: str) -> Table:
        notes, rows = Notes(), list[Row]()
        columns = {system.name: at for at, system in enumerate(self.report.systems)}
        for group in self.report.board.groups:
            rows.append(Row((TITLES[group.role],), heads=True))
            rows += [self._row(row.system.name, columns[row.system.name], notes) for row in group.rows]
        heads = (title, *(mark.fact if self.facts else mark.claim for mark in MARKS.values()), "all")
        anchor = "outcomes-" + title.rpartition(" ")[2].lower()
        return Table(heads, tuple(rows), caption=caption, notes=notes.texts, anchor=anchor)

    def _row(self, name: str, at: int, notes: Notes) -> Row:
        tally = counts(self.report.index).tallies[name]
        numbers = tally.facts if self.facts else tally.claims
        if not numbers.total:
            note = notes.mark(_silent(tally))
            return Row((name, *(Cell(fmt.MISSING, note=note) for _ in MARKS), fmt.MISSING))
        cells: list[str | Cell] = []
        for label in MARKS:
            number: float = getattr(numbers, label)
            column = Column(self.report, at, self.links) if self.links and number else None
            cells.append(Cell(fmt.count(number), href=self._first(column, label) if column else ""))
        return Row((name, *cells, fmt.count(numbers.total)))

    def _first(self, column: Column, label: Label) -> str:
        """Where the first fact or claim with this verdict stands, or else the system's first summary."""
        if self.facts:
            places = (column.fact_verdict(loss) for loss in column.tally.losses if loss.label == label)
        else:
            places = (column.claim(claim) for claim in column.tally.wrong if claim.label == label)
        return next(places, column.summary())


def _silent(tally: Tally) -> str:
    """Why nothing is known of a system."""
    without = tally.without.copy()
    if not without:
        return words.NO_SUMMARY
    if without.pop("", 0):
        return words.NOT_VERIFIED
    return words.no_summary(without.most_common(1)[0][0])
