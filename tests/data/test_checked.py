"""Values that are taken for no other: true is no number, text is no number, no number is without end."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel

from harness.data.checked import wrong_types
from harness.seams import Located


class Options(BaseModel):
    count: int = 1
    share: float | None = None
    stream: bool = False
    kind: Literal["a", "b"] = "a"
    either: int | str = 1
    prices: dict[str, float] = {}
    keys: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"count": True}, "is the truth value true; write a number"),
        ({"count": "3"}, "is the text '3'; write a number, without quotes"),
        ({"share": "1e3"}, "is the text '1e3'; write a number, without quotes"),
        ({"count": 10**400}, "is a number of very many digits; write a smaller number"),
        ({"count": 10**20}, "is the number 100000000000000000000; write a smaller number"),
        ({"stream": 10**20}, "is the number 100000000000000000000; write true or false"),
        ({"stream": 1}, "is the number 1; write true or false"),
        ({"stream": "yes"}, "is the text 'yes'; write true or false, without quotes"),
        ({"prices": {"new": "0.5"}}, "is the text '0.5'; write a number, without quotes"),
        ({"keys": [1, True]}, "is the truth value true; write a number"),
    ],
)
def test_a_value_of_another_type_is_named(given: dict[str, object], said: str) -> None:
    assert [message for _, message in wrong_types(Options, given)] == [said]


def test_values_of_their_own_type_are_taken(tmp_path: object) -> None:
    given = {"count": 2, "share": 1, "stream": True, "kind": "b", "either": "x", "prices": {"a": 1}, "keys": [1]}
    assert list(wrong_types(Options, given)) == []
    assert list(wrong_types(Options, {"share": None})) == []


def test_what_an_environment_variable_holds_may_be_a_number() -> None:
    from pathlib import Path

    assert list(wrong_types(Options, {"count": Located.at("3", Path(), filled=True)})) == []
