from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.models._context import parts

AROUND = 2
"""Tokens around every part, as a tokenizer and a prefix put them there."""


def words(text: str) -> int:
    return AROUND + len(text.split())


def letters(text: str) -> int:
    return AROUND + len(text)


def test_a_text_that_fits_is_one_part() -> None:
    assert parts("One two. Three four.", "en", words, 6) == ["One two. Three four."]


def test_parts_are_as_few_as_fit_end_with_sentences_and_are_alike() -> None:
    """Four words at once: greedily 4, 4 and 2; alike it is 4, 2 and 4, or any other three."""
    text = "One two. Three four. Five six.\nSeven eight. Nine ten."
    assert parts(text, "en", words, AROUND + 5) == ["One two. Three four.", "Five six.", "Seven eight. Nine ten."]
    assert parts(text, "en", words, AROUND + 6) == ["One two. Three four.", "Five six.\nSeven eight. Nine ten."]


def test_a_sentence_that_does_not_fit_is_divided_between_words() -> None:
    assert parts("One two three four five. Six.", "en", words, AROUND + 2) == ["One two", "three four", "five. Six."]


def test_a_text_without_spaces_is_divided_too() -> None:
    found = parts("烏" * 100, "zh", letters, AROUND + 30)
    assert "".join(found) == "烏" * 100
    assert max(map(len, found)) <= 30


def test_no_room_for_a_word_says_so() -> None:
    with pytest.raises(ValueError, match="the model reads 2 tokens, and not even a word fits"):
        parts("One two.", "en", words, AROUND)


@given(
    st.lists(
        st.lists(st.sampled_from(["Anna", "met", "Bo,", "twice"]), min_size=1, max_size=9), min_size=1, max_size=9
    ),
    st.integers(AROUND + 1, 20),
)
def test_every_word_is_in_one_part_in_order_and_every_part_fits(sentences: list[list[str]], limit: int) -> None:
    text = " ".join(" ".join(sentence) + "." for sentence in sentences)
    found = parts(text, "en", words, limit)
    assert " ".join(found).split() == text.split()
    assert all(words(part) <= limit for part in found)
