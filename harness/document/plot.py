"""The picture of a report: a scatter plot of two shares, each between 0 and 1.

This module computes positions in pixels; ``_plot.html.j2`` draws the SVG. Points differ in shape as well as colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    up: float
    """The shares on the horizontal and the vertical axis."""
    across_range: Range | None = None
    """Ends of the horizontal whisker."""
    up_range: Range | None = None
    """Ends of the vertical whisker."""
    forms: tuple[str, ...] = ()
    """The values as written in the table under the picture."""
    shape: Role = "system"
    strong: bool = False
    """True for a filled point; other points are hollow."""


@dataclass(frozen=True, slots=True)
class Plot:
    title: str
    caption: str
    heads: tuple[str, ...]
    """Headings of the table under the picture: one for the points' names, then one for each of their ``forms``."""
    points: tuple[Point, ...]
    across: str
    up: str
    """Titles of the axes."""


Anchor = Literal["start", "middle", "end"]


class PointLabel(NamedTuple):
    text: str
    x: float
    y: float
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A point in pixels, with the ends of its whiskers and its label."""

    point: Point
    x: float
    y: float
    left: float
    right: float
    low: float
    high: float
    label: PointLabel

    @property
    def shape(self) -> str:
        """The outline of the point as an SVG path."""
        x, y, r = self.x, self.y, _RADIUS
        if self.point.shape == "floor":
            return f"M{x - r:.1f} {y - r:.1f}h{2 * r:.1f}v{2 * r:.1f}h{-2 * r:.1f}z"
        if self.point.shape == "ceiling":
            return f"M{x:.1f} {y - 1.2 * r:.1f}l{1.2 * r:.1f} {2.2 * r:.1f}h{-2.4 * r:.1f}z"
        return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0"


@dataclass(frozen=True, slots=True)
class Layout:
    """The points in pixels, and the size of the picture with the ends of its axes."""

    points: tuple[PlacedPoint, ...]
    width: float = 480.0
    height: float = 372.0
    left: float = 50.0
    top: float = 12.0
    right: float = 464.0
    bottom: float = 330.0

    @property
    def ticks(self) -> Iterator[tuple[str, float, float]]:
        """For each tick: its text, its x on the horizontal axis, and its y on the vertical axis."""
        return ((f"{share:g}", self.x(share), self.y(share)) for share in (0, 0.25, 0.5, 0.75, 1))

    def x(self, share: float) -> float:
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))


_RADIUS = 5.0
_LETTER, _LINE = 6.6, 14.0
"""Width and height of a letter in pixels, with a margin, because the font depends on the reader's machine."""
_Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
_LONGEST = 22
"""Maximum number of letters in a label; the table under the picture has the whole name."""


def lay_out(plot: Plot) -> Layout:
    frame, placed = Layout(()), list[PlacedPoint]()
    taken = [box for point in plot.points for box in _list_boxes(point, frame)]
    for number, point in enumerate(plot.points, start=1):
        x, y = frame.x(point.across), frame.y(point.up)
        left, right = map(frame.x, point.across_range or (point.across, point.across))
        low, high = map(frame.y, point.up_range or (point.up, point.up))
        label = _place(shorten(point.name), number, x, y, taken, frame)
        placed.append(PlacedPoint(point, x, y, left, right, low, high, label))
    return Layout(tuple(placed))


def shorten(name: str) -> str:
    """Put a name on one line, without its middle if it is long."""
    text, half = plain(name), (_LONGEST - 1) // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}"


def _place(name: str, number: int, x: float, y: float, taken: list[_Box], frame: Layout) -> PointLabel:
    """Label a point with its name at a place where it covers nothing, or with its number if there is no such place."""
    for text in (name, str(number)):
        for label, box in _list_places(text, x, y):
            left, top, right, bottom = box
            is_inside = frame.left <= left and frame.top - 8 <= top and right <= frame.width and bottom <= frame.bottom
            if is_inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                return label
    return PointLabel(str(number), x + _RADIUS + 4, y + 4, "start")


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _list_places(text: str, x: float, y: float) -> Iterator[tuple[PointLabel, _Box]]:
    width, aside = _LETTER * len(text), _RADIUS + 5
    sides: Sequence[tuple[float, float, Anchor]] = (
        (aside, 4, "start"), (-aside, 4, "end"), (0, -aside, "middle"), (0, aside + 9, "middle"),
        (aside, -8, "start"), (aside, 17, "start"), (-aside, -8, "end"), (-aside, 17, "end"),
    )  # fmt: skip  # a table
    for right, down, anchor in sides:
        start = x + right - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        yield PointLabel(text, x + right, y + down, anchor), (start, y + down - _LINE + 3, start + width, y + down + 3)


def _list_boxes(point: Point, frame: Layout) -> Iterator[_Box]:
    """Yield the boxes that a point and its whiskers cover."""
    across, up = frame.x(point.across), frame.y(point.up)
    yield across - _RADIUS, up - _RADIUS, across + _RADIUS, up + _RADIUS
    if point.across_range:
        yield frame.x(point.across_range[0]), up - 1, frame.x(point.across_range[1]), up + 1
    if point.up_range:
        yield across - 1, frame.y(point.up_range[1]), across + 1, frame.y(point.up_range[0])
