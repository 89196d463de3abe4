"""Statements of which one word, or the link between two parts, says how many, in what order, or why."""

from __future__ import annotations

import random

import pytest

from benchmarks.training.turned import turned


def written(text: str) -> set[tuple[str, str]]:
    """Label and statement, whatever the way it is written, over several draws."""
    draws = [random.Random(seed) for seed in range(40)]  # noqa: S311  # no secret is drawn
    found = [example for draw in draws for example in turned(text, 20, draw)]
    assert [example.label for example in found] == ["supported", "unsupported"] * (len(found) // 2)
    return {(example.label, example.hypothesis.casefold().replace(" .", ".").replace(" ,", ",")) for example in found}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Most of the islanders use the ferry.", "All of the islanders use the ferry."),
        ("At least 40 people left the town in March.", "At most 40 people left the town in March."),
        ("The dam broke after the mayor had left the town.", "The dam broke before the mayor had left the town."),
        ("The fair closed because of the storm.", "The fair closed despite the storm."),
    ],
)
def test_another_quantity_order_or_cause_is_not_supported(true: str, false: str) -> None:
    assert {("supported", true.casefold()), ("unsupported", false.casefold())} <= written(true)


def test_what_is_told_together_has_neither_an_order_nor_a_cause() -> None:
    found = written("Paul Meyer left the town in March. Anna Berg opened a depot in Leeds.")
    assert ("supported", "paul meyer left the town in march and anna berg opened a depot in leeds.") in found
    assert ("unsupported", "paul meyer left the town in march because anna berg opened a depot in leeds.") in found


@pytest.mark.parametrize(
    "text",
    ["More than once the ferry was late.", "Paul Meyer has left the town. Anna Berg may open a depot.", ""],
)
def test_what_has_no_turn_makes_no_pair(text: str) -> None:
    assert written(text) == set()
