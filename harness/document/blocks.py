"""What a report is made of: one document of blocks, written once and rendered for a terminal, as Markdown or as HTML.

All text in a block is text, never markup: each renderer escapes it for its own medium.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from harness.document.pictures.picture import Picture
from harness.records import Label, Metric

Tone = Literal["plain", "quiet", "warning", "good", "bad"]
Mark = Literal["", "strong", "emphasis", "code", "flagged", "gone", "new"] | Label


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is marked in one way; a label marks what has that verdict."""

    text: str
    mark: Mark = ""
    href: str = ""
    """Where a page leads from here; a terminal and Markdown have the text alone."""


Text = str | tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 2 is a part of the document, and one that has an anchor stands in the contents of a page."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: Text
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, with what stands indented below it."""

    text: Text
    details: tuple[Text, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    kind: ClassVar[str] = "listing"
    items: tuple[Item, ...]
    anchor: str = ""
    """The name of its place on a page."""


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Names with their values."""

    kind: ClassVar[str] = "key values"
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with what is to be said of it."""

    text: str
    interval: str = ""
    letters: str = ""
    """Two rows that share a letter cannot be told apart."""
    note: int | None = None
    """The place of a note in ``Table.notes``, counted from 1."""
    href: str = ""
    """Where a page leads from the number: to what it counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. A row that ``heads`` has one cell, which names the rows below it."""

    cells: tuple[str | Cell, ...]
    heads: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is text, the others are aligned to the right but where ``left`` names them.

    A column that is headed by a metric shows which way is better. Where all but the first are, a terminal puts columns
    for which there is no room into a further table.
    """

    kind: ClassVar[str] = "table"
    heads: tuple[str | Metric, ...]
    rows: tuple[Row, ...]
    title: str = ""
    caption: str = ""
    notes: tuple[str, ...] = ()
    left: frozenset[int] = frozenset({0})
    anchor: str = ""
    """Begins the names of places on a page that its notes have."""
    tall: bool = False
    """Whether a page scrolls its rows below heads that stay in sight."""

    @property
    def wide(self) -> bool:
        return len(self.heads) > 1 and all(isinstance(head, Metric) for head in self.heads[1:])

    @classmethod
    def of(cls, heads: Sequence[str | Metric], rows: Sequence[Sequence[str | Cell]], **shape: object) -> Table:
        """A table of plain rows."""
        return cls(tuple(heads), tuple(Row(tuple(row)) for row in rows), **shape)  # type: ignore[arg-type]  # the fields above


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture; a terminal and Markdown have no place for it."""

    kind: ClassVar[str] = "figure"
    picture: Picture


@dataclass(frozen=True, slots=True)
class Marked:
    """Marked text, line by line: a summary with its claims, an article."""

    kind: ClassVar[str] = "marked"
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks under a title, which a page and Markdown fold unless they are ``open``."""

    kind: ClassVar[str] = "folded"
    title: str
    blocks: tuple[Block, ...]
    open: bool = False


Block = Heading | Paragraph | Listing | KeyValues | Table | Figure | Marked | Folded


@dataclass(frozen=True, slots=True)
class Document:
    """A report: what it is of, what must be known before it is read, the result, and the blocks that show it."""

    title: str
    line: str = ""
    """What was done to what, on one line."""
    banners: tuple[str, ...] = ()
    """Why the report is not what it seems to be: part of it is missing, say."""
    answer: tuple[str, ...] = ()
    """The result, in sentences."""
    cautions: tuple[str, ...] = ()
    """What cannot be concluded."""
    blocks: tuple[Block, ...] = ()
    tone: Tone = "plain"
    """The tone of the title: ``good`` and ``bad`` where the document is an outcome."""
    eyebrow: str = field(default="", kw_only=True)
    """What kind of document it is, above the title of a page."""


def sentences(lines: Sequence[str], tone: Tone = "plain") -> tuple[Paragraph, ...]:
    """Each as a paragraph."""
    return tuple(Paragraph(line, tone) for line in lines)
