"""The small parts that asking a server is made of."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.servers.completion import completion, joined
from harness.servers.connection import retry_after
from harness.servers.no_answer import Failed, shown
from harness.servers.optional_fields import FieldGroup
from harness.servers.options import is_same
from harness.servers.server import streamed
from harness.servers.thoughts import without_thoughts
from harness.servers.time_shares import TimeShares

# Retry-After ----------------------------------------------------------------------------------------------------------

NOON = "Wed, 25 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 12:01:30 GMT", "date": NOON}, 90.0),
        ({"retry-after": "Wed, 25 Nov 2026 11:59:00 GMT", "date": NOON}, 0.0),
        ({"retry-after": "Wed, 25 Nov 2026 12:01:30 GMT"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 12:01:30 -0000", "date": NOON}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    """A date counts from the server's own, so that it says the same whatever our clock says."""
    assert retry_after(headers) == seconds


# Shares ---------------------------------------------------------------------------------------------------------------


def test_shares_of_those_who_wait_together_are_equal_and_add_up() -> None:
    """One alone for a while, then two: all of that while and half of the other, and half of the other."""
    shares = TimeShares()
    begun = time.perf_counter()
    with shares.one() as first:
        alone = time.perf_counter()
        time.sleep(0.1)
        joined_by = time.perf_counter()
        with shares.one() as second:
            together = time.perf_counter()
            time.sleep(0.1)
            over = time.perf_counter()
    assert over - alone <= first.seconds + second.seconds <= time.perf_counter() - begun
    assert second.seconds >= (over - together) / 2
    assert joined_by - alone <= first.seconds - second.seconds


def test_time_in_which_nobody_waits_is_nobodys() -> None:
    shares = TimeShares()
    begun = time.perf_counter()
    with shares.one() as first:
        pass
    nobody = time.perf_counter()
    time.sleep(0.1)
    attempt = time.perf_counter()
    with shares.one() as second:
        pass
    assert first.seconds + second.seconds <= time.perf_counter() - begun - (attempt - nobody)


# In the background ----------------------------------------------------------------------------------------------------


async def counting(give: Callable[[int], None]) -> None:
    for number in range(3):
        await asyncio.sleep(0.01)
        give(number)


def test_results_come_as_they_are_made_and_then_what_ended_the_work() -> None:
    async def failing(give: Callable[[int], None]) -> None:
        await counting(give)
        raise LookupError("over")

    found: list[int] = []
    with pytest.raises(LookupError, match="over"):
        found.extend(streamed(failing))
    assert found == [0, 1, 2]


def test_work_whose_results_nobody_takes_any_more_ends() -> None:
    ended: list[str] = []

    async def endless(give: Callable[[int], None]) -> None:
        try:
            while True:
                give(1)
                await asyncio.sleep(0.01)
        finally:
            ended.append("ended")

    for number in streamed(endless):
        assert number == 1
        break
    assert ended == ["ended"]


def test_it_works_where_a_loop_runs_already() -> None:
    async def cell() -> list[int]:
        return list(streamed(counting))

    assert asyncio.run(cell()) == [0, 1, 2]


# Completions ----------------------------------------------------------------------------------------------------------


def chunk(content: str | None = None, finish: str | None = None, **more: object) -> dict[str, object]:
    return {"model": "m", "choices": [{"delta": {"content": content}, "finish_reason": finish}], **more}


@given(st.lists(st.text(max_size=5), max_size=8))
def test_chunks_are_their_text_in_a_row(pieces: list[str]) -> None:
    whole = completion(joined([*(chunk(piece) for piece in pieces), chunk(finish="stop")]))
    assert whole.choices[0].message.content == "".join(pieces)
    assert (whole.model, whole.choices[0].finish_reason) == ("m", "stop")


def test_the_last_count_of_tokens_is_that_of_the_stream() -> None:
    """Some servers count in every chunk, some in one of its own after the end."""
    usage = [{"prompt_tokens": 9, "completion_tokens": number} for number in (1, 2)]
    found = completion(joined([chunk("A", usage=usage[0]), chunk(finish="stop"), {"choices": [], "usage": usage[1]}]))
    assert found.usage is not None
    assert (found.usage.prompt_tokens, found.usage.completion_tokens) == (9, 2)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["model", "choices", "delta", "message", "content", "usage"]), inner)
    ),
    max_leaves=9,
)


@given(st.lists(json_values, max_size=4))
def test_no_json_of_a_stream_crashes(chunks: list[object]) -> None:
    with suppress(Failed):
        joined([*chunks, chunk(finish="stop")])
    with suppress(Failed):
        completion(json.loads(json.dumps(chunks)))


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "asked", "served_as", "same"),
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
def test_which_names_are_one_model(reported: str, asked: str, served_as: str | None, same: bool) -> None:
    assert is_same(reported, asked, served_as) is same


def test_a_part_is_refused_by_its_fields_or_by_the_names_it_goes_by() -> None:
    assert FieldGroup({"seed": 1}).named_in("Unknown field: SEED")
    assert FieldGroup({"response_format": {}}, ("json schema",)).named_in("No JSON Schema, please")
    assert not FieldGroup({"response_format": {}}, ("json schema",)).named_in("response_format")


@given(st.text())
def test_foreign_words_are_one_short_line(text: str) -> None:
    said = shown(text)
    assert len(said) <= 201
    assert said.isprintable()


# Thoughts -------------------------------------------------------------------------------------------------------------


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
    ],
)
def test_what_follows_the_last_thought_is_the_answer(text: str, answer: str) -> None:
    """Where the chat template began the thought, the text has its end alone."""
    assert without_thoughts(text) == answer
