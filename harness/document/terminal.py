"""Show a document in a terminal of any width. Control characters in text from outside are escaped."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Literal

from rich import console as rich
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as Grid
from rich.text import Text as Styled

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Folded, Heading, Listing, Paragraph, Piece, Table, Text, Tone
from harness.document.format import plain, visible
from harness.document.labels import MARKS
from harness.errors import hide_keys

_TONES: dict[Tone, str] = {
    "plain": "", "quiet": "dim", "quote": "", "warning": "yellow", "good": "bold green", "bad": "bold red",
}  # fmt: skip  # a table
_MARKS = {"strong": "bold", "emphasis": "italic", "gone": "red", "new": "green"}
_BRACKETS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}
_MIN_TEXT_WIDTH = 24
"""Minimum width of a column of texts, unless all its texts are shorter."""
_GAP = 2  # spaces between columns


class Console(rich.Console):
    """A rich console that escapes control characters and hides API keys."""

    def on_broken_pipe(self) -> None:
        """Stop printing, but let the command end with its own exit code (rich would exit with 1)."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def render(self, renderable: RenderableType, options: rich.ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(hide_keys(visible(segment.text)), segment.style)


def show(document: Document, console: Console) -> None:
    lines = [(document.title, _TONES[document.tone] or "bold")]
    lines += [(document.subtitle, "dim")] if document.subtitle else []
    lines += [(f"! {banner}", "bold yellow") for banner in document.banners]
    lines += [("", "")] if document.answer or document.cautions else []
    lines += [(sentence, "") for sentence in document.answer]
    lines += [(sentence, "yellow") for sentence in document.cautions]
    for text, style in lines:
        console.print(Styled(plain(text), style))
    after_table = False
    for block in document.blocks:
        if after_table and isinstance(block, Paragraph | Listing):
            console.print()
        after_table = isinstance(block, Table)
        for part in _block(block, console.width):
            console.print(part)


def render(document: Document, width: int = 120) -> str:
    """Return what ``show`` prints, as plain text."""
    buffer = StringIO()
    show(document, Console(file=buffer, width=width))
    return buffer.getvalue()


def _block(block: Block, width: int) -> Iterator[RenderableType]:
    if isinstance(block, Heading):
        yield from ("", Styled(plain(block.text), "bold" if block.level == 2 else "italic"))
    elif isinstance(block, Paragraph):
        yield _styled(block.text, _TONES[block.tone])
    elif isinstance(block, Listing):
        for item in block.items:
            yield _styled(item.text, _TONES[item.tone].removeprefix("bold "))
            yield from (Padding(_styled(detail, ""), (0, 0, 0, 4)) for detail in item.details)
    elif isinstance(block, Table):
        yield from _table(block, width)
    elif isinstance(block, Folded):
        yield Styled(plain(block.title))
        for inner in block.blocks:
            yield from (Padding(part, (0, 0, 0, 2)) for part in _block(inner, width - 2))


def _styled(text: Text, style: str) -> Styled:
    if isinstance(text, str):
        return Styled(plain(text), style)
    styled = Styled(style=style)
    for piece in text:
        styled.append(_piece(piece), _MARKS.get(piece.mark, ""))
    return styled


def _piece(piece: Piece) -> str:
    left, right = _BRACKETS.get(piece.mark, ("", ""))
    if piece.mark in MARKS:
        left = f"{MARKS[piece.mark].symbol} "
    return piece.wrap(plain(piece.text), left, right)


# Tables ---------------------------------------------------------------------------------------------------------------


def _table(table: Table, width: int) -> Iterator[RenderableType]:
    """Show a table, with its columns split over as many tables as the width requires."""
    yield ""
    if table.title:
        yield Styled(plain(table.title), "dim italic")
    columns = [_format_column(table, place) for place in range(len(table.heads))]
    widths = [_measure_column(table, place, columns[place], width) for place in range(len(table.heads))]
    for number, places in enumerate(_pack_columns(widths, width)):
        if number:
            yield ""
        yield _grid(table, columns, places, widths)
    for number, note in enumerate(table.notes, start=1):
        yield Styled(plain(f"{fmt.superscript(number)} {note}"), "dim")
    if table.caption:
        yield Styled(plain(table.caption), "dim")


def _format_column(table: Table, place: int) -> list[str]:
    """Return the texts of a column; numbers and significance letters are aligned."""
    cells = [_parts(row.cells[place]) if place < len(row.cells) else ("", "", "") for row in table.rows]
    if place not in table.left:
        widths = [max(map(len, texts)) for texts in zip(*cells, strict=True)]
        cells = [
            (number.rjust(widths[0]), interval.rjust(widths[1]), letters.ljust(widths[2]))
            for number, interval, letters in cells
        ]
    return [" ".join(filter(None, parts)) for parts in cells]


def _measure_column(table: Table, place: int, texts: Sequence[str], width: int) -> int:
    """Return the width of a column of numbers, or the minimum width of a column of texts."""
    longest = max(map(cell_len, texts), default=0)
    head = plain(fmt.title(table.heads[place]))
    if place in table.left:
        longest = min(longest, _MIN_TEXT_WIDTH if place else max(_MIN_TEXT_WIDTH, width // 2))
        words = head.split()
    else:  # keep the heading's arrow beside a word
        words = re.findall(rf"\S+(?: [{''.join(fmt.ARROWS.values())}]$)?", head)
    return min(width, max([longest, *map(cell_len, words)]))


def _pack_columns(widths: Sequence[int], room: int) -> list[list[int]]:
    """Distribute columns over tables: each has the first column, and as many others as fit, but at least one."""
    tables = [[0]]
    left = room - widths[0]
    for place, width in enumerate(widths[1:], start=1):
        if width + _GAP > left and len(tables[-1]) > 1:
            tables.append([0])
            left = room - widths[0]
        tables[-1].append(place)
        left -= width + _GAP
    return tables


def _grid(table: Table, columns: Sequence[Sequence[str]], places: Sequence[int], widths: Sequence[int]) -> Grid:
    grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    # Numbers belong beside the end of a wrapped label; texts are read from their first line.
    vertical: Literal["top", "bottom"] = "top" if table.left.issuperset(places) else "bottom"
    for place in places:
        head = Styled(plain(fmt.title(table.heads[place])))
        if place in table.left:
            grid.add_column(head, vertical=vertical, overflow="fold")
        else:
            grid.add_column(head, justify="right", vertical=vertical, overflow="fold", width=widths[place])
    for number, row in enumerate(table.rows):
        style = "dim italic" if row.is_heading else "bold" if row.strong else ""
        line = []
        for place in places:
            text = columns[place][number]
            if place not in table.left:  # pad numbers here, because rich would strip the spaces after them
                text = text.rjust(widths[place])
            line.append(Styled(text, style, justify="left"))
        grid.add_row(*line)
    return grid


def _parts(cell: str | Cell) -> tuple[str, str, str]:
    """Return (number, interval, letters); the number includes its note."""
    if isinstance(cell, str):
        return plain(cell), "", ""
    return f"{plain(cell.text)}{fmt.superscript(cell.note)}", cell.interval, cell.letters
