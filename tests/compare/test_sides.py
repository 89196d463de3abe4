"""The sides of a comparison and their groups."""

from __future__ import annotations

import pytest

from harness.compare.sides import RunSystems, Side, arrange_sides
from harness.errors import UsageError
from harness.records import System


def system(name: str, variant: str | None = None) -> System:
    """``model/prompt`` is a generative model under a prompt, a plain name a baseline."""
    model, _, prompt = name.partition("/")
    return System(name, model, "kind", prompt or None, variant, "signature")


def run(name: str, *systems: str) -> RunSystems:
    return {name: tuple(map(system, systems))}


def test_runs_are_compared_by_the_systems_they_share() -> None:
    found = arrange_sides({**run("old", "lead", "gone"), **run("new", "lead", "added")}, "run")
    assert [(group.name, group.sides) for group in found.groups] == [
        ("lead", (Side("old", 0, ("lead",)), Side("new", 1, ("lead",))))
    ]
    assert found.left_out == ("gone is only in old", "added is only in new")


def test_systems_of_several_runs_are_prefixed_with_the_run() -> None:
    (group,) = arrange_sides({**run("old", "lead"), **run("new", "lead")}, "system").groups
    assert [side.name for side in group.sides] == ["old: lead", "new: lead"]


def test_prompts_are_compared_over_their_common_models() -> None:
    found = arrange_sides(
        run("run", "lead", "big/plain", "big/short", "small/plain", "small/short", "tiny/plain"), "prompt"
    )
    (group,) = found.groups
    assert group.sides == (
        Side("plain", 0, ("big/plain", "small/plain")),
        Side("short", 0, ("big/short", "small/short")),
    )
    assert found.left_out == ("lead takes no prompt", "tiny/plain: its model did not run with every prompt")


def test_models_are_compared_over_their_common_prompts() -> None:
    (group,) = arrange_sides(run("run", "lead", "big/plain", "big/short", "small/plain"), "model").groups
    assert group.sides == (
        Side("big", 0, ("big/plain",)),
        Side("small", 0, ("small/plain",)),
        Side("lead", 0, ("lead",)),
    )


def test_variants_of_a_replayed_model_are_one_side() -> None:
    replayed = System("x", "replay", "replay", None, "x", "s"), System("y", "replay", "replay", None, "y", "s")
    (group,) = arrange_sides({"run": (*replayed, system("lead"))}, "model").groups
    assert [side.systems for side in group.sides] == [("x", "y"), ("lead",)]


@pytest.mark.parametrize(
    ("runs", "by", "message"),
    [
        (run("run", "lead"), "system", "nothing to compare: fewer than two systems"),
        (run("run", "lead"), "run", "--by run needs two runs"),
        (run("run", "lead"), "prompt", "fewer than two prompts"),
        ({**run("old", "lead"), **run("new", "oracle")}, "run", "the runs have no system in common"),
        (run("run", "big/plain", "small/short"), "prompt", "have no models in common"),
    ],
)
def test_nothing_to_compare_names_the_remedy(runs: RunSystems, by: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        arrange_sides(runs, by)  # type: ignore[arg-type]  # a literal, by way of a parameter
