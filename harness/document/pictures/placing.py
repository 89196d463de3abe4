"""Where the names of points stand in a drawing, so that none covers a point, a line or another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_LETTER = 5.3
"""Points of print that a letter is wide, with some to spare: the page's font is not known here."""
_LINE = 11
_POINT = 4
"""From the middle of a point to its edge."""
Side = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points of print, to the right and up."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any ground."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high

    def within(self, other: Box) -> bool:
        """Whether the other holds all of it."""
        return (
            other.left <= self.left and self.right <= other.right and other.low <= self.low and self.high <= other.high
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside a point: from the point so far to the right and up, and the side of it that stands there."""

    text: str
    right: float
    up: float
    side: Side
    box: Box


def labels(
    points: Sequence[tuple[float, float]], names: Sequence[str], room: Box, taken: Sequence[Box] = ()
) -> tuple[Label, ...]:
    """A label a point: its name where there is a clear place for it, else its number, counted from 1.

    ``taken``: what else no label may cover. A number that finds no clear place stands to the right of its point.
    """
    filled = [*taken, *(Box(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in points)]
    placed: list[Label] = []
    for number, (point, name) in enumerate(zip(points, names, strict=True), start=1):
        texts = (name, str(number))
        places = [each for text in texts for each in _places(point, text)]
        clear = (each for each in places if each.box.within(room) and not any(map(each.box.meets, filled)))
        label = next(clear, next(_places(point, str(number))))
        filled.append(label.box)
        placed.append(label)
    return tuple(placed)


def _places(point: tuple[float, float], text: str) -> Iterator[Label]:
    """The places around a point, the best first."""
    (x, y), width = point, _LETTER * len(text)
    beside, corner, above = _POINT + 3.0, _POINT + 1.0, _POINT + 0.5 + _LINE / 2
    around: tuple[tuple[float, float, Side], ...] = (
        (beside, 0, "left"),
        (-beside, 0, "right"),
        (0, above, "center"),
        (0, -above, "center"),
        (corner, above, "left"),
        (corner, -above, "left"),
        (-corner, above, "right"),
        (-corner, -above, "right"),
    )
    for right, up, side in around:
        left = x + right - {"left": 0.0, "center": width / 2, "right": width}[side]
        yield Label(text, right, up, side, Box(left, y + up - _LINE / 2, left + width, y + up + _LINE / 2))
