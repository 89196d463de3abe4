"""The sides of a comparison, and the groups in which they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from harness.errors import UsageError
from harness.records import System

By = Literal["run", "system", "prompt", "model"]
RunSystems = Mapping[str, Sequence[System]]
"""Run → its systems, in the order given."""


@dataclass(frozen=True, slots=True)
class Side:
    """One or more systems of a run that are compared as one."""

    name: str
    run: int
    systems: tuple[str, ...]


class SideGroup(NamedTuple):
    """Sides that are compared with each other."""

    name: str
    """The system whose runs are compared; empty if systems, prompts or models are compared."""
    sides: tuple[Side, ...]


class Sides(NamedTuple):
    groups: tuple[SideGroup, ...]
    left_out: tuple[str, ...] = ()
    """The systems that are left out, each with the reason."""


def arrange_sides(runs: RunSystems, by: By) -> Sides:
    """Group the sides that are compared with each other; UsageError if there are fewer than two."""
    if by == "run":
        return _arrange_runs(runs)
    if by == "system":
        each = [(number, run, system.name) for number, run in enumerate(runs) for system in runs[run]]
        sides = Sides((SideGroup("", tuple(Side(_label(runs, run, name), at, (name,)) for at, run, name in each)),))
    else:
        sides = _arrange_parts(runs, by)
    if len(sides.groups[0].sides) < 2:
        one = ", ".join(side.name for side in sides.groups[0].sides) or "none"
        raise UsageError(
            f"nothing to compare: fewer than two {by}s ({one}) in {', '.join(runs)}; add a run, or change --by"
        )
    return sides


def _arrange_runs(runs: RunSystems) -> Sides:
    if len(runs) < 2:
        raise UsageError("--by run needs two runs; name another, or compare the systems of one: --by system")
    names = {run: [system.name for system in systems] for run, systems in runs.items()}
    groups, left_out = [], []
    for name in dict.fromkeys(name for of_run in names.values() for name in of_run):
        sides = [Side(run, number, (name,)) for number, run in enumerate(runs) if name in names[run]]
        if len(sides) > 1:
            groups.append(SideGroup(name, tuple(sides)))
        else:
            left_out.append(f"{name} is only in {sides[0].name}")
    if not groups:
        each = "; ".join(f"{run}: {', '.join(of_run)}" for run, of_run in names.items())
        raise UsageError(f"the runs have no system in common ({each}); to compare all of them: --by system")
    return Sides(tuple(groups), tuple(left_out))


def _arrange_parts(runs: RunSystems, by: Literal["prompt", "model"]) -> Sides:
    """Compare prompts on the models that ran with every prompt, or models on the prompts that every model ran with.

    A model without a prompt is a side of its own among models, and is left out among prompts.
    """
    members: dict[tuple[int, str], dict[str, str]] = {}
    alone: dict[tuple[int, str], Side] = {}
    left_out: list[str] = []
    for number, run in enumerate(runs):
        for system in runs[run]:
            if system.prompt is not None:
                key, partner = (system.prompt, system.model) if by == "prompt" else (system.model, system.prompt)
                members.setdefault((number, key), {})[partner] = system.name
            elif by == "prompt":
                left_out.append(f"{_label(runs, run, system.name)} takes no prompt")
            else:  # systems replayed from one model are one side
                side = alone.get((number, system.model), Side(_label(runs, run, system.model), number, ()))
                alone[number, system.model] = replace(side, systems=(*side.systems, system.name))
    common = set.intersection(*map(set, members.values())) if members else set()
    partners = "models" if by == "prompt" else "prompts"
    if members and not common:
        raise UsageError(f"the {by}s have no {partners} in common, so they cannot be compared; compare --by system")
    sides = []
    for (number, key), systems in members.items():
        shared = tuple(systems[partner] for partner in systems if partner in common)
        sides.append(Side(_label(runs, list(runs)[number], key), number, shared))
        left_out += [
            f"{name}: its {partners[:-1]} did not run with every {by}"
            for partner, name in systems.items()
            if partner not in common
        ]
    return Sides((SideGroup("", (*sides, *alone.values())),), tuple(left_out))


def _label(runs: RunSystems, run: str, name: str) -> str:
    return name if len(runs) == 1 else f"{run}: {name}"
