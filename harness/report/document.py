"""The parts of a run's report as blocks: the leaderboard, what was lost, every metric, how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Facts, Folded, Heading, Item, Listing, Paragraph, Piece, Row, Text
from harness.document.blocks import Table as Grid
from harness.document.labels import MARKS
from harness.document.roles import TITLES, role
from harness.records import Label
from harness.report.leaderboard import Cell as Mean
from harness.report.leaderboard import Table
from harness.report.outcomes import Kept, outcomes
from harness.report.report import Lost, Report


def leaderboard(board: Table) -> Grid:
    """A row a system, under the name of its role; the best first."""
    rows: list[Row] = []
    for group in board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        rows += [Row((row.system.name, *map(_mean, row.cells))) for row in group.rows]
    caption = " ".join(filter(None, (board.caption, board.order, board.bounds)))
    return Grid(("System", *board.metrics), tuple(rows), caption=caption, notes=board.notes, anchor="board")


def every_metric(board: Table) -> Grid:
    """The same the other way round: a row a metric, a column a system."""
    members = [(group.role, row.system.name) for group in board.groups for row in group.rows]
    heads = ["Metric", *(name if role == "system" else f"{name} ({role})" for role, name in members)]
    rows: list[list[str | Cell]] = [
        [fmt.title(metric), *(_mean(row.cells[place]) for row in board.rows)]
        for place, metric in enumerate(board.metrics)
    ]
    return Grid.of(heads, rows, caption=board.caption, notes=board.notes, anchor="all")


def _mean(cell: Mean) -> Cell:
    return Cell(cell.form, cell.interval, cell.letters, cell.note)


def lost(members: Iterable[Lost]) -> Iterator[Block]:
    """The essential facts that each system lost, by their verdict."""
    items = tuple(map(_lost, members))
    if items:
        yield Heading("Essential facts lost", anchor="lost")
        yield Listing(items)


def under_test(found: Report) -> list[Lost]:
    """What the systems lost that are under test, without floor and ceiling."""
    return [each for each in found.lost if role(each.system) == "system"]


def _lost(found: Lost) -> Item:
    name = Piece(found.system.name, "strong")
    if not found.judged:
        return Item((name, Piece(": not known, nothing was verified")))
    if not found.losses:
        return Item((name, Piece(f": none of {found.judged}")))
    several = " in one sample or more" if found.several else ""
    details = [said for label in MARKS if (said := _of_label(found, label))]
    more = found.count - len(found.losses)
    details += [f"and {more:,} more"] if more else []
    return Item((name, Piece(f": {found.count} of {found.judged}{several}")), tuple(details))


def _of_label(found: Lost, label: Label) -> Text:
    names = ", ".join(f"{loss.name}{loss.times}" for loss in found.losses if loss.label == label)
    return f"{MARKS[label].symbol} {MARKS[label].word}: {names}" if names else ""


def articles(found: Report) -> Iterator[Block]:
    """A row an article, where these are too many to be shown one by one."""
    rows = [
        (outcome.item.article.title or outcome.item.article.id, *map(_kept, outcome.cells))
        for outcome in outcomes(found)
    ]
    yield Heading("Articles", anchor="articles")
    yield Grid.of(["Article", *(system.name for system in found.systems)], rows)
    yield Paragraph(
        f"Facts, or claims, that are supported, of those judged; {MARKS['contradicted'].symbol} contradicted."
    )
    yield Paragraph("report.html leads to a page for each article.")


def _kept(kept: Kept | None) -> str:
    if kept is None:
        return fmt.MISSING
    return f"{kept.form} {MARKS['contradicted'].symbol}{kept.wrong}" if kept.wrong else kept.form


def provenance(found: Report) -> Iterator[Block]:
    """What it takes to repeat the run."""
    yield Heading("How it was made", anchor="provenance")
    for number, (heading, values) in enumerate(found.run.provenance):
        yield Folded(heading, (Facts(tuple(values.items())),), open=number == 0)
