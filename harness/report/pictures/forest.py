"""Intervals per system: a point and its interval, a row a system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from harness.records import Metric, System
from harness.report import words
from harness.report.leaderboard import Mean, MetricTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 0.26
"""Inches a row is high."""


@dataclass(frozen=True, slots=True)
class Forest:
    """The drawing: systems that have a value of the metric, with their means of it."""

    rows: tuple[tuple[System, Mean], ...]

    @property
    def size(self) -> tuple[float, float]:
        return 4.8, 0.45 + _ROW * len(self.rows)

    def draw(self, figure: Figure) -> None:
        width, height = self.size
        axes = plain_axes(figure, (1.8 / width, 0.3 / height, (width - 2.35) / width, (height - 0.38) / height))
        for place, (system, mean) in enumerate(self.rows):
            self._row(axes, place, system, mean)
        axes.set_ylim(len(self.rows) - 0.5, -0.5)
        axes.set_yticks(range(len(self.rows)), [named(system.name) for system, _ in self.rows])
        axes.tick_params(axis="y", length=0, pad=7, labelcolor=INK)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=LINE, linewidth=0.8)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "", "0.5", "", "1"])

    def _row(self, axes: Axes, place: int, system: System, mean: Mean) -> None:
        if mean.value is None:
            return
        colour = OF_ROLE[system.role]
        if place and self.rows[place - 1][0].role != system.role:
            axes.axhline(place - 0.5, color=MUTED, linewidth=0.6)
        if mean.low is not None and mean.high is not None:
            axes.plot([mean.low, mean.high], [place, place], color=colour, linewidth=1.8)
        tip = tooltip(f"{system.name}: {mean.form} {mean.interval}".strip())
        axes.plot([mean.value], [place], SHAPE[system.role], color=colour, markersize=5.5, clip_on=False, gid=tip)
        axes.annotate(mean.form, (1.05, place), xycoords=("axes fraction", "data"), va="center", color=INK)


def forest(board: MetricTable, metric: Metric) -> Picture | None:
    """The intervals of a metric that lies between 0 and 1; None where no system has a value."""
    cells = [(row, row.cells[board.metrics.index(metric)]) for row in board.rows]
    drawn = tuple((row.system, cell) for row, cell in cells if cell.value is not None)
    if not drawn:
        return None
    shown = shapes(system.role for system, _ in drawn)
    without = "" if any(mean.low is not None for _, mean in drawn) else drawn[0][1].reason
    caption = words.intervals(metric.title, without)
    return Picture(
        id=f"forest-{board.metrics.index(metric)}",
        title=f"{metric.title}, {metric.better} is better",
        caption=f"{caption}{shown}",
        heads=("System", metric.title, "95% interval"),
        rows=tuple((signed(row.system), cell.form, cell.interval) for row, cell in cells),
        drawing=Forest(drawn),
    )
