"""Two metrics against each other: a numbered point a system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from statistics import median
from typing import TYPE_CHECKING

from harness.records import Metric
from harness.reports import format as fmt
from harness.reports.leaderboard import Row, Table
from harness.reports.pictures.axes import named, plain_axes
from harness.reports.pictures.ink import INK, LINE, MUTED, OF_ROLE, SHAPE, SHAPES, SIGN
from harness.reports.pictures.picture import Picture
from harness.reports.roles import Role, role

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CORNERS = ((9, 7), (9, -7), (-9, 7), (-9, -7))
"""Points of print from a point to its number."""
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
        axes = plain_axes(figure, (0.11, 0.14, 0.84, 0.83))
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
        self._numbers(axes)

    def _numbers(self, axes: Axes) -> None:
        """Each point's number beside it, in the corner that lies farthest from what is there already."""
        places = [axes.transData.transform((point.across, point.up)) for point in self.points]
        taken = [(x, y) for x, y in places]
        for point, (x, y) in zip(self.points, places, strict=True):
            others = [place for place in taken if place != (x, y)]
            corner = max(
                _CORNERS, key=lambda by: min((dist(other, (x + by[0], y + by[1])) for other in others), default=0)
            )
            axes.annotate(
                str(point.number), (point.across, point.up), corner, textcoords="offset points", color=INK, ha="center",
                va="center",
            )  # fmt: skip  # one call
            taken.append((x + corner[0], y + corner[1]))

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
        Point(number, role(row.system), right.value, high.value)
        for number, row, right, high in rows
        if right.value is not None and high.value is not None
    )
    if not points:
        return None
    table = tuple((f"{number} {_name(row)}", right.form, high.form) for number, row, right, high in rows)
    return Picture(
        id=f"scatter-{up.name}-{across.name}".replace(".", "-"),
        title=f"{up.title} against {_lower(across.title)}",
        told=f"A point a system, with its number in the table: {SHAPES}.{_told(references)}",
        heads=("№ System", across.title, up.title),
        rows=table,
        drawing=Scatter(points, across.title, up.title, across.format == "share", tuple(references)),
        keyed=True,
    )


def _name(row: Row) -> str:
    return f"{SIGN[role(row.system)]} {row.system.name}"


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
