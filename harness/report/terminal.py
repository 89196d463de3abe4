"""The report in a terminal: the table, the answer and what was lost, within the width there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from harness.document import format as fmt
from harness.document import sections
from harness.document.columns import GAP, kept, packed, padded
from harness.document.labels import MARKS
from harness.document.plain import plain
from harness.document.roles import TITLES, role
from harness.records import Metric, Results
from harness.report.leaderboard import Table
from harness.report.report import Lost, report

_NAMES = 24
"""Columns of the terminal kept for the systems' names at the least; a name that has no room wraps."""


def show(results: Results, console: Console) -> None:
    """Print the report of a run. Text from outside is shown without its control characters."""
    found = report(results)
    _print(console, found.run.title, "bold")
    _print(console, found.run.line, "dim")
    if found.run.banner:
        _print(console, found.run.banner, "bold yellow")
    for problem in found.run.problems:
        _print(console, f"! {problem}", "yellow")
    for places in _tables(found.board, console.width):
        console.print()
        console.print(_grid(found.board, places, console.width))
    for number, note in enumerate(found.board.notes, start=1):
        _print(console, f"{fmt.superscript(number)} {note}", "dim")
    console.print()
    for sentence in found.answer:
        _print(console, sentence)
    if any(role(lost.system) == "system" for lost in found.lost):
        console.print()
        _print(console, "Essential facts lost", "bold")
        for lost in found.lost:
            if role(lost.system) == "system":
                _lost(console, lost)
    console.print()
    if found.estimates:
        sections.show([found.estimates], console)
    _print(console, f"{found.board.caption} {found.board.order} {found.board.bounds}", "dim")
    _print(console, found.run.trust, "dim")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(plain(text), style))


def _tables(board: Table, room: int) -> list[list[int]]:
    widths = [_width(metric, _cells(board, place)) for place, metric in enumerate(board.metrics)]
    return packed(widths, room - _NAMES) or [[]]


def _width(metric: Metric, cells: Sequence[str]) -> int:
    """As narrow as a column can be without a break in a word, or before the arrow."""
    words = plain(metric.title).split()
    words[-1:] = [f"{words[-1]} {fmt.ARROWS[metric.better]}"] if words else []
    return max(len(word.strip()) for word in [*words, *cells])


def _cells(board: Table, place: int) -> list[str]:
    cells = [row.cells[place] for row in board.rows]
    return padded([(f"{cell.form}{fmt.superscript(cell.note)}", cell.interval, cell.letters) for cell in cells])


def _grid(board: Table, places: Sequence[int], room: int) -> Grid:
    grid = Grid(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold")
    columns = [_cells(board, place) for place in places]
    widths = [_width(board.metrics[place], cells) for place, cells in zip(places, columns, strict=True)]
    grid.add_column("", max_width=max(_NAMES, room - sum(widths) - GAP * len(places)) - GAP, overflow="fold")
    for place, width in zip(places, widths, strict=True):
        grid.add_column(Text(_title(board.metrics[place])), justify="right", vertical="bottom", width=width)
    lines: Iterator[tuple[str, ...]] = iter(zip(*columns, strict=True) if columns else [()] * len(board.rows))
    for group in board.groups:
        grid.add_row(Text(TITLES[group.role], "dim italic"))
        for row in group.rows:
            cells = (kept(cell, width) for cell, width in zip(next(lines), widths, strict=True))
            grid.add_row(Text(plain(row.system.name)), *cells)
    return grid


def _title(metric: Metric) -> str:
    return plain(f"{metric.title} {fmt.ARROWS[metric.better]}")


def _lost(console: Console, lost: Lost) -> None:
    name = plain(lost.system.name)
    if not lost.judged:
        console.print(Text(f"{name}: not known, nothing was verified"))
        return
    number = f"{lost.count} of {lost.judged}" if lost.losses else f"none of {lost.judged}"
    console.print(Text(f"{name}: {number}{' in one sample or more' if lost.several else ''}"))
    for label, mark in MARKS.items():
        names = ", ".join(f"{plain(loss.name)}{loss.times}" for loss in lost.losses if loss.label == label)
        if names:
            console.print(Padding(Text(f"{mark.symbol} {mark.word}: {names}", "dim"), (0, 0, 0, 2)))
    if lost.count > len(lost.losses):
        console.print(Padding(Text(f"and {lost.count - len(lost.losses):,} more", "dim"), (0, 0, 0, 2)))
