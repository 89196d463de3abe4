"""The roles of systems: under test, floor or ceiling."""

from __future__ import annotations

from collections.abc import Iterable

from harness.records import Role, System

TITLES: dict[Role, str] = {"system": "Systems", "floor": "Floor", "ceiling": "Ceiling"}
MADE_OF: dict[Role, str] = {
    "floor": "sentences picked without a model",
    "ceiling": "summaries by people, or sentences picked to match them",
}


def grouped(systems: Iterable[System]) -> dict[Role, list[System]]:
    """Group the systems by role, in their order; leave out roles that no system has."""
    listed = list(systems)
    groups = {role: [system for system in listed if system.role == role] for role in TITLES}
    return {role: members for role, members in groups.items() if members}
