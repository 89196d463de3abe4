"""Show a document in a terminal of any width. Control characters in text from outside are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import zip_longest
from typing import Literal

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Styled

from harness.document import format as fmt
from harness.document.blocks import (
    Block,
    Cell,
    Document,
    Folded,
    Heading,
    KeyValues,
    Listing,
    Marked,
    Paragraph,
    Piece,
    Table,
    Text,
    Tone,
)
from harness.document.format import plain
from harness.document.labels import MARKS
from harness.records import Metric

_NAMES = 24

_TONES: dict[Tone, str] = {"plain": "", "quiet": "dim", "warning": "yellow", "good": "bold green", "bad": "bold red"}
_MARKS = {"strong": "bold", "emphasis": "italic", "gone": "red", "new": "green", "flagged": "bold"}
_BRACKETS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}
_GAP = 2


def show(document: Document, console: Console) -> None:
    _line(console, document.title, _TONES[document.tone] or "bold")
    _line(console, document.line, "dim")
    for banner in document.banners:
        _line(console, f"! {banner}", "bold yellow")
    if document.answer or document.cautions:
        console.print()
    for sentence in document.answer:
        _line(console, sentence)
    for sentence in document.cautions:
        _line(console, sentence, "yellow")
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


def _line(console: Console, text: str, style: str = "") -> None:
    if text:
        console.print(Styled(plain(text), style))


def _block(block: Block, width: int) -> Iterator[RenderableType]:
    if isinstance(block, Heading):
        yield from ("", Styled(plain(block.text), "bold" if block.level == 2 else "italic"))
    elif isinstance(block, Paragraph):
        yield _styled(block.text, _TONES[block.tone])
    elif isinstance(block, Listing):
        for item in block.items:
            yield _styled(item.text, _TONES[item.tone].removeprefix("bold "))
            yield from (Padding(_styled(detail, ""), (0, 0, 0, 4)) for detail in item.details)
    elif isinstance(block, KeyValues):
        yield from (Styled(plain(f"{name}: {value}")) for name, value in block.entries)
    elif isinstance(block, Table):
        yield from _table(block, width)
    elif isinstance(block, Marked):
        yield from (_styled(line, "") for line in block.lines)
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
        yield _grid(table, width)
    for number, note in enumerate(table.notes, start=1):
        yield Styled(plain(f"{fmt.superscript(number)} {note}"), "dim")
    if table.caption:
        yield Styled(plain(table.caption), "dim")


def _empty() -> Grid:
    return Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")


def _grid(table: Table, width: int) -> Grid:
    grid = _empty()
    rows = [[_head(head) for head in table.heads], *([_cell(cell) for cell in row.cells] for row in table.rows)]
    others = sum(max(map(len, column)) + _GAP for column in list(zip_longest(*rows, fillvalue=""))[1:])
    names = max(_NAMES, width // 4, width - others)
    for place, head in enumerate(table.heads):
        side: Literal["left", "right"] = "left" if place in table.left else "right"
        grid.add_column(Styled(_head(head)), justify=side, vertical="bottom", overflow="fold")
    for row in table.rows:
        style = "dim italic" if row.heads else "bold" if row.strong else ""
        grid.add_row(
            Styled(break_name(_cell(row.cells[0]), names), style),
            *(Styled(_cell(cell), style) for cell in row.cells[1:]),
        )
    return grid


def _split_table(table: Table, width: int) -> Iterator[RenderableType]:
    """Align numbers and letters, and split the columns over as many tables as the width requires."""
    numbered = [row for row in table.rows if not row.heads]
    columns = {
        place: pad_columns([_parts(row.cells[place]) for row in numbered]) for place in range(1, len(table.heads))
    }
    widths = {place: _width(table.heads[place], cells) for place, cells in columns.items()}
    longest = max((len(_cell(row.cells[0])) for row in table.rows), default=0)
    least = max(_NAMES, min(longest + _GAP, width // 2))
    for number, places in enumerate(pack_columns(list(widths.values()), width - least)):
        if number:
            yield ""
        shown = [place + 1 for place in places]
        grid = _empty()
        names = max(least, width - sum(widths[place] + _GAP for place in shown)) - _GAP
        grid.add_column(Styled(_head(table.heads[0])), max_width=names, overflow="fold")
        for place in shown:
            title = Styled(_head(table.heads[place]))
            grid.add_column(title, justify="right", vertical="bottom", width=widths[place])
        cells = iter(zip(*(columns[place] for place in shown), strict=True))
        for row in table.rows:
            name = Styled(break_name(_cell(row.cells[0]), names), "dim italic" if row.heads else "")
            numbers = zip(() if row.heads else next(cells), shown, strict=False)
            # padded here, because rich would strip the last spaces of a cell and shift it
            grid.add_row(name, *(Styled(cell.rjust(widths[place]), justify="left") for cell, place in numbers))
        yield grid


def _parts(cell: str | Cell) -> tuple[str, str, str]:
    if isinstance(cell, str):
        return plain(cell), "", ""
    return f"{plain(cell.text)}{fmt.superscript(cell.note)}", cell.interval, cell.letters


def _cell(cell: str | Cell) -> str:
    return " ".join(part for part in _parts(cell) if part)


def _head(head: str | Metric) -> str:
    return plain(fmt.title(head))


def _width(head: str | Metric, cells: Sequence[str]) -> int:
    """Return the minimum width of a column that breaks no word and keeps the arrow beside a word."""
    words = _head(head).split()
    if len(words) > 1 and words[-1] in fmt.ARROWS.values():
        words[-2:] = [" ".join(words[-2:])]
    return max((len(word.strip()) for word in [*words, *cells]), default=0)


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
