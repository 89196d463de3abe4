"""The leaderboard and the table of every metric, as blocks of a document."""

from __future__ import annotations

from collections.abc import Callable

from harness.document import format as fmt
from harness.document.blocks import Cell, Row, Table
from harness.document.roles import TITLES
from harness.records import Metric, System
from harness.report import words
from harness.report.leaderboard import Leaderboard, Mean


def leaderboard_table(board: Leaderboard, leads: Callable[[System, Metric], str] = lambda system, metric: "") -> Table:
    """A row a system, under the name of its role; the best first. Each number ``leads`` to what it stands on."""
    rows: list[Row] = []
    for group in board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        for row in group.rows:
            pairs = zip(row.cells, board.metrics, strict=True)
            rows.append(Row((row.system.name, *(_cell(mean, leads(row.system, metric)) for mean, metric in pairs))))
    caption = " ".join(filter(None, (board.caption, board.order, board.undecided, board.bounds, words.ARROWS)))
    return Table(("System", *board.metrics), tuple(rows), caption=caption, notes=board.notes, anchor="board")


def metrics_table(board: Leaderboard) -> Table:
    """The same the other way round: a row a metric, a column a system."""
    members = [(group.role, row.system.name) for group in board.groups for row in group.rows]
    heads = ["Metric", *(name if role == "system" else f"{name} ({role})" for role, name in members)]
    rows: list[list[str | Cell]] = [
        [fmt.title(metric), *(_cell(row.cells[place]) for row in board.rows)]
        for place, metric in enumerate(board.metrics)
    ]
    return Table.of(heads, rows, caption=board.caption, notes=board.notes, anchor="all", tall=True)


def _cell(mean: Mean, href: str = "") -> Cell:
    return Cell(mean.form, mean.interval, mean.letters, mean.note, href if mean.value is not None else "")
