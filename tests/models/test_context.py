from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.models.context import fit_prompt, split_text
from harness.records import Article, Message, Part

SYSTEM = Message("system", "You summarise.")


def count(messages: Sequence[Message]) -> int:
    """One token per word and one per message."""
    return sum(1 + len(message.content.split()) for message in messages)


def fit(content: str, text: str, limit: float, *before: Message) -> tuple[tuple[Message, ...], str | None]:
    return fit_prompt([*before, Message("user", content)], Article("a", text), count, limit, "shorten it")


def test_only_the_article_in_a_prompt_is_cut() -> None:
    made, cut = fit("Sum up:\none two three four\nIn ten words.", " one two three four\n", 10, SYSTEM)
    assert made == (SYSTEM, Message("user", "Sum up:\none\nIn ten words."))
    assert cut == "the last 15 of 18 characters of the article"


def test_prompt_with_only_the_body_is_cut_in_the_body() -> None:
    article = Article("a", "Headline\none two three", parts=(Part("body", 9, 22),))
    made, cut = fit_prompt([Message("user", "one two three\nShorten this.")], article, count, 5, "shorten it")
    assert made[0].content == "one two\nShorten this."
    assert cut == "the last 6 of 13 characters of the article's body"


def test_prompt_without_the_verbatim_article_is_cut_at_its_end() -> None:
    made, cut = fit("Sum up: ONE TWO THREE", "one two three", 4)
    assert made[0].content == "Sum up: ONE"
    assert cut == "the last 10 of 21 characters of the prompt"


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


# Parts --------------------------------------------------------------------------------------------------------------

FRAME = 2
"""Tokens that a tokenizer and a prefix add to every part."""


def count_words(text: str) -> int:
    return FRAME + len(text.split())


TEXT = "One two. Three four. Five six.\nSeven eight. Nine ten."


@pytest.mark.parametrize(
    ("text", "room", "parts"),
    [
        (TEXT, 5, ["One two. Three four.", "Five six.", "Seven eight. Nine ten."]),
        (TEXT, 6, ["One two. Three four.", "Five six.\nSeven eight. Nine ten."]),
        ("One two three four five. Six.", 2, ["One two", "three four", "five. Six."]),
    ],
)
def test_parts_are_few_and_even_and_end_with_sentences_if_these_fit(text: str, room: int, parts: list[str]) -> None:
    assert split_text(text, "en", count_words, FRAME + room) == parts


def test_no_room_for_a_word_is_an_error() -> None:
    with pytest.raises(ValueError, match="not even a word fits into 2 tokens"):
        split_text("One two.", "en", count_words, FRAME)


@given(
    st.lists(
        st.lists(st.sampled_from(["Anna", "met", "Bo,", "twice"]), min_size=1, max_size=9), min_size=1, max_size=9
    ),
    st.integers(FRAME + 1, 20),
)
def test_parts_keep_every_word_in_order_and_fit(sentences: list[list[str]], limit: int) -> None:
    text = " ".join(" ".join(sentence) + "." for sentence in sentences)
    found = split_text(text, "en", count_words, limit)
    assert " ".join(found).split() == text.split()
    assert all(count_words(part) <= limit for part in found)
