"""A report as blocks, built once and rendered for a terminal, as Markdown or as HTML.

Text in a block is plain text, never markup: each renderer escapes it for its own medium.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from harness.document import format as fmt
from harness.document.plot import Plot
from harness.records import Label, Metric

Tone = Literal["plain", "quiet", "quote", "warning", "good", "bad"]
Mark = Literal["", "strong", "emphasis", "code", "gone", "new"] | Label


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one mark. If the mark is a label, the text is shown as a verdict."""

    text: str
    mark: Mark = ""
    href: str = ""
    """The link on an HTML page; terminal and Markdown show no links."""

    def wrap(self, escaped: str, left: str, right: str) -> str:
        """Put the escaped text between two marks. White space at either end becomes one space outside the marks."""
        before, after = (" " if end.isspace() else "" for end in (self.text[:1], self.text[-1:]))
        return f"{before}{left}{escaped}{right}{after}" if escaped else before


Text = str | tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. On a page, a heading with an anchor begins a section and is listed in the contents."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 2
    anchor: str = ""
    short: str = ""
    """The title in the contents, if it is not ``text``."""


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


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    interval: str = ""
    """The 95% interval, in small print below the number."""
    letters: str = ""
    """Rows that share a letter do not differ significantly."""
    note: int | None = None
    """Number, from 1, of the entry in ``Table.notes`` that explains the cell."""
    href: str = ""
    """The link on an HTML page, e.g. to the errors that the number counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. If ``is_heading`` is True, the only cell is a heading for the rows below."""

    cells: tuple[str | Cell, ...]
    is_heading: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its columns are aligned to the right, except those whose indices are in ``left``.

    A column headed by a metric shows which way is better. A narrow terminal shows the table in parts.
    """

    kind: ClassVar[str] = "table"
    heads: tuple[str | Metric, ...]
    rows: tuple[Row, ...]
    title: str = ""
    caption: str = ""
    notes: tuple[str, ...] = ()
    left: frozenset[int] = frozenset({0})
    anchor: str = ""
    """Prefix of the HTML ids of the notes."""

    @classmethod
    def of(cls, heads: Sequence[str | Metric], rows: Sequence[Sequence[str | Cell]], **shape: Any) -> Table:
        return cls(tuple(heads), tuple(Row(tuple(row)) for row in rows), **shape)


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks under a title, collapsed on a page and in Markdown unless ``open``."""

    kind: ClassVar[str] = "folded"
    title: str
    blocks: tuple[Block, ...]
    open: bool = False


Block = Heading | Paragraph | Listing | Table | Folded


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    subtitle: str = ""
    banners: tuple[str, ...] = ()
    """Warnings, e.g. that the run is incomplete."""
    answer: tuple[str, ...] = ()
    """Sentences with the main result."""
    cautions: tuple[str, ...] = ()
    """Sentences that limit the answer."""
    blocks: tuple[Block, ...] = ()
    tone: Tone = "plain"
    """``good`` or ``bad`` for the outcome of a check."""
    eyebrow: str = field(default="", kw_only=True)
    """The kind of document, above the title of a page."""
    plot: Plot | None = field(default=None, kw_only=True)
    """The picture beside the answer, on HTML pages only."""


def make_paragraphs(lines: Sequence[str], tone: Tone = "plain") -> tuple[Paragraph, ...]:
    return tuple(Paragraph(line, tone) for line in lines)


@dataclass(frozen=True, slots=True)
class Medium:
    """How much a medium shows at most; the rest is collapsed or counted."""

    errors: int
    """Errors per kind and system."""
    facts: int
    """Facts that a comparison names for each kind of change (gained, no longer kept, …)."""
    comparisons: int
    """Maximum number of comparisons that name all changed facts; with more, each names only lost essential facts."""
    texts: int
    """Changed summaries shown word by word."""
    causes: int
    """Changed models, prompts, versions and settings."""


TERMINAL = Medium(errors=2, facts=12, comparisons=6, texts=3, causes=20)
COMMENT = Medium(errors=12, facts=40, comparisons=6, texts=20, causes=200)
PAGE = Medium(errors=1000, facts=10_000, comparisons=10_000, texts=200, causes=10_000)


# Notes under a table --------------------------------------------------------------------------------------------------

_REASONS = 3
"""Maximum number of reasons in a note."""


def describe_missing_values(articles: int, missing: int, reasons: Mapping[str, int]) -> str:
    """Write the note for a mean: how many articles it covers and why values are missing, most frequent reason first."""
    commonest = Counter(reasons).most_common(_REASONS)
    why = [reason if times == 1 else f"{reason} ({fmt.plural(times, 'summary')})" for reason, times in commonest]
    if len(reasons) > _REASONS:
        why.append(f"and {fmt.plural(len(reasons) - _REASONS, 'other reason')}")
    if not articles:
        return f"not available: {'; '.join(why) or fmt.NO_REASON}"
    lacking = f"{missing:,} missing" if missing else f"{fmt.plural(sum(reasons.values()), 'summary')} left out"
    return (
        f"n = {articles:,} of {fmt.plural(articles + missing, 'article')}, {lacking}: {'; '.join(why) or fmt.NO_REASON}"
    )


class Notes:
    """Notes in order of first use; a repeated note keeps its number."""

    def __init__(self, reasons: Iterable[str | None] = ()) -> None:
        """Take the reasons of all cells. If all share one reason, it becomes ``shared`` and gets no number."""
        distinct = set(reasons)
        self.shared = distinct.pop() if len(distinct) == 1 else None
        self._texts: list[str] = []

    def mark(self, text: str | None) -> int | None:
        """Return the number of a note, from 1, or None if the text is empty or the shared reason."""
        if not text or text == self.shared:
            return None
        if text not in self._texts:
            self._texts.append(text)
        return self._texts.index(text) + 1

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts)

    @property
    def caption(self) -> str:
        """Why no cell of the table has an interval; empty unless all have the same reason."""
        return f"No interval: {self.shared}." if self.shared else ""
