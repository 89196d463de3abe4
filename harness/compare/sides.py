"""Arrange the sides of a comparison in groups; the sides of a group are compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from harness.document.format import join_words
from harness.document.labels import ROLES
from harness.errors import UsageError
from harness.records import Role, System

By = Literal["run", "system", "prompt", "model"]
RunSystems = Mapping[str, Sequence[System]]
"""Run → its systems, in the order given."""


@dataclass(frozen=True, slots=True)
class Side:
    """One or more systems of a run that are compared as one."""

    name: str
    run: str
    systems: tuple[str, ...]
    role: Role
    """``system`` if any of the systems is under test."""


Groups = Mapping[str, tuple[Side, ...]]
"""Name → sides. If runs are compared, each system is a group, and its runs are the sides; else '' is the only group."""


def arrange_sides(runs: RunSystems, by: By) -> tuple[Groups, tuple[str, ...]]:
    """Group the sides, and list the systems that are left out, each with the reason.

    Raises UsageError if there are fewer than two sides.
    """
    if by == "run":
        return _arrange_runs(runs)
    if by == "system":
        sides = [_make_side(_name_side(runs, run, each.name), run, [each]) for run in runs for each in runs[run]]
        left_out: tuple[str, ...] = ()
    else:
        sides, left_out = _arrange_parts(runs, by)
    if len(sides) < 2:
        found = f"only the {by} {sides[0].name}" if sides else f"no {by}s"
        what = f"{join_words(list(runs))} {'has' if len(runs) == 1 else 'have'} {found}"
        raise UsageError(f"nothing to compare: {what}; add a run, or change --by")
    return {"": tuple(sides)}, left_out


def _arrange_runs(runs: RunSystems) -> tuple[Groups, tuple[str, ...]]:
    if len(runs) < 2:
        raise UsageError("--by run needs two runs; name another, or compare the systems of one: --by system")
    sides: dict[str, list[Side]] = {}
    for run, systems in runs.items():
        for system in systems:
            sides.setdefault(system.name, []).append(_make_side(run, run, [system]))
    groups = {name: tuple(of_name) for name, of_name in sides.items() if len(of_name) > 1}
    if not groups:
        each = "; ".join(f"{run}: {', '.join(system.name for system in systems)}" for run, systems in runs.items())
        raise UsageError(f"the runs have no system in common ({each}); to compare all of them: --by system")
    return groups, tuple(f"{name} is only in {sides[name][0].name}" for name in sides if name not in groups)


def _arrange_parts(runs: RunSystems, by: Literal["prompt", "model"]) -> tuple[list[Side], tuple[str, ...]]:
    """Keep the models that ran with every prompt (to compare prompts), or the prompts that ran with every model.

    A system without a prompt is left out if prompts are compared, and kept if models are.
    """
    other = "model" if by == "prompt" else "prompt"
    get_part, get_partner = attrgetter(by), attrgetter(other)  # both are fields of ``System``
    parts: dict[tuple[str, str], list[System]] = {}  # (run, prompt or model) → its systems
    left_out: list[str] = []
    for run, systems in runs.items():
        for system in systems:
            part = get_part(system)
            if part is None:
                left_out.append(f"{_name_side(runs, run, system.name)} takes no prompt")
            else:
                parts.setdefault((run, part), []).append(system)
    prompted = [set(map(get_partner, systems)) for systems in parts.values() if systems[0].prompt is not None]
    common = set.intersection(*prompted) if prompted else set()
    if prompted and not common:
        raise UsageError(f"the {by}s have no {other}s in common, so they cannot be compared; compare --by system")
    sides = []
    for (run, part), systems in parts.items():
        members = [each for each in systems if each.prompt is None or get_partner(each) in common]
        sides.append(_make_side(_name_side(runs, run, part), run, members))
        names = [_name_side(runs, run, each.name) for each in systems if each not in members]
        left_out += [f"{name}: its {other} did not run with every {by}" for name in names]
    return sides, tuple(left_out)


def _make_side(name: str, run: str, systems: Iterable[System]) -> Side:
    names, roles = zip(*((system.name, system.role) for system in systems), strict=True)
    return Side(name, run, names, min(roles, key=list(ROLES).index))


def _name_side(runs: RunSystems, run: str, name: str) -> str:
    """``lead``, or ``base: lead`` if there are several runs."""
    return name if len(runs) == 1 else f"{run}: {name}"
