"""The colours of pictures. The library draws in these stand-ins, and ``svg`` puts the page's own in their place.

The page's differ between light and dark. Shape and place say the same without colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.records import Role, System

INK = "#000001"
MUTED = "#000002"
LINE = "#000003"
BLUE = "#000004"
PAPER = "#000005"
RED = "#000006"

VARIABLES: Mapping[str, str] = {
    INK: "--ink",
    MUTED: "--muted",
    LINE: "--line",
    BLUE: "--link",
    PAPER: "--paper",
    RED: "--contradicted",
}
"""Stand-in → the variable of the page's style."""

OF_ROLE: Mapping[Role, str] = {"system": BLUE, "floor": MUTED, "ceiling": MUTED}
SHAPE: Mapping[Role, str] = {"system": "o", "floor": "s", "ceiling": "^"}
"""Of the points: matplotlib's names of a disc, a square and a triangle."""
SIGN: Mapping[Role, str] = {"system": "●", "floor": "■", "ceiling": "▲"}
"""The shapes as characters, for tables and captions."""


def signed(system: System) -> str:
    """``● lead``: a system with the shape of its role before its name."""
    return f"{SIGN[system.role]} {system.name}"


def shapes(roles: Iterable[Role]) -> str:
    """`` ● a system, ■ the floor.``: what the shapes stand for, as a further sentence; empty where there is one."""
    names: Mapping[Role, str] = {"system": "a system", "floor": "the floor", "ceiling": "the ceiling"}
    present = set(roles)
    shown = ", ".join(f"{SIGN[role]} {what}" for role, what in names.items() if role in present)
    return f" {shown}." if len(present) > 1 else ""
