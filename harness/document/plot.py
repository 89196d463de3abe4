"""Pictures of shares: points between 0 and 1 on one axis or two.

This module computes positions in pixels; ``_plot.html.j2`` draws the SVG. Points differ in shape as well as colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harness.document.format import plain
from harness.records import Role

SIGNS: dict[Role, str] = {"system": "●", "floor": "■", "ceiling": "▲"}

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    name: str
    across: float
    up: float = 0.0
    across_range: Range | None = None
    up_range: Range | None = None
    """Ends of the whisker."""
    forms: tuple[str, ...] = ()
    """The values as written in the table under the picture."""
    shape: Role = "system"
    size: float = 5.0
    """Radius in pixels."""
    strong: bool = False
    """True for a filled point; other points are hollow."""


@dataclass(frozen=True, slots=True)
class Plot:
    title: str
    caption: str
    heads: tuple[str, ...]
    """Headings of the table of numbers: the point, then its ``forms``."""
    points: tuple[Point, ...]
    across: str
    up: str = ""
    """Titles of the axes. Without a title of the second axis, each point has a row of its own."""


class Label(NamedTuple):
    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in pixels, with the ends of its whiskers and its label."""

    point: Point
    x: float
    y: float
    left: float
    right: float
    low: float
    high: float
    label: Label

    @property
    def shape(self) -> str:
        x, y, r = self.x, self.y, self.point.size
        if self.point.shape == "floor":
            return f"M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}z"
        if self.point.shape == "ceiling":
            return f"M{x:.1f} {y - 1.2 * r:.1f}l{1.2 * r:.1f} {2.2 * r:.1f}h{-2.4 * r:.1f}z"
        return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0"


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    ticks: tuple[tuple[str, float, float], ...]
    """For each tick: its text, its x on the horizontal axis, and its y on the vertical axis."""
    marks: tuple[Mark, ...]


_LETTER, _LINE = 6.6, 14.0
"""Width and height of a letter in pixels, with a margin, because the font depends on the reader's machine."""
_LONGEST = 22
"""Maximum number of letters in a label; the table under the picture has the whole name."""


def lay_out(plot: Plot) -> Layout:
    rows = not plot.up
    width, height = 480.0, (48.0 + 26.0 * len(plot.points) if rows else 372.0)
    left, top, right, bottom = (162.0 if rows else 50.0), 12.0, width - (26.0 if rows else 16.0), height - 42.0

    def x(value: float) -> float:
        return left + (right - left) * min(1.0, max(0.0, value))

    def y(value: float) -> float:
        return bottom - (bottom - top) * min(1.0, max(0.0, value))

    marks: list[Mark] = []
    taken = [box for point in plot.points for box in _boxes(point, x, y)]
    for at, point in enumerate(plot.points):
        middle = x(point.across), (top + 13.0 + 26.0 * at if rows else y(point.up))
        across = point.across_range or (point.across, point.across)
        up = point.up_range or (point.up, point.up)
        name = shorten(point.name)
        if rows:
            label = Label(name, left - 12.0, middle[1] + 4.0, "end")
        else:
            label = _place(name, str(at + 1), middle, point.size, taken, (left, top - 8.0, width, bottom))
        ends = (middle[1], middle[1]) if rows else (y(up[0]), y(up[1]))
        marks.append(Mark(point, *middle, x(across[0]), x(across[1]), *ends, label))
    ticks = tuple((f"{value:g}", x(value), y(value)) for value in (0, 0.25, 0.5, 0.75, 1))
    return Layout(width, height, left, top, right, bottom, ticks, tuple(marks))


def shorten(name: str) -> str:
    """Put a name on one line, without its middle if it is long."""
    text, half = plain(name), (_LONGEST - 1) // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}"


_Box = tuple[float, float, float, float]


def _place(name: str, number: str, point: tuple[float, float], size: float, taken: list[_Box], room: _Box) -> Label:
    """Label a point with its name where that covers nothing; if there is no such place, with its number."""
    for text in (name, number):
        for label, box in _places(text, *point, size):
            inside = room[0] <= box[0] and room[1] <= box[1] and box[2] <= room[2] and box[3] <= room[3]
            if inside and not any(
                box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
            ):
                taken.append(box)
                return label
    return Label(number, point[0] + size + 4, point[1] + 4, "start")


def _places(text: str, x: float, y: float, size: float) -> Iterator[tuple[Label, _Box]]:
    width, aside = _LETTER * len(text), size + 5
    sides: Sequence[tuple[float, float, Literal["start", "middle", "end"]]] = (
        (aside, 4, "start"),
        (-aside, 4, "end"),
        (0, -aside, "middle"),
        (0, aside + 9, "middle"),
        (aside, -8, "start"),
        (aside, 17, "start"),
        (-aside, -8, "end"),
        (-aside, 17, "end"),
    )
    for right, down, anchor in sides:
        start = x + right - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        yield Label(text, x + right, y + down, anchor), (start, y + down - _LINE + 3, start + width, y + down + 3)


def _boxes(point: Point, x: Callable[[float], float], y: Callable[[float], float]) -> Iterator[_Box]:
    across, up = x(point.across), y(point.up)
    yield across - point.size, up - point.size, across + point.size, up + point.size
    if point.across_range:
        yield x(point.across_range[0]), up - 1, x(point.across_range[1]), up + 1
    if point.up_range:
        yield across - 1, y(point.up_range[1]), across + 1, y(point.up_range[0])
