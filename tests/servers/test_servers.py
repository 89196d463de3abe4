"""The parts of the server client: background work, model names, messages, reasoning."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.models.openai_api import OpenAIAPI
from harness.scorers.rubric import Rubric
from harness.seams import Plugin
from harness.servers.answers import one_line, remove_thoughts
from harness.servers.client import run_in_background
from harness.servers.plugin import is_same_model
from harness.verifiers.judge import Judge


async def count_to_two(give: Callable[[int], None]) -> None:
    for number in range(3):
        await asyncio.sleep(0.01)
        give(number)


def test_results_arrive_as_they_are_made_before_the_exception() -> None:
    async def failing(give: Callable[[int], None]) -> None:
        await count_to_two(give)
        raise LookupError("over")

    found: list[int] = []
    with pytest.raises(LookupError, match="over"):
        found.extend(run_in_background(failing))
    assert found == [0, 1, 2]


def test_background_work_is_cancelled_if_the_caller_stops() -> None:
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


def test_background_work_runs_inside_a_running_loop() -> None:
    async def cell() -> list[int]:
        return list(run_in_background(count_to_two))

    assert asyncio.run(cell()) == [0, 1, 2]


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
def test_reported_name_is_the_requested_model(reported: str, requested: str, served_as: str | None, same: bool) -> None:
    assert is_same_model(reported, requested, served_as) is same


@pytest.mark.parametrize("kind", [OpenAIAPI, Judge, Rubric])
def test_signature_distinguishes_folders_and_hides_their_paths(kind: Callable[..., Plugin]) -> None:
    options = {"criteria": ["coherence"]} if kind is Rubric else {}
    first, second, again = (
        kind(model=f"/runs/{folder}/merged", base_url="http://localhost:8000/v1", **options).signature()
        for folder in ("one", "two", "one")
    )
    assert first == again != second
    assert "|model:merged" in first
    assert "/runs" not in first


@given(st.text())
def test_server_message_becomes_one_short_line(text: str) -> None:
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
def test_reasoning_is_removed(text: str, answer: str) -> None:
    assert remove_thoughts(text) == answer
