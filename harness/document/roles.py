"""Which rows are under test, and which say how low and how high a number can be."""

from __future__ import annotations

from collections.abc import Iterable

from harness.records import Role, System

TITLES: dict[Role, str] = {"system": "Systems", "floor": "Floor", "ceiling": "Ceiling"}
MADE_OF: dict[Role, str] = {
    "floor": "sentences picked without a model",
    "ceiling": "summaries by people, or sentences picked to match them",
}


def grouped(systems: Iterable[System]) -> dict[Role, list[System]]:
    """The systems by role, in their order; a role that none has is left out."""
    listed = list(systems)
    groups = {role: [system for system in listed if system.role == role] for role in TITLES}
    return {role: members for role, members in groups.items() if members}
