"""Axes as all pictures have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.document.pictures.ink import INK, MUTED
from harness.document.pictures.svg import clean
from harness.document.plain import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 24
"""Characters of a name in a drawing; the table beside it has all of it."""


def plain_axes(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    """Axes without a ground, at a place (left, bottom, width, height) in shares of the figure."""
    figure.patch.set_visible(False)
    axes = figure.add_axes(place)
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    axes.tick_params(color=MUTED, labelcolor=MUTED, width=0.8, length=3)
    for spine in axes.spines.values():
        spine.set_color(MUTED)
        spine.set_linewidth(0.8)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    return axes


def named(name: str) -> str:
    """A name from outside as it stands in a drawing: on one line, its middle left out where it is long."""
    text = clean(plain(name))
    half = (_LONGEST - 1) // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}…{text[-half:]}"
