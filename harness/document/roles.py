"""Which rows are under test, and which say how low and how high a number can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from harness.records import System

Role = Literal["system", "floor", "ceiling"]

TITLES: dict[Role, str] = {"system": "Systems", "floor": "Floor", "ceiling": "Ceiling"}
EXPLAINED: dict[Role, str] = {
    "floor": "Floor: sentences of the article, picked without a model.",
    "ceiling": "Ceiling: written by people, or picked with their summaries in hand.",
}

_ROLES: dict[str, Role] = {"lead": "floor", "textrank": "floor", "oracle": "ceiling", "human": "ceiling"}


def role(system: System) -> Role:
    """A baseline that reads only the article is the floor, one that has seen the references the ceiling."""
    return _ROLES.get(system.kind, "system")


def grouped(systems: Iterable[System]) -> dict[Role, list[System]]:
    """The systems by role, in their order; a role that none has is left out."""
    listed = list(systems)
    groups = {name: [system for system in listed if role(system) == name] for name in TITLES}
    return {name: members for name, members in groups.items() if members}
