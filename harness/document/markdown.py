"""Render a document as Markdown: no links, no foreign HTML and, on request, short enough for a GitHub comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Folded, Heading, Listing, Paragraph, Piece, Table, Text, Tone
from harness.document.format import plain
from harness.document.labels import MARKS

LIMIT = 60_000
"""Maximum number of characters in a document; GitHub accepts 65,536 in a comment."""

_TONES: dict[Tone, tuple[str, str]] = {
    "quiet": ("*", "*"),
    "quote": ("> ", ""),
    "warning": ("> **", "**"),
    "good": ("**", "**"),
    "bad": ("**", "**"),
}
_MARKS = {"strong": ("**", "**"), "emphasis": ("*", "*"), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}
_SIGNS: dict[Tone, str] = {"good": "✓ ", "bad": "✗ "}
_SPECIAL = re.compile(r"[\\`*_{}\[\]|~$]")
_BLOCK = re.compile(r"^(#|[-+=](?=[\s=-]|$)|\d+(?=[.)](?:\s|$)))")
"""The start of a line that Markdown would take for a heading, a list or a rule."""
_REFERENCE = re.compile(r"@(?=\w)|://|\bwww(?=\.)|#(?=\d)", re.IGNORECASE)
"""Parts of user names, addresses and issue numbers, which GitHub and similar sites turn into links."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render(document: Document, level: int = 1, full: str = "") -> str:
    """Render the document, whose title is a heading of this level.

    ``full`` names the place of the full text, e.g. ``report.html``. A document longer than ``LIMIT`` is cut off and
    ends with this name. If ``full`` is empty, nothing is cut off.
    """
    lines = list(_head(document, level))
    length = sum(len(line) + 1 for line in lines)
    for group in _group_blocks(document.blocks, level - 1):
        length += sum(len(line) + 1 for line in group)
        if full and length > LIMIT:
            lines.append(f"*The rest is left out because comments have a size limit; see {full}.*")
            break
        lines += group
    return "\n".join(lines).rstrip() + "\n"


def _group_blocks(blocks: Iterable[Block], deeper: int) -> Iterator[list[str]]:
    """Yield the lines of each block, with the headings above it."""
    lines: list[str] = []
    for block in blocks:
        lines += _block(block, deeper)
        if not isinstance(block, Heading):
            yield lines
            lines = []
    yield lines


def _head(document: Document, level: int) -> Iterator[str]:
    yield from (f"{'#' * level} {_SIGNS.get(document.tone, '')}{escape(document.title)}", "")
    sentences = [escape(document.subtitle)] if document.subtitle else []
    sentences += [f"> **{escape(banner)}**" for banner in document.banners]
    sentences += [escape(sentence) for sentence in document.answer]
    sentences += [f"*{escape(sentence)}*" for sentence in document.cautions]
    for sentence in sentences:
        yield from (sentence, "")


def _block(block: Block, deeper: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from (f"{'#' * (block.level + deeper)} {escape(block.text)}", "")
    elif isinstance(block, Paragraph):
        before, after = _TONES.get(block.tone, ("", ""))
        yield from (f"{before}{_text(block.text)}{after}", "")
    elif isinstance(block, Listing):
        for item in block.items:
            yield f"- {_text(item.text)}"
            yield from (f"  - {_text(detail)}" for detail in item.details)
        yield ""
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Folded):
        inside = [line for inner in block.blocks for line in _block(inner, deeper)]
        if block.open:
            yield from (f"**{escape(block.title)}**", "", *inside)
        elif any(inside):
            yield from ("<details>", f"<summary>{escape(block.title)}</summary>", "", *inside, "</details>", "")


def _text(text: Text) -> str:
    return escape(text) if isinstance(text, str) else "".join(map(_piece, text))


def _piece(piece: Piece) -> str:
    if piece.mark == "code":  # a code span needs a fence of more backticks than the text has in a row
        text = plain(piece.text)
        fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
        apart = " " if len(fence) > 1 else ""
        return piece.wrap(text, f"{fence}{apart}", f"{apart}{fence}")
    left, right = _MARKS.get(piece.mark, ("", ""))
    if piece.mark in MARKS:
        left = f"{MARKS[piece.mark].symbol} "
    return piece.wrap(escape(piece.text), left, right)


# Tables ---------------------------------------------------------------------------------------------------------------


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield from (f"*{escape(table.title)}*", "")
    yield f"| {' | '.join(escape(fmt.title(head)) for head in table.heads)} |"
    yield f"| {' | '.join(':---' if place in table.left else '---:' for place in range(len(table.heads)))} |"
    for row in table.rows:
        cells = [_cell(cell) for cell in row.cells]
        if row.is_heading:
            cells = [f"*{cells[0]}*", *[""] * (len(table.heads) - 1)]
        elif row.strong:
            cells[1:] = [f"**{cell}**" for cell in cells[1:]]
        yield f"| {' | '.join(cells)} |"
    yield ""
    if table.caption:
        yield from (escape(table.caption), "")
    for number, note in enumerate(table.notes, start=1):
        yield from (f"{fmt.superscript(number)} {escape(note)}", "")


def _cell(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return escape(cell)
    number = f"{escape(cell.text)}{fmt.superscript(cell.note)}"
    return " ".join(filter(None, (number, escape(cell.interval), escape(cell.letters))))


# Text from outside ----------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Put text from outside on one line. Escape Markdown, HTML, and names that sites turn into links."""
    text = _SPECIAL.sub(r"\\\g<0>", plain(text))
    text = _BLOCK.sub(lambda start: f"{start[0]}\\" if start[0].isdigit() else f"\\{start[0]}", text)
    # a word joiner, because GitHub notifies @user even after a backslash
    return _REFERENCE.sub("\\g<0>\N{WORD JOINER}", text).translate(_ENTITIES)
