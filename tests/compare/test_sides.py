"""What is compared with what."""

from __future__ import annotations

import pytest

from harness.compare.sides import Entrant, Side, lineup
from harness.errors import UsageError
from harness.records import System


def system(name: str, variant: str | None = None) -> System:
    """``model/prompt`` is a generative model under a prompt, a plain name a baseline."""
    model, _, prompt = name.partition("/")
    return System(name, model, "kind", prompt or None, variant, "signature")


def entrant(name: str, *systems: str) -> Entrant:
    return Entrant(name, tuple(map(system, systems)))


def test_runs_meet_in_each_system_that_two_of_them_have() -> None:
    found = lineup([entrant("old", "lead", "gone"), entrant("new", "lead", "added")], "run")
    assert [(heat.name, heat.sides) for heat in found.heats] == [
        ("lead", (Side("old", 0, ("lead",)), Side("new", 1, ("lead",))))
    ]
    assert found.left_out == ("gone is in old alone", "added is in new alone")


def test_systems_of_several_runs_are_told_apart_by_the_name_of_the_run() -> None:
    (heat,) = lineup([entrant("old", "lead"), entrant("new", "lead")], "system").heats
    assert [side.name for side in heat.sides] == ["old: lead", "new: lead"]


def test_prompts_are_compared_over_the_models_that_ran_under_all_of_them() -> None:
    found = lineup(
        [entrant("run", "lead", "big/plain", "big/short", "small/plain", "small/short", "tiny/plain")], "prompt"
    )
    (heat,) = found.heats
    assert heat.sides == (
        Side("plain", 0, ("big/plain", "small/plain")),
        Side("short", 0, ("big/short", "small/short")),
    )
    assert found.left_out == ("lead takes no prompt", "tiny/plain: not every prompt has its model")


def test_models_are_compared_over_their_common_prompts_and_baselines_as_they_are() -> None:
    (heat,) = lineup([entrant("run", "lead", "big/plain", "big/short", "small/plain")], "model").heats
    assert heat.sides == (
        Side("big", 0, ("big/plain",)),
        Side("small", 0, ("small/plain",)),
        Side("lead", 0, ("lead",)),
    )


def test_the_variants_of_a_replayed_model_are_one_side() -> None:
    replayed = System("x", "replay", "replay", None, "x", "s"), System("y", "replay", "replay", None, "y", "s")
    (heat,) = lineup([Entrant("run", (*replayed, system("lead")))], "model").heats
    assert [side.systems for side in heat.sides] == [("x", "y"), ("lead",)]


@pytest.mark.parametrize(
    ("entrants", "by", "message"),
    [
        ([entrant("run", "lead")], "system", "nothing to compare: the systems of run come to lead"),
        ([entrant("run", "lead")], "run", "to compare by run takes two runs"),
        ([entrant("run", "lead")], "prompt", "the prompts of run come to none"),
        ([entrant("old", "lead"), entrant("new", "oracle")], "run", "no system is in two of the runs"),
        ([entrant("run", "big/plain", "small/short")], "prompt", "have no models in common"),
    ],
)
def test_what_cannot_be_compared_is_answered_with_what_can(entrants: list[Entrant], by: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        lineup(entrants, by)  # type: ignore[arg-type]  # a literal, by way of a parameter
