"""A report as blocks, built once and rendered for a terminal, as Markdown or as HTML.

All text in a block is text, never markup: each renderer escapes it for its own medium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from harness.document.plot import Plot
from harness.records import Label, Metric

Tone = Literal["plain", "quiet", "warning", "good", "bad"]
Mark = Literal["", "strong", "emphasis", "code", "flagged", "gone", "new"] | Label


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one mark; a label marks text that has this verdict."""

    text: str
    mark: Mark = ""
    href: str = ""
    """The link on an HTML page; a terminal and Markdown show the text alone."""


Text = str | tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. On a page, a heading of level 2 with an anchor begins a section and is listed in the contents."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    anchor: str = ""
    short: str = ""
    """Its short title in the contents; empty for the whole text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: Text
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, with details indented below it."""

    text: Text
    details: tuple[Text, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    kind: ClassVar[str] = "listing"
    items: tuple[Item, ...]
    anchor: str = ""
    """Its id on a page."""


@dataclass(frozen=True, slots=True)
class KeyValues:
    kind: ClassVar[str] = "key values"
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: a number with its interval, letters and note."""

    text: str
    interval: str = ""
    """Small print below the number: its 95% interval, or the count by the verifier alone."""
    letters: str = ""
    """Rows that share a letter do not differ significantly."""
    note: int | None = None
    """Number, from 1, of the entry in ``Table.notes`` that explains the cell."""
    href: str = ""
    """The link on an HTML page, to the things that the number counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. If ``heads`` is true, its only cell is a heading for the rows below it."""

    cells: tuple[str | Cell, ...]
    heads: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its columns are aligned to the right, except the first and those named in ``left``.

    A column headed by a metric shows which way is better. If all columns but the first are metrics, a terminal moves
    those that do not fit into another table.
    """

    kind: ClassVar[str] = "table"
    heads: tuple[str | Metric, ...]
    rows: tuple[Row, ...]
    title: str = ""
    caption: str = ""
    notes: tuple[str, ...] = ()
    left: frozenset[int] = frozenset({0})
    anchor: str = ""
    """Prefix of the ids of its notes on a page."""

    @property
    def wide(self) -> bool:
        return len(self.heads) > 1 and all(isinstance(head, Metric) for head in self.heads[1:])

    @classmethod
    def of(cls, heads: Sequence[str | Metric], rows: Sequence[Sequence[str | Cell]], **shape: object) -> Table:
        """A table of plain rows."""
        return cls(tuple(heads), tuple(Row(tuple(row)) for row in rows), **shape)  # type: ignore[arg-type]  # the fields above


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, on HTML pages only."""

    kind: ClassVar[str] = "figure"
    plot: Plot


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks, line by line."""

    kind: ClassVar[str] = "marked"
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks under a title, collapsed on a page and in Markdown unless ``open``."""

    kind: ClassVar[str] = "folded"
    title: str
    blocks: tuple[Block, ...]
    open: bool = False
    anchor: str = ""
    """Its id on a page."""


Block = Heading | Paragraph | Listing | KeyValues | Table | Figure | Marked | Folded


@dataclass(frozen=True, slots=True)
class Document:
    """A report: title, what to know before reading, the answer, and the blocks that support it."""

    title: str
    line: str = ""
    """One line that says what was run on which data."""
    banners: tuple[str, ...] = ()
    """Warnings that the report is incomplete or not what it seems."""
    answer: tuple[str, ...] = ()
    """The result, in sentences."""
    cautions: tuple[str, ...] = ()
    """What cannot be concluded from the result."""
    blocks: tuple[Block, ...] = ()
    tone: Tone = "plain"
    """The tone of the title: ``good`` and ``bad`` if the document is an outcome."""
    eyebrow: str = field(default="", kw_only=True)
    """The kind of document, shown above the title of a page."""
    plot: Plot | None = field(default=None, kw_only=True)
    """The picture beside the answer, on HTML pages only."""


def sentences(lines: Sequence[str], tone: Tone = "plain") -> tuple[Paragraph, ...]:
    """Make a paragraph of each line."""
    return tuple(Paragraph(line, tone) for line in lines)
