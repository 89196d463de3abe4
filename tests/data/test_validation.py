"""Validation converts nothing: true is not a number, and text is not a number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from harness.data.validation import validate
from harness.data.yaml import Document
from harness.errors import DataError, Problem
from harness.seams import Located

FILE = Document(Path("a.yaml"), {}, {})


class Options(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: int
    share: float | None = None
    stream: bool = False
    kind: Literal["a", "b"] = "a"
    either: int | str = 1
    prices: dict[str, float] = {}
    keys: tuple[int, ...] = ()


def faults(given: dict[str, object], model: type[BaseModel] = Options) -> Sequence[Problem]:
    with pytest.raises(DataError) as caught:
        validate(model, given, ("models", "a"), FILE)
    return caught.value.problems


@pytest.mark.parametrize(
    ("given", "message"),
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
def test_value_of_another_type_is_refused(given: dict[str, object], message: str) -> None:
    [problem] = faults({"count": 1, **given})
    assert problem.message == message
    assert problem.key.startswith(f"models.a.{next(iter(given))}")


def test_values_of_the_right_type_are_accepted() -> None:
    given = {"count": 2, "share": 1, "stream": True, "kind": "b", "either": "x", "prices": {"a": 1}, "keys": [1]}
    assert validate(Options, given, (), FILE) == Options(**{**given, "keys": (1,)})


def test_text_from_an_environment_variable_may_be_a_number() -> None:
    assert validate(Options, {"count": Located.at("3", Path(), filled=True)}, (), FILE).count == 3


def test_misspelt_key_names_the_nearest_one_and_is_not_missing_too() -> None:
    [problem] = faults({"cuont": 1})
    assert str(problem).startswith("a.yaml: models.a.cuont: unknown key; did you mean 'count'? (allowed: count, share")


def test_list_with_a_wrong_entry_is_not_too_short() -> None:
    class Steps(BaseModel):
        steps: tuple[int, ...] = Field(min_length=1)

    assert [problem.key for problem in faults({"steps": ["a"]}, Steps)] == ["models.a.steps[0]"]
