"""Statements in which two parts have changed places: what is exchanged, and what is not."""

from __future__ import annotations

import pytest
from made_statements import written

from benchmarks.training.crossed import crossed


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Anna Berg praised the work of Paul Meyer.", "Paul Meyer praised the work of Anna Berg."),
        ("The firm hired 120 drivers and sold 14 lorries.", "The firm hired 14 drivers and sold 120 lorries."),
        ("Sales rose in May while profits fell.", "Sales fell in May while profits rose."),
        (
            "The judge fined the baker and the mayor praised the driver.",
            "The mayor fined the baker and the judge praised the driver.",
        ),
    ],
)
def test_values_names_and_verbs_of_one_kind_change_places(true: str, false: str) -> None:
    found = written(crossed, true)
    assert {("supported", true.casefold()), ("unsupported", false.casefold())} <= found


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berg and Paul Meyer left the town in March.",  # in a list the order says nothing
        "Britain opened the harbour to all ships of the UK in March.",  # the same bearer
        "The firm hired drivers in March.",
        "",
    ],
)
def test_what_says_the_same_in_the_other_order_makes_no_pair(text: str) -> None:
    assert written(crossed, text) == set()
