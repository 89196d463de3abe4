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
    groups, left_out = arrange_sides({**run("old", "lead", "gone"), **run("new", "lead", "added")}, "run")
    assert groups == {"lead": (Side("old", "old", ("lead",), "system"), Side("new", "new", ("lead",), "system"))}
    assert left_out == ("gone is only in old", "added is only in new")


def test_systems_of_several_runs_are_prefixed_with_the_run() -> None:
    groups, _ = arrange_sides({**run("old", "lead"), **run("new", "lead")}, "system")
    assert [side.name for side in groups[""]] == ["old: lead", "new: lead"]


def test_prompts_are_compared_over_their_common_models() -> None:
    systems = ("lead", "big/plain", "big/short", "small/plain", "small/short", "tiny/plain")
    groups, left_out = arrange_sides(run("run", *systems), "prompt")
    assert {side.name: side.systems for side in groups[""]} == {
        "plain": ("big/plain", "small/plain"), "short": ("big/short", "small/short"),
    }  # fmt: skip  # a table
    assert left_out == ("lead takes no prompt", "tiny/plain: its model did not run with every prompt")
    _, left_out = arrange_sides({**run("old", *systems[1:]), **run("new", *systems[1:5])}, "prompt")
    assert left_out == ("old: tiny/plain: its model did not run with every prompt",)


def test_models_are_compared_over_their_common_prompts() -> None:
    groups, _ = arrange_sides(run("run", "lead", "big/plain", "big/short", "small/plain"), "model")
    found = [(side.name, side.systems) for side in groups[""]]
    assert found == [("lead", ("lead",)), ("big", ("big/plain",)), ("small", ("small/plain",))]


def test_variants_of_a_replayed_model_are_one_side() -> None:
    replayed = System("x", "replay", "replay", None, "x", "s"), System("y", "replay", "replay", None, "y", "s")
    groups, _ = arrange_sides({"run": (*replayed, system("lead"))}, "model")
    assert [side.systems for side in groups[""]] == [("x", "y"), ("lead",)]


@pytest.mark.parametrize(
    ("runs", "by", "message"),
    [
        (run("run", "lead"), "system", "nothing to compare: run has only the system lead"),
        (run("run", "lead"), "run", "--by run needs two runs"),
        (run("run", "lead"), "prompt", "nothing to compare: run has no prompts"),
        ({**run("old", "lead"), **run("new", "oracle")}, "run", "the runs have no system in common"),
        (run("run", "big/plain", "small/short"), "prompt", "have no models in common"),
    ],
)
def test_nothing_to_compare_names_the_remedy(runs: RunSystems, by: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        arrange_sides(runs, by)  # type: ignore[arg-type]  # a literal, by way of a parameter
