"""Sections of sentences and tables, written once for the terminal and once as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.document.escaping import escape
from harness.document.plain import plain


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its first column is text, the others are aligned to the right but where ``left`` names them."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    left: frozenset[int] = frozenset({0})
    notes: tuple[str, ...] = ()
    """What stands below it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is to be said, the tables, and what is to be said of them."""

    title: str
    sentences: tuple[str, ...]
    grids: tuple[Grid, ...]
    warnings: tuple[str, ...] = ()


def show(sections: Sequence[Section], console: Console) -> None:
    """Print them; text from outside is shown without its control characters."""
    for section in sections:
        console.print(Text(plain(section.title), "bold"))
        for sentence in section.sentences:
            console.print(Text(plain(sentence)))
        for warning in section.warnings:
            console.print(Text(f"! {plain(warning)}", "yellow"))
        for grid in section.grids:
            console.print()
            console.print(_table(grid))
            for note in grid.notes:
                console.print(Text(plain(note), "dim"))
        console.print()


def markdown(title: str, sections: Sequence[Section]) -> str:
    """They as one document; it ends in one line break."""
    lines = [f"# {escape(title)}", ""]
    for section in sections:
        lines += markdown_lines(section)
    return "\n".join(lines).rstrip() + "\n"


def _table(grid: Grid) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for place, head in enumerate(grid.heads):
        side = "left" if place in grid.left else "right"
        table.add_column(Text(plain(head)), justify=side, vertical="bottom", overflow="fold")  # type: ignore[arg-type]  # a literal, by way of a variable
    for row in grid.rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    if grid.title:
        table.title, table.title_justify, table.title_style = Text(plain(grid.title)), "left", "dim italic"
    return table


def markdown_lines(section: Section) -> Iterator[str]:
    """One section, as part of a document that has a title."""
    yield from (f"## {escape(section.title)}", "")
    for sentence in section.sentences:
        yield from (escape(sentence), "")
    for warning in section.warnings:
        yield from (f"> **{escape(warning)}**", "")
    for grid in section.grids:
        if grid.title:
            yield from (f"*{escape(grid.title)}*", "")
        yield f"| {' | '.join(map(escape, grid.heads))} |"
        yield f"| {' | '.join(':---' if place in grid.left else '---:' for place in range(len(grid.heads)))} |"
        yield from (f"| {' | '.join(map(escape, row))} |" for row in grid.rows)
        yield ""
        for note in grid.notes:
            yield from (escape(note), "")
