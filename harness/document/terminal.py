"""Show a document in a terminal of any width. Control characters in text from outside are escaped."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest
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
from harness.records import Metric

_TONES: dict[Tone, str] = {
    "plain": "", "quiet": "dim", "quote": "", "warning": "yellow", "good": "bold green", "bad": "bold red",
}  # fmt: skip  # a table
_MARKS = {"strong": "bold", "emphasis": "italic", "gone": "red", "new": "green"}
_BRACKETS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}
_MIN_FIRST_WIDTH = 24
"""Minimum width of a table's first column."""
_GAP = 2
"""Spaces between columns."""


class Console(rich.Console):
    """A rich console that escapes control characters and hides API keys."""

    def on_broken_pipe(self) -> None:
        """Stop printing, but let the command end with its own exit code (rich would exit with 1)."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def render(self, renderable: RenderableType, options: rich.ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text
            yield segment if segment.control or text.isprintable() else Segment(hide_keys(visible(text)), segment.style)


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
    shown = plain(piece.text)
    before = " " if piece.text[:1].isspace() else ""
    after = " " if piece.text[-1:].isspace() and shown else ""
    sign = f"{MARKS[piece.mark].symbol} " if piece.mark in MARKS else ""
    return f"{before}{left}{sign}{shown}{right}{after}" if shown else before


# Tables ---------------------------------------------------------------------------------------------------------------


def _table(table: Table, width: int) -> Iterator[RenderableType]:
    yield ""
    if table.title:
        yield Styled(plain(table.title), "dim italic")
    if table.can_split:
        yield from _split_table(table, width)
    else:
        heads, cells = list(map(_head, table.heads)), [[_cell(cell) for cell in row.cells] for row in table.rows]
        yield _grid(table, cells, range(1, len(heads)), fit_columns(heads, cells, width))
    for number, note in enumerate(table.notes, start=1):
        yield Styled(plain(f"{fmt.superscript(number)} {note}"), "dim")
    if table.caption:
        yield Styled(plain(table.caption), "dim")


def _split_table(table: Table, width: int) -> Iterator[RenderableType]:
    """Align numbers and significance letters, and split the columns over as many tables as the width requires."""
    rows = [row for row in table.rows if not row.is_heading]
    columns = [pad_columns([_parts(row.cells[place]) for row in rows]) for place in range(1, len(table.heads))]
    heads = map(_head, table.heads[1:])
    widths = [0] + [max([_measure([head]), *map(len, column)]) for head, column in zip(heads, columns, strict=True)]
    aligned = zip(*columns, strict=True)
    cells = [[_cell(row.cells[0]), *(() if row.is_heading else next(aligned))] for row in table.rows]
    least = max(_MIN_FIRST_WIDTH, min(max(map(len, (row[0] for row in cells)), default=0) + _GAP, width // 2))
    for number, group in enumerate(pack_columns(widths[1:], width - least)):
        if number:
            yield ""
        places = [place + 1 for place in group]
        widths[0] = max(least, width - sum(widths[place] + _GAP for place in places)) - _GAP
        yield _grid(table, cells, places, widths)


def _grid(table: Table, cells: Sequence[Sequence[str]], places: Iterable[int], widths: Sequence[int]) -> Grid:
    """Arrange the first column and those at ``places``; ``widths`` are the maximum widths of all columns."""
    grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    shown = (0, *places)
    # Numbers belong beside the end of a wrapped label; texts are read from their first line.
    vertical: Literal["top", "bottom"] = "top" if table.left.issuperset(shown) else "bottom"
    for place in shown:
        side: Literal["left", "right"] = "left" if place in table.left else "right"
        head = Styled(_head(table.heads[place]))
        grid.add_column(head, justify=side, vertical=vertical, overflow="fold", max_width=widths[place])
    for row, texts in zip(table.rows, cells, strict=True):
        style = "dim italic" if row.is_heading else "bold" if row.strong else ""
        line = [Styled(break_name(texts[0], widths[0]), style)]
        for place in shown[1 : len(texts)]:
            if table.can_split:  # pad aligned numbers here, because rich would strip their last spaces
                line.append(Styled(texts[place].rjust(widths[place]), style, justify="left"))
            else:
                line.append(Styled(texts[place], style))
        grid.add_row(*line)
    return grid


def _parts(cell: str | Cell) -> tuple[str, str, str]:
    """Return (number, interval, letters); the number includes its note."""
    if isinstance(cell, str):
        return plain(cell), "", ""
    return f"{plain(cell.text)}{fmt.superscript(cell.note)}", cell.interval, cell.letters


def _cell(cell: str | Cell) -> str:
    return " ".join(filter(None, _parts(cell)))


def _head(head: str | Metric) -> str:
    return plain(fmt.title(head))


def _measure(texts: Iterable[str]) -> int:
    """Return the minimum width that breaks no word and keeps the arrow of a heading beside a word."""
    words = re.findall(rf"\S+(?: [{''.join(fmt.ARROWS.values())}]$)?", "\n".join(texts), re.MULTILINE)
    return max(map(cell_len, words), default=0)


# Columns of numbers --------------------------------------------------------------------------------------------------


def pad_columns(cells: Sequence[tuple[str, str, str]]) -> list[str]:
    """Join (number, interval, letters) of each row so that numbers and letters are aligned."""
    pads = (str.rjust, str.rjust, str.ljust)
    parts = [(texts, pad) for texts, pad in zip(zip(*cells, strict=True), pads, strict=False) if any(texts)]
    columns = [[pad(text, max(map(len, texts))) for text in texts] for texts, pad in parts]
    return [" ".join(line) for line in zip(*columns, strict=True)]


def break_name(name: str, width: int) -> str:
    """Break a name into lines at spaces or after a slash, a hyphen or an underscore."""
    lines = [""]
    for part in re.findall(r"[^\s/_-]*[\s/_-]+|[^\s/_-]+", name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def fit_columns(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the widths of the columns in a table that is at most ``room`` characters wide.

    While the table is too wide, narrow the widest column. Four kinds of line break are allowed one after the other:
    between the words of headings and names (the first column), between the words of all cells, inside the words of
    cells, and inside the words of headings.
    """
    texts = [list(column) for column in zip_longest(heads, *rows, fillvalue="")]
    words = [_measure(column) for column in texts]
    heading_words = [_measure(column[:1]) for column in texts]
    cells = [max([head, *map(cell_len, column[1:])]) for head, column in zip(heading_words, texts, strict=True)]
    widths = [min(room, max(map(cell_len, column))) for column in texts]
    room -= _GAP * (len(heads) - 1)
    for least in ([words[0], *cells[1:]], words, heading_words, [1] * len(heads)):
        while sum(widths) > room and (wide := [place for place, width in enumerate(widths) if width > least[place]]):
            widths[max(wide, key=lambda place: widths[place])] -= 1
    return widths


def pack_columns(widths: Sequence[int], room: int) -> list[list[int]]:
    """Distribute columns of these widths over tables: each table gets as many as fit, and at least one."""
    tables: list[list[int]] = []
    left = 0
    for place, width in enumerate(widths):
        if width + _GAP > left or not tables:
            tables.append([])
            left = room
        tables[-1].append(place)
        left -= width + _GAP
    return tables
