"""Validation converts nothing: true is not a number, and text is not a number."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from harness.data.validation import validate
from harness.data.yaml import Document
from harness.errors import DataError
from harness.seams import Located


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")

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
        ({"count": True}, "must be a whole number, not true"),
        ({"count": "3"}, "must be a whole number, not '3'; remove the quotes"),
        ({"share": "1e3"}, "must be a number, not '1e3'; remove the quotes"),
        ({"stream": 1}, "must be true or false, not 1"),
        ({"stream": "yes"}, "must be true or false, not 'yes'"),
        ({"prices": {"new": "0.5"}}, "must be a number, not '0.5'; remove the quotes"),
        ({"keys": [1, True]}, "must be a whole number, not true"),
    ],
)
def test_value_of_another_type_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(DataError) as caught:
        validate(Options, given, ("models", "a"), Document(Path("a.yaml"), {}, {}))
    [problem] = caught.value.problems
    assert problem.message == said
    assert problem.key.startswith(f"models.a.{next(iter(given))}")


def test_values_of_the_right_type_are_accepted() -> None:
    given = {"count": 2, "share": 1, "stream": True, "kind": "b", "either": "x", "prices": {"a": 1}, "keys": [1]}
    checked = validate(Options, given, (), Document(Path("a.yaml"), {}, {}))
    assert checked == Options(**{**given, "keys": (1,)})


def test_text_from_an_environment_variable_may_be_a_number() -> None:
    given = {"count": Located.at("3", Path(), filled=True)}
    assert validate(Options, given, (), Document(Path("a.yaml"), {}, {})).count == 3


def test_misspelt_key_is_not_missing_too() -> None:
    with pytest.raises(DataError) as caught:
        validate(Options, {"cuont": 1}, (), Document(Path("a.yaml"), {}, {}))
    assert [problem.key for problem in caught.value.problems] == ["cuont"]


def test_list_with_a_wrong_entry_is_not_too_short() -> None:
    class Steps(BaseModel):
        steps: tuple[int, ...] = Field(min_length=1)

    with pytest.raises(DataError) as caught:
        validate(Steps, {"steps": ["a"]}, (), Document(Path("a.yaml"), {}, {}))
    assert [problem.key for problem in caught.value.problems] == ["steps[0]"]


def test_unknown_key_names_the_nearest_one() -> None:
    with pytest.raises(DataError, match=r"cuont: unknown key; did you mean 'count'\? \(allowed: count, share"):
        validate(Options, {"cuont": 1}, (), Document(Path("a.yaml"), {}, {}))
