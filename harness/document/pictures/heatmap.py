"""A number for each system and kind: the deeper its ground, the more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.document.pictures.axes import named, plain_axes
from harness.document.pictures.ink import BLUE, INK, MUTED, PAPER
from harness.document.pictures.svg import tooltip

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW = 0.26
"""Inches: the height of a row."""
_COLUMN = 0.4
"""The width of a column."""
_NAMES = 1.72
"""The width of the rows' names."""
_HEADS = 0.65
"""The height of the columns' names, which slant."""
_BEYOND = 0.4
"""How far the last column's name reaches beyond its column."""
_DEEPEST = 0.45
"""How much of the colour the largest value has: text on it stays legible."""


@dataclass(frozen=True, slots=True)
class Heatmap:
    """The drawing. A cell is its form and, from 0 to 1, how deep its ground is; None where there is no number."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[tuple[str, float] | None, ...], ...]

    @property
    def size(self) -> tuple[float, float]:
        return _NAMES + _COLUMN * len(self.columns) + _BEYOND, _HEADS + _ROW * len(self.rows)

    def draw(self, figure: Figure) -> None:
        from matplotlib.patches import Rectangle

        width, height = self.size
        across, down = _COLUMN * len(self.columns), _ROW * len(self.rows) - 0.02
        axes = plain_axes(figure, (_NAMES / width, 0.02 / height, across / width, down / height))
        for line, cells in enumerate(self.cells):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                form, depth = cell
                axes.add_patch(
                    Rectangle(
                        (column, line),
                        1,
                        1,
                        facecolor=BLUE,
                        alpha=_DEEPEST * depth,
                        linewidth=0,
                        gid=tooltip(f"{self.rows[line]}, {self.columns[column]}: {form}"),
                    )
                )
                axes.text(column + 0.5, line + 0.5, form, ha="center", va="center_baseline", color=INK)
        for line in range(1, len(self.rows)):
            axes.axhline(line, color=PAPER, linewidth=1.5)
        axes.set(xlim=(0, len(self.columns)), ylim=(len(self.rows), 0))
        axes.set_yticks([line + 0.5 for line in range(len(self.rows))], [named(name) for name in self.rows])
        axes.xaxis.tick_top()
        axes.set_xticks([column + 0.4 for column in range(len(self.columns))], self.columns, rotation=40, ha="left")
        axes.tick_params(length=0)
        axes.tick_params(axis="y", labelcolor=INK)
        axes.tick_params(axis="x", labelcolor=MUTED)
        for spine in axes.spines.values():
            spine.set_visible(False)
