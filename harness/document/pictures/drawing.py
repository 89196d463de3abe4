"""What all pictures are drawn with: colours, shapes, names, axes.

The library draws in stand-ins for the colours, and ``svg`` puts the page's own in their place.
The page's differ between light and dark. Shape and place say the same without colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from harness.document.plain import plain
from harness.records import Role, System

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#000001"
MUTED = "#000002"
LINE = "#000003"
BLUE = "#000004"
PAPER = "#000005"

VARIABLES: Mapping[str, str] = {
    INK: "--ink",
    MUTED: "--muted",
    LINE: "--line",
    BLUE: "--link",
    PAPER: "--paper",
}
"""Stand-in → the variable of the page's style."""

OF_ROLE: Mapping[Role, str] = {"system": BLUE, "floor": MUTED, "ceiling": MUTED}
SHAPE: Mapping[Role, str] = {"system": "o", "floor": "s", "ceiling": "^"}
"""Matplotlib's names of the points: a disc, a square and a triangle."""
SIGN: Mapping[Role, str] = {"system": "●", "floor": "■", "ceiling": "▲"}
"""The shapes as characters, for tables and captions."""

_LONGEST = 24
"""Characters of a name in a drawing; the table beside it has all of it."""
TOOLTIP = "tooltip: "
"""Begins the id that the library writes on what has a name of its own."""
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What cannot stand in XML."""


def signed(system: System) -> str:
    """``● lead``: a system with the shape of its role before its name."""
    return f"{SIGN[system.role]} {system.name}"


def shapes(roles: Iterable[Role]) -> str:
    """`` ● a system, ■ the floor, ▲ the ceiling.``: what shapes stand for, a further sentence; empty of one shape."""
    names: Mapping[Role, str] = {"system": "a system", "floor": "the floor", "ceiling": "the ceiling"}
    present = set(roles)
    shown = ", ".join(f"{SIGN[role]} {what}" for role, what in names.items() if role in present)
    return f" {shown}." if len(present) > 1 else ""


def tooltip(text: str) -> str:
    """The ``gid`` of a thing that is drawn, which names it where one points at it, and for a screen reader."""
    return f"{TOOLTIP}{clean(plain(text))}"


def clean(text: str) -> str:
    """Text that may stand in a drawing: what XML forbids is left out."""
    return _FORBIDDEN.sub("", text)


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
