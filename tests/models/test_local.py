"""Prompts that fit a model's context, and batches that fit into memory."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.models.local import BatchRunner, fit_prompt
from harness.records import Article, Message, Part

SYSTEM = Message("system", "You summarise.")


def count(messages: Sequence[Message]) -> int:
    """One token per word and one per message."""
    return sum(1 + len(message.content.split()) for message in messages)


def fit(content: str, text: str, limit: float) -> tuple[tuple[Message, ...], str | None]:
    return fit_prompt([Message("user", content)], Article("a", text), count, limit, "shorten it")


@pytest.mark.parametrize(
    ("content", "limit", "expected", "cut"),
    [
        ("Sum up:\nHead\none two three\nNow.", 7, "Sum up:\nHead\none two\nNow.", "6 of 18 characters of the article"),
        ("one two three\nShorten this.", 5, "one two\nShorten this.", "6 of 13 characters of the article's body"),
        ("Sum up: ONE TWO THREE", 4, "Sum up: ONE", "10 of 21 characters of the prompt"),
    ],
)
def test_only_the_article_is_cut_or_else_the_prompts_end(content: str, limit: int, expected: str, cut: str) -> None:
    article = Article("a", "Head\none two three\n", parts=(Part("body", 5, 18),))
    made, found = fit_prompt([SYSTEM, Message("user", content)], article, count, limit + count([SYSTEM]), "shorten it")
    assert made == (SYSTEM, Message("user", expected))
    assert found == f"the last {cut}"


def test_longest_user_message_is_cut() -> None:
    long_system = Message("system", "many words " * 9)
    turns = [long_system, Message("user", "short"), Message("assistant", "ok"), Message("user", "one two three four")]
    made, _ = fit_prompt(turns, Article("a", "none of it"), count, count(turns) - 2, "shorten it")
    assert made == (*turns[:3], Message("user", "one two"))


def test_text_without_spaces_is_cut() -> None:
    text = "烏" * 1000

    def characters(messages: Sequence[Message]) -> int:
        return sum(len(message.content) for message in messages)

    made, _ = fit_prompt([Message("user", f"Sum up: {text}")], Article("a", text), characters, 500, "shorten it")
    assert 476 <= characters(made) <= 500


@pytest.mark.parametrize("limit", [3, 4])
def test_no_room_for_the_article_is_an_error(limit: int) -> None:
    with pytest.raises(ValueError, match=f"has 4 tokens already, and the model has room for {limit}; shorten it"):
        fit("Sum this up: one two", "one two", limit)


@settings(max_examples=40)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1, max_size=9), min_size=1),
    st.integers(4, 60),
)
def test_cut_keeps_as_many_words_as_fit(words: list[str], limit: int) -> None:
    text = " ".join(words)
    made, cut = fit(f"<<\n{text}\n>>", text, limit)
    found = re.fullmatch(r"<<\n(.*)\n>>", made[0].content, re.DOTALL)
    assert found
    kept = found[1]
    assert text.startswith(kept)
    if cut is None:
        assert kept == text
        assert count(made) <= limit
    else:
        assert count(made) == limit
        gone, whole = map(int, re.findall(r"\d+", cut))
        assert (gone, whole) == (len(text) - len(kept), len(text))


class Memory:
    """Room for ``rows`` rows at once, else torch runs out of memory; rows above ``largest`` never fit."""

    def __init__(self, rows: int, largest: int = 99) -> None:
        self.rows, self.largest = rows, largest
        self.batches: list[list[int]] = []

    def work(self, batch: Sequence[int]) -> list[str]:
        self.batches.append(list(batch))
        if len(batch) > self.rows or max(batch) > self.largest:
            import torch

            torch.empty(2**50)
        return [str(row) for row in batch]


def test_batch_that_does_not_fit_is_halved_from_then_on() -> None:
    memory, batches = Memory(2), BatchRunner(8)
    assert [done[:2] for done in batches.run(range(9), memory.work)] == [(row, str(row)) for row in range(9)]
    assert [len(batch) for batch in memory.batches] == [8, 4, 2, 2, 2, 2, 1]
    memory.batches.clear()
    list(batches.run(range(4), memory.work))
    assert [len(batch) for batch in memory.batches] == [2, 2]


def test_row_that_does_not_fit_alone_has_no_result() -> None:
    memory = Memory(4, largest=5)
    assert [result for _, result, _ in BatchRunner(4).run([9, 1, 2], memory.work)] == [None, "1", "2"]


def test_other_errors_are_raised() -> None:
    def broken(batch: Sequence[int]) -> list[str]:
        raise RuntimeError(f"size of {batch}")

    with pytest.raises(RuntimeError, match="size of"):
        list(BatchRunner(2).run([1, 2], broken))
