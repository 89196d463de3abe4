"""Statements of which one word, or the link between two parts, says how many, in what order, or why."""

from __future__ import annotations

import pytest
from made_statements import written

from benchmarks.training.turned import turned


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
    assert {("supported", true.casefold()), ("unsupported", false.casefold())} <= written(turned, true, 40)


def test_what_is_told_together_has_neither_an_order_nor_a_cause() -> None:
    found = written(turned, "Paul Meyer left the town in March. Anna Berg opened a depot in Leeds.", 40)
    assert ("supported", "paul meyer left the town in march and anna berg opened a depot in leeds.") in found
    assert ("unsupported", "paul meyer left the town in march because anna berg opened a depot in leeds.") in found


@pytest.mark.parametrize(
    "text",
    ["More than once the ferry was late.", "Paul Meyer has left the town. Anna Berg may open a depot.", ""],
)
def test_what_has_no_turn_makes_no_pair(text: str) -> None:
    assert written(turned, text, 40) == set()
