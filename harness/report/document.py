"""The parts of a run's report as blocks: the leaderboard, every metric, how it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Facts, Folded, Heading, Paragraph, Row
from harness.document.blocks import Table as Grid
from harness.document.labels import MARKS
from harness.document.roles import TITLES
from harness.records import Metric, System
from harness.report.leaderboard import Cell as Mean
from harness.report.leaderboard import Table
from harness.report.outcomes import ArticleCounts, outcomes
from harness.report.report import Report


def leaderboard(board: Table, leads: Callable[[System, Metric], str] = lambda system, metric: "") -> Grid:
    """A row a system, under the name of its role; the best first. Each number ``leads`` to what it stands on."""
    rows: list[Row] = []
    for group in board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        for row in group.rows:
            pairs = zip(row.cells, board.metrics, strict=True)
            rows.append(Row((row.system.name, *(_mean(cell, leads(row.system, metric)) for cell, metric in pairs))))
    caption = " ".join(filter(None, (board.caption, board.order, board.undecided, board.bounds)))
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


def _mean(cell: Mean, href: str = "") -> Cell:
    return Cell(cell.form, cell.interval, cell.letters, cell.note, href if cell.value is not None else "")


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


def _kept(kept: ArticleCounts | None) -> str:
    if kept is None:
        return fmt.MISSING
    return f"{kept.form} {MARKS['contradicted'].symbol}{kept.wrong}" if kept.wrong else kept.form


def provenance(found: Report) -> Iterator[Block]:
    """What it takes to repeat the run."""
    yield Heading("How it was made", anchor="provenance")
    for number, (heading, values) in enumerate(found.run.provenance):
        yield Folded(heading, (Facts(tuple(values.items())),), open=number == 0)
