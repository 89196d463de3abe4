"""Columns of numbers in a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.text import Text

GAP = 2
"""Between two columns."""
_PARTS = re.compile(r"[^\s/_-]*[\s/_-]+|[^\s/_-]+")


def padded(cells: Sequence[tuple[str, str, str]]) -> list[str]:
    """(number, interval, letters) of each row as texts of one width: numbers below numbers, letters below letters."""
    pads = (str.rjust, str.rjust, str.ljust)
    parts = [(texts, pad) for texts, pad in zip(zip(*cells, strict=True), pads, strict=False) if any(texts)]
    columns = [[pad(text, max(map(len, texts))) for text in texts] for texts, pad in parts]
    return [" ".join(line) for line in zip(*columns, strict=True)]


def broken(name: str, width: int) -> str:
    """A name on as many lines as it takes, each ending at a space or after a slash, a hyphen or an underscore."""
    lines = [""]
    for part in _PARTS.findall(name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def kept(cell: str, width: int) -> Text:
    """A padded cell to the right of a column: the library would take its last spaces away, and shift it."""
    return Text(cell.rjust(width), justify="left")


def packed(widths: Sequence[int], room: int) -> list[list[int]]:
    """The places of columns of these widths, as many to a table as there is room for; one at the least."""
    tables: list[list[int]] = []
    left = 0
    for place, width in enumerate(widths):
        if width + GAP > left or not tables:
            tables.append([])
            left = room
        tables[-1].append(place)
        left -= width + GAP
    return tables
