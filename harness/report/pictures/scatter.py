"""Two metrics against each other: a point a system, with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from harness.document import format as fmt
from harness.document.pictures.drawing import (
    INK,
    LINE,
    MUTED,
    OF_ROLE,
    SHAPE,
    named,
    plain_axes,
    shapes,
    signed,
    tooltip,
)
from harness.document.pictures.picture import Picture
from harness.document.pictures.placing import Box, Label, labels
from harness.records import Metric, Role
from harness.report import words
from harness.report.leaderboard import MetricTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _LOW, _WIDE, _HIGH = 0.14, 0.14, 0.82, 0.83
"""Where the axes lie, in shares of the drawing."""
_TICKS = 60
"""Up to so many references each have their tick on the axis; of more, the median alone is marked."""


@dataclass(frozen=True, slots=True)
class Point:
    """A system with its two values, and how they are written."""

    name: str
    role: Role
    across: float
    up: float
    forms: tuple[str, str]


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

    @property
    def labels(self) -> tuple[Label, ...]:
        """The points' names, or their numbers where there is no clear place for a name."""
        across, up = self._limits
        width, height = (72 * inches for inches in self.size)
        left, low, right, high = (_LEFT * width, _LOW * height, (_LEFT + _WIDE) * width, (_LOW + _HIGH) * height)

        def place(x: float, y: float) -> tuple[float, float]:
            return (
                left + (right - left) * (x - across[0]) / (across[1] - across[0]),
                low + (high - low) * (y - up[0]) / (up[1] - up[0]),
            )

        taken = []
        if self.references:
            middle, _ = place(median(self.references), up[0])
            taken = [Box(middle - 1, low, middle + 1, high), Box(middle, high - 14, middle + 62, high)]
        room = Box(left, low + 6 * bool(self.references), width, high + 6)
        points = [place(point.across, point.up) for point in self.points]
        return labels(points, [named(point.name) for point in self.points], room, taken)

    @property
    def _limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ends of both axes; those of shares stay between 0 and 1."""
        across = _padded([*(point.across for point in self.points), *self.references])
        return (_within(across) if self.share else across), _within(_padded([point.up for point in self.points]))

    def draw(self, figure: Figure) -> None:
        axes = plain_axes(figure, (_LEFT, _LOW, _WIDE, _HIGH))
        axes.grid(color=LINE, linewidth=0.8)
        across, up = self._limits
        axes.set(xlabel=named(self.across), ylabel=named(self.up), xlim=across, ylim=up)
        if self.references:
            self._references(axes)
        for point, label in zip(self.points, self.labels, strict=True):
            axes.plot(
                [point.across], [point.up], SHAPE[point.role], color=OF_ROLE[point.role], markersize=6.5, clip_on=False,
                gid=tooltip(f"{point.name}: {self.across} {point.forms[0]}, {self.up} {point.forms[1]}"),
            )  # fmt: skip  # one call
            axes.annotate(
                label.text, (point.across, point.up), (label.right, label.up), textcoords="offset points",
                color=INK, ha=label.side, va="center",
            )  # fmt: skip  # one call

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


def _padded(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis that shows these values with some room around them."""
    low, high = min(values), max(values)
    margin = 0.12 * (high - low) or 0.05 * abs(high) or 0.05
    return low - margin, high + margin


def _within(limits: tuple[float, float]) -> tuple[float, float]:
    """The limits of an axis, as far as shares go."""
    return max(0, limits[0]), min(1, limits[1])


def scatter(board: MetricTable, across: Metric, up: Metric, references: Sequence[float] = ()) -> Picture | None:
    """One metric against another; None where no system has a value of both.

    ``references``: the values that references have of the metric to the right.
    """
    first, second = (board.metrics.index(metric) for metric in (across, up))
    rows = [(row, row.cells[first], row.cells[second]) for row in board.rows]
    shown = [(row, right, high) for row, right, high in rows if right.value is not None and high.value is not None]
    points = tuple(
        Point(row.system.name, row.system.role, right.value or 0.0, high.value or 0.0, (right.form, high.form))
        for row, right, high in shown
    )
    if not points:
        return None
    drawing = Scatter(points, across.title, up.title, across.format == "share", tuple(references))
    keyed = any(label.text != named(point.name) for label, point in zip(drawing.labels, points, strict=True))
    rest = [each for each in rows if each not in shown]
    table = [
        (f"{f'{at} ' if keyed else ''}{signed(row.system)}", x.form, y.form) for at, (row, x, y) in enumerate(shown, 1)
    ]
    table += [(signed(row.system), right.form, high.form) for row, right, high in rest]
    key = words.NUMBERED if keyed else ""
    return Picture(
        id=f"scatter-{up.name}-{across.name}".replace(".", "-"),
        title=f"{up.title} against {_lower(across.title)}",
        caption=" ".join(filter(None, [key, shapes(point.role for point in points).strip(), _axis_note(references)])),
        heads=("System", across.title, up.title),
        rows=tuple(table),
        drawing=drawing,
        keyed=keyed,
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _axis_note(references: Sequence[float]) -> str:
    if not references:
        return ""
    return words.reference_lengths(len(references), fmt.count(median(references)), len(references) <= _TICKS)
