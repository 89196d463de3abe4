"""Two metrics against each other: a numbered point a system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from statistics import median
from typing import TYPE_CHECKING

from harness.document import format as fmt
from harness.document.pictures.axes import named, plain_axes
from harness.document.pictures.ink import INK, LINE, MUTED, OF_ROLE, SHAPE, SIGN, shapes
from harness.document.pictures.picture import Picture
from harness.records import Metric, Role
from harness.report.leaderboard import Row, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PLACES = tuple(
    (across * far, up * far)
    for far in (9, 16)
    for across, up in ((0.9, 0.7), (0.9, -0.7), (-0.9, 0.7), (-0.9, -0.7), (0, 1), (0, -1), (1.2, 0), (-1.2, 0))
)
"""Where the number of a point may stand, in points of print from it: the first that is clear is taken."""
_CLEAR = 9
"""Points of print that are clear around a number."""
Place = tuple[float, float]
"""To the right and up, in points of print."""
_TICKS = 60
"""Up to so many references each have their tick on the axis; of more, the median alone is marked."""


@dataclass(frozen=True, slots=True)
class Point:
    """A system, by its number in the table beside the drawing."""

    number: int
    role: Role
    across: float
    up: float


@dataclass(frozen=True, slots=True)
class Scatter:
    """The drawing."""

    points: tuple[Point, ...]
    across: str
    """What goes to the right."""
    up: str
    share: bool
    """Whether what goes to the right lies between 0 and 1, as what goes up does."""
    references: tuple[float, ...] = ()
    """Where references lie on the axis to the right."""

    @property
    def size(self) -> tuple[float, float]:
        return 4.8, 3.6

    def draw(self, figure: Figure) -> None:
        axes = plain_axes(figure, (0.14, 0.14, 0.82, 0.83))
        axes.grid(color=LINE, linewidth=0.8)
        if self.references:
            self._references(axes)
        for point in self.points:
            axes.plot(
                [point.across], [point.up], SHAPE[point.role], color=OF_ROLE[point.role], markersize=6.5, clip_on=False
            )
        axes.margins(0.12)
        axes.set(xlabel=named(self.across), ylabel=named(self.up), ylim=_within(axes.get_ylim()))
        if self.share:
            axes.set_xlim(_within(axes.get_xlim()))
        self._numbers(axes, 72 / figure.dpi)

    def _numbers(self, axes: Axes, unit: float) -> None:
        """Each point's number beside it, clear of points, numbers and the references' line where that can be.

        ``unit``: points of print in a pixel.
        """
        pixels = axes.transData.transform([(point.across, point.up) for point in self.points])
        taken = [(float(x) * unit, float(y) * unit) for x, y in pixels]
        line = float(axes.transData.transform((median(self.references), 0))[0]) * unit if self.references else None
        for point, (x, y) in zip(self.points, tuple(taken), strict=True):
            near = [(x + right, y + high) for right, high in _PLACES]
            room = {place: _room(place, taken, line) for place in near}
            place = next((each for each in near if room[each] >= _CLEAR), max(near, key=room.__getitem__))
            axes.annotate(
                str(point.number), (point.across, point.up), (place[0] - x, place[1] - y), textcoords="offset points",
                color=INK, ha="center", va="center",
            )  # fmt: skip  # one call
            taken.append(place)

    def _references(self, axes: Axes) -> None:
        middle = median(self.references)
        axes.axvline(middle, color=MUTED, linewidth=1, linestyle="--")
        axes.annotate(
            "references", (middle, 0.985), (4, 0), xycoords=("data", "axes fraction"), textcoords="offset points",
            color=MUTED, va="top",
        )  # fmt: skip  # one call
        if len(self.references) <= _TICKS:
            below = axes.get_xaxis_transform()
            ticks = [0.0] * len(self.references)
            axes.plot(self.references, ticks, "|", color=INK, markersize=11, transform=below, clip_on=False)


def _room(place: Place, taken: Sequence[Place], line: float | None) -> float:
    """How far a place is from the nearest thing: what is ``taken``, and a vertical line."""
    nearest = min(dist(place, other) for other in taken)
    return nearest if line is None else min(nearest, abs(place[0] - line))


def _within(limits: tuple[float, float]) -> tuple[float, float]:
    """The limits of an axis, as far as shares go."""
    return max(0, limits[0]), min(1, limits[1])


def scatter(board: Table, across: Metric, up: Metric, references: Sequence[float] = ()) -> Picture | None:
    """One metric against another; None where no system has a value of both.

    ``references``: the values that references have of the metric to the right.
    """
    first, second = (board.metrics.index(metric) for metric in (across, up))
    rows = [(number, row, row.cells[first], row.cells[second]) for number, row in enumerate(board.rows, 1)]
    points = tuple(
        Point(number, row.system.role, right.value, high.value)
        for number, row, right, high in rows
        if right.value is not None and high.value is not None
    )
    if not points:
        return None
    table = tuple((f"{number} {_name(row)}", right.form, high.form) for number, row, right, high in rows)
    return Picture(
        id=f"scatter-{up.name}-{across.name}".replace(".", "-"),
        title=f"{up.title} against {_lower(across.title)}",
        told=f"Each point has its number in the table.{shapes(point.role for point in points)}{_told(references)}",
        heads=("№ System", across.title, up.title),
        rows=table,
        drawing=Scatter(points, across.title, up.title, across.format == "share", tuple(references)),
        keyed=True,
    )


def _name(row: Row) -> str:
    return f"{SIGN[row.system.role]} {row.system.name}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _told(references: Sequence[float]) -> str:
    if not references:
        return ""
    middle = fmt.count(median(references))
    ticks = "; the ticks below are the references" if len(references) <= _TICKS else ""
    return (
        f" The dashed line is the median length of {fmt.plural(len(references), 'reference')}, {middle} words{ticks}."
    )
