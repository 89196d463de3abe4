"""What is compared with what: the sides of a comparison, and the groups in which they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.errors import UsageError
from harness.records import System

By = Literal["run", "system", "prompt", "model"]


RunSystems = Mapping[str, Sequence[System]]
"""The runs that take part, by name and in the order given, with the systems in each."""


@dataclass(frozen=True, slots=True)
class Side:
    """Systems of one run that count as one."""

    name: str
    run: int
    """The position of its run."""
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideGroup:
    """Sides that are compared with each other."""

    name: str
    """The system that all its sides are of, where runs are compared; empty elsewhere."""
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """Every group, and in words what takes no part."""

    groups: tuple[SideGroup, ...]
    left_out: tuple[str, ...] = ()


def sides_of(runs: RunSystems, by: By) -> Sides:
    """The groups; UsageError where there are not two sides to compare."""
    if by == "run":
        return _by_run(runs)
    sides = _by_system(runs) if by == "system" else _by_part(runs, by)
    if len(sides.groups[0].sides) < 2:
        one = ", ".join(side.name for side in sides.groups[0].sides) or "none"
        raise UsageError(
            f"nothing to compare: the {by}s of {', '.join(runs)} come to {one}; give a second run, or another --by"
        )
    return sides


def _by_run(runs: RunSystems) -> Sides:
    """Each system in a group of its own, with a side for each run that it is in."""
    if len(runs) < 2:
        raise UsageError("to compare by run takes two runs; name another, or compare one run --by system")
    names = {run: [system.name for system in systems] for run, systems in runs.items()}
    groups, left_out = [], []
    for name in dict.fromkeys(name for of_run in names.values() for name in of_run):
        sides = [Side(run, number, (name,)) for number, run in enumerate(runs) if name in names[run]]
        if len(sides) > 1:
            groups.append(SideGroup(name, tuple(sides)))
        else:
            left_out.append(f"{name} is in {sides[0].name} alone")
    if not groups:
        each = "; ".join(f"{run}: {', '.join(of_run)}" for run, of_run in names.items())
        raise UsageError(f"no system is in two of the runs ({each}); to compare all of them: --by system")
    return Sides(tuple(groups), tuple(left_out))


def _by_system(runs: RunSystems) -> Sides:
    sides = [
        Side(_label(runs, run, system.name), number, (system.name,))
        for number, run in enumerate(runs)
        for system in runs[run]
    ]
    return Sides((SideGroup("", tuple(sides)),))


def _by_part(runs: RunSystems, by: Literal["prompt", "model"]) -> Sides:
    """Prompts over the models that ran under every one of them, or models over their common prompts.

    A model that takes no prompt is compared as it is; it has no place in a comparison of prompts.
    """
    members: dict[tuple[int, str], dict[str, str]] = {}
    alone: list[Side] = []
    left_out: list[str] = []
    for number, run in enumerate(runs):
        for system in runs[run]:
            if system.prompt is not None:
                own, partner = (system.prompt, system.model) if by == "prompt" else (system.model, system.prompt)
                members.setdefault((number, own), {})[partner] = system.name
            elif by == "prompt":
                left_out.append(f"{_label(runs, run, system.name)} takes no prompt")
            else:
                alone = _added(alone, Side(_label(runs, run, system.model), number, (system.name,)))
    common = set.intersection(*map(set, members.values())) if members else set()
    partners = "models" if by == "prompt" else "prompts"
    if members and not common:
        raise UsageError(f"the {by}s have no {partners} in common, so they cannot be compared; compare --by system")
    sides = []
    for (number, own), systems in members.items():
        shared = tuple(systems[partner] for partner in systems if partner in common)
        sides.append(Side(_label(runs, list(runs)[number], own), number, shared))
        left_out += [
            f"{name}: not every {by} has its {partners[:-1]}"
            for partner, name in systems.items()
            if partner not in common
        ]
    return Sides((SideGroup("", (*sides, *alone)),), tuple(left_out))


def _added(sides: list[Side], side: Side) -> list[Side]:
    """The sides with one more; the variants of one model, as of a replayed file, are one side."""
    for place, other in enumerate(sides):
        if (other.name, other.run) == (side.name, side.run):
            return [*sides[:place], Side(side.name, side.run, (*other.systems, *side.systems)), *sides[place + 1 :]]
    return [*sides, side]


def _label(runs: RunSystems, run: str, name: str) -> str:
    return name if len(runs) == 1 else f"{run}: {name}"
