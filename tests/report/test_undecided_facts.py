"""What the answer says of undecided facts: whether its first sentences would be others if they counted as kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from judged_run import run

from harness.records import Label, Role
from harness.report.report import report

UNCHANGED = "Undecided facts count as not kept; counting them as kept would not change who comes first."


def facts(kept: int, undecided: int) -> list[Label]:
    """Of 14 essential facts; those that are neither kept nor undecided are lost."""
    labels: list[Label] = [*["supported"] * kept, *["uncertain"] * undecided, *["absent"] * (14 - kept - undecided)]  # type: ignore[list-item]  # literals, by way of a list
    return labels


def answer(systems: Mapping[str, Sequence[Label]]) -> tuple[str, ...]:
    """Of one article; ``lead`` is the floor."""
    found = run({name: {"a": labels} for name, labels in systems.items()}, ["essential"] * 14)
    roles: dict[str, Role] = {"lead": "floor"}
    tested = tuple(replace(each, role=roles.get(each.name, "system")) for each in found.manifest.systems)
    return report(replace(found, manifest=replace(found.manifest, systems=tested))).answer


def could_change(*could: str) -> str:
    return f"Undecided facts count as not kept. Counting them as kept could change this: {' and '.join(could)}."


def test_of_the_only_system_undecided_facts_are_counted_apart_without_a_floor() -> None:
    assert answer({"m": facts(0, 12)}) == ("No system keeps any essential fact.", could_change("m up to 12 of 14"))
    assert answer({"m": facts(4, 1)}) == ("m keeps 4 of 14 essential facts.", could_change("m up to 5 of 14"))
    assert answer({"m": facts(4, 0)}) == ("m keeps 4 of 14 essential facts.",)


def test_where_hardly_a_fact_is_decided_that_comes_first() -> None:
    told = answer({"m": facts(0, 14), "lead": facts(1, 12)})
    assert (
        told[0] == "The verifier left 26 of 28 verdicts on essential facts undecided, so that what follows says little."
    )


def test_systems_that_contradict_facts_are_named_the_worst_first() -> None:
    wrong: list[Label] = ["contradicted"] * 4
    told = answer({"m": [*wrong[:1], *facts(3, 0)[:13]], "n": [*wrong, *facts(0, 0)[:10]]})
    assert told[-1] == "Essential facts contradicted: n 4 of 14, m 1 of 14."


def test_a_system_that_keeps_nothing_is_not_called_the_best() -> None:
    none, more = "No system keeps any essential fact.", "sentences picked without a model: lead keeps 3 of 14."
    assert answer({"m": facts(0, 0), "lead": facts(0, 0)})[0].startswith(none)
    told = answer({"m": facts(0, 0), "n": facts(0, 0), "lead": facts(3, 0)})
    assert told[:2] == (f"No system keeps more essential facts than {more}", none)


@pytest.mark.parametrize(
    ("systems", "sentence"),
    [
        ({"m": facts(4, 1), "lead": facts(3, 5)}, could_change("m up to 5 of 14", "lead (floor) up to 8 of 14")),
        ({"m": facts(4, 1), "n": facts(2, 0), "lead": facts(3, 5)}, could_change("lead (floor) up to 8 of 14")),
        ({"m": facts(4, 0), "n": facts(2, 0), "lead": facts(3, 1)}, could_change("lead (floor) up to 4 of 14")),
        ({"m": facts(6, 0), "n": facts(2, 0), "lead": facts(3, 2)}, UNCHANGED),
    ],
)
def test_a_floor_that_could_keep_as_many_as_the_best_system_is_named(
    systems: Mapping[str, Sequence[Label]], sentence: str
) -> None:
    assert answer(systems)[-1] == sentence


@pytest.mark.parametrize(
    ("systems", "sentence"),
    [
        ({"m": facts(2, 1), "n": facts(1, 0)}, UNCHANGED),
        ({"m": facts(2, 2), "n": facts(1, 0)}, could_change("m up to 4 of 14")),
        ({"m": facts(2, 0), "n": facts(1, 1)}, could_change("n up to 2 of 14")),
        ({"m": facts(2, 1)}, UNCHANGED),
        ({"m": facts(2, 0)}, None),
    ],
)
def test_to_change_that_the_floor_keeps_as_many_a_system_must_keep_more(
    systems: Mapping[str, Sequence[Label]], sentence: str | None
) -> None:
    """The floor keeps 3: with one more m keeps as many, and no more; n with one more is level with the best system."""
    told = answer({**systems, "lead": facts(3, 0)})
    assert told[0] == "No system keeps more essential facts than sentences picked without a model: lead keeps 3 of 14."
    assert told[2:] == (() if sentence is None else (sentence,))
