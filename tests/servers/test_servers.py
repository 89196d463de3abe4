"""Parts of asking a server: background work, completions, names, optional fields, thoughts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.servers.answers import Failed, one_line, parse_completion, remove_thoughts
from harness.servers.client import FieldGroup, run_in_background
from harness.servers.plugin import is_same_model


async def count_to_two(give: Callable[[int], None]) -> None:
    for number in range(3):
        await asyncio.sleep(0.01)
        give(number)


def test_results_come_as_they_are_made_and_then_the_exception() -> None:
    async def failing(give: Callable[[int], None]) -> None:
        await count_to_two(give)
        raise LookupError("over")

    found: list[int] = []
    with pytest.raises(LookupError, match="over"):
        found.extend(run_in_background(failing))
    assert found == [0, 1, 2]


def test_work_is_cancelled_when_its_results_are_not_taken() -> None:
    ended: list[str] = []

    async def endless(give: Callable[[int], None]) -> None:
        try:
            while True:
                give(1)
                await asyncio.sleep(0.01)
        finally:
            ended.append("ended")

    for number in run_in_background(endless):
        assert number == 1
        break
    assert ended == ["ended"]


def test_background_work_runs_beside_a_running_loop() -> None:
    async def cell() -> list[int]:
        return list(run_in_background(count_to_two))

    assert asyncio.run(cell()) == [0, 1, 2]


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["model", "choices", "message", "content", "usage", "error"]), inner)
    ),
    max_leaves=9,
)


@given(json_values)
def test_no_json_crashes_the_parser(reply: object) -> None:
    with suppress(Failed):
        parse_completion(json.loads(json.dumps(reply)))


@pytest.mark.parametrize(
    ("reported", "requested", "served_as", "same"),
    [
        ("llama3.2:latest", "llama3.2", None, True),
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini", None, True),
        ("/srv/models/qwen3", "qwen3", None, True),
        ("gpt-4.1-mini", "gpt-4.1", None, False),
        ("model.gguf", "qwen3", "model.gguf", True),
        ("qwen3", "qwen3", "model.gguf", True),
        ("", "qwen3", None, False),
    ],
)
def test_which_names_are_one_model(reported: str, requested: str, served_as: str | None, same: bool) -> None:
    assert is_same_model(reported, requested, served_as) is same


def test_a_group_is_refused_by_its_fields_or_by_its_names() -> None:
    assert FieldGroup({"seed": 1}).is_named_in("Unknown field: SEED")
    assert FieldGroup({"response_format": {}}, ("json schema",)).is_named_in("No JSON Schema, please")
    assert not FieldGroup({"response_format": {}}, ("json schema",)).is_named_in("response_format")


@given(st.text())
def test_a_servers_words_become_one_short_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 201
    assert line.isprintable()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (" Peace. ", "Peace."),
        ("<think>\nWhat is it about?\n</think>\n\nPeace.", "Peace."),
        ("What is it about?\n</think>\n\nPeace.", "Peace."),
        ("<think>One.</think>\n<think>Two.</think>Peace.", "Peace."),
        ("\n<think>\nWhat is it", ""),
        ("<think>One.</think><think>Two", ""),
        ("What is it about?\n</think>", ""),
        ("The tag <think> begins a thought.", "The tag <think> begins a thought."),
        ("\u200b \u2060", ""),
    ],
)
def test_the_answer_follows_the_last_thought(text: str, answer: str) -> None:
    assert remove_thoughts(text) == answer
