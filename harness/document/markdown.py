"""Render a document as Markdown: no links, no foreign HTML, and short enough for a comment on GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

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
    Row,
    Table,
    Text,
    Tone,
)
from harness.document.labels import MARKS
from harness.document.plain import plain

LIMIT = 60_000
"""Maximum number of characters in a document; GitHub accepts 65,536 in a comment."""

_TONES: dict[Tone, tuple[str, str]] = {
    "plain": ("", ""),
    "quiet": ("*", "*"),
    "warning": ("> **", "**"),
    "good": ("**", "**"),
    "bad": ("**", "**"),
}
_MARKS = {
    "strong": ("**", "**"),
    "emphasis": ("*", "*"),
    "flagged": ("<b>", "</b>"),
    "gone": ("<del>", "</del>"),
    "new": ("<ins>", "</ins>"),
}
_SIGNS: dict[Tone, str] = {"good": "✓ ", "bad": "✗ "}
_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_BLOCK = re.compile(r"^(#|[-+=](?=[\s=-]|$)|\d+(?=[.)](?:\s|$)))")
_REFERENCE = re.compile(r"@(?=\w)|://|\bwww(?=\.)|#(?=\d)", re.IGNORECASE)
"""What GitHub and similar sites turn into links: user names, addresses, issue numbers."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render(document: Document, level: int = 1, rest: str = "") -> str:
    """Render the document. ``rest`` says where to find what exceeds ``LIMIT``, e.g. ``report.html has``.

    ``level`` is the heading level of the title.
    """
    return fitted((_head(document, level), *parts(document.blocks, level - 1)), rest)


def parts(blocks: Iterable[Block], deeper: int = 0) -> Iterator[list[str]]:
    """Group the lines so that each group is shown as a whole or not at all: a heading stays with the block below it."""
    waiting: list[str] = []
    for block in blocks:
        lines = [*waiting, *_block(block, deeper)]
        if isinstance(block, Heading):
            waiting = lines
        else:
            waiting = []
            yield lines
    if waiting:
        yield waiting


def fitted(parts: Iterable[Iterable[str]], rest: str) -> str:
    """Join the parts up to the first that does not fit; ``rest`` says where to find the others."""
    lines: list[str] = []
    length = 0
    for part in parts:
        text = list(part)
        length += sum(len(line) + 1 for line in text)
        if rest and length > LIMIT:
            lines += [f"*The rest is left out because comments have a size limit; {rest} it.*", ""]
            break
        lines += text
    return "\n".join(lines).rstrip() + "\n"


def _head(document: Document, level: int) -> Iterator[str]:
    yield from (f"{'#' * level} {_SIGNS.get(document.tone, '')}{escape(document.title)}", "")
    if document.line:
        yield from (escape(document.line), "")
    for banner in document.banners:
        yield from (f"> **{escape(banner)}**", "")
    for sentence in document.answer:
        yield from (escape(sentence), "")
    for sentence in document.cautions:
        yield from (f"*{escape(sentence)}*", "")


def _block(block: Block, deeper: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (f"{'#' * (block.level + deeper)} {escape(block.text)}", "")
    elif isinstance(block, Paragraph):
        before, after = _TONES[block.tone]
        yield from (f"{before}{_text(block.text)}{after}", "")
    elif isinstance(block, Listing):
        yield from _listing(block)
    elif isinstance(block, KeyValues):
        yield from (*(f"- {escape(name)}: {escape(value)}" for name, value in block.entries), "")
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Marked):
        for number, line in enumerate(block.lines):
            yield from (">",) if number else ()
            yield f"> {_text(line)}".rstrip()
        yield ""
    elif isinstance(block, Folded):
        yield from _folded(block, deeper)


def _listing(block: Listing) -> Iterator[str]:
    for item in block.items:
        yield f"- {_text(item.text)}"
        yield from (f"  - {_text(detail)}" for detail in item.details)
    yield ""


def _folded(block: Folded, deeper: int) -> Iterator[str]:
    inside = [line for inner in block.blocks for line in _block(inner, deeper)]
    if block.open:
        yield from (f"**{escape(block.title)}**", "", *inside)
    elif any(inside):
        yield from ("<details>", f"<summary>{escape(block.title)}</summary>", "", *inside, "</details>", "")


def _text(text: Text) -> str:
    return escape(text) if isinstance(text, str) else "".join(map(_piece, text))


def _piece(piece: Piece) -> str:
    """Escape the piece; white space at either end becomes one space."""
    shown = escape(piece.text)
    before = " " if piece.text[:1].isspace() else ""
    if not shown:
        return before
    after = " " if piece.text[-1:].isspace() else ""
    if piece.mark == "code":
        shown = _code(piece.text)
    elif piece.mark in MARKS:
        shown = f"{MARKS[piece.mark].symbol} {shown}"
    left, right = _MARKS.get(piece.mark, ("", ""))
    return f"{before}{left}{shown}{right}{after}"


def _code(text: str) -> str:
    """Write a code span, fenced with more backticks than the text has in a row."""
    text = plain(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    apart = " " if len(fence) > 1 else ""
    return f"{fence}{apart}{text}{apart}{fence}"


# Tables ---------------------------------------------------------------------------------------------------------------


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield from (f"*{escape(table.title)}*", "")
    yield f"| {' | '.join(escape(fmt.title(head)) for head in table.heads)} |"
    yield f"| {' | '.join(':---' if place in table.left else '---:' for place in range(len(table.heads)))} |"
    yield from (f"| {' | '.join(_cells(row, len(table.heads)))} |" for row in table.rows)
    yield ""
    if table.caption:
        yield from (escape(table.caption), "")
    for number, note in enumerate(table.notes, start=1):
        yield from (f"{fmt.superscript(number)} {escape(note)}", "")


def _cells(row: Row, width: int) -> Sequence[str]:
    shown = [_cell(cell) for cell in row.cells]
    if row.heads:
        return [f"*{shown[0]}*", *[""] * (width - 1)]
    return [f"**{cell}**" if row.strong and place else cell for place, cell in enumerate(shown)]


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return escape(cell)
    number = f"{escape(cell.text)}{fmt.superscript(cell.note)}"
    return " ".join(part for part in (number, escape(cell.interval), escape(cell.letters)) if part)


# Text from outside ----------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Put text from outside on one line, escaped for Markdown, HTML and sites that turn names into links."""
    text = _SPECIAL.sub(r"\\\g<0>", plain(text))
    text = _BLOCK.sub(_escaped_start, text)
    # A zero-width joiner, because a backslash does not stop GitHub from notifying a user.
    return _REFERENCE.sub("\\g<0>\N{WORD JOINER}", text).translate(_ENTITIES)


def _escaped_start(match: re.Match[str]) -> str:
    sign = match.group()
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"
