"""Cutting a premise into windows and ranking them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import growth

from harness.checker_en.windows import Granularity, index, split_into_windows, split_to_fit
from harness.records import Span
from harness.text import sentences

FISH = "The committee met on Monday and agreed on three things about fish. "
NEWS = "The treaty was signed.\nIt rained in Rome. The king wept."
SIGNED, RAINED, WEPT = (
    Span(0, 22, "The treaty was signed."),
    Span(23, 41, "It rained in Rome."),
    Span(42, 56, "The king wept."),
)
GRANULARITIES: tuple[Granularity, ...] = ("sentence", "two_sentences", "chunk", "document")
TEXTS = st.text(max_size=80) | st.lists(st.sampled_from(["The deal.", "was 5", "\n- ", "日本は。", "😀"])).map(" ".join)


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("sentence", [SIGNED, RAINED, WEPT]),
        ("two_sentences", [Span(0, 41, NEWS[:41]), Span(23, 56, NEWS[23:])]),
        ("chunk", [Span(0, 41, NEWS[:41]), WEPT]),  # of 4, 4 and 3 words: a third would make 11
        ("document", [Span(0, 56, NEWS)]),
    ],
)
def test_windows_have_offsets(granularity: Granularity, expected: list[Span]) -> None:
    assert list(split_into_windows(NEWS, granularity, chunk_words=8)) == expected


def test_single_sentence_and_blank_premise() -> None:
    assert split_into_windows("It rained.", "two_sentences") == (Span(0, 10, "It rained."),)
    for granularity in GRANULARITIES:
        assert split_into_windows(" \n", granularity) == ()
        assert split_into_windows("a", granularity) == (Span(0, 1, "a"),)


def test_long_text_is_cut_between_sentences_or_else_between_words() -> None:
    found = split_into_windows("one two three four five six seven", "sentence", chunk_words=3)
    assert [window.text for window in found] == ["one two", "three four five", "six seven"]
    assert [part.text for part in split_to_fit(Span(0, 56, NEWS), words, 9)] == [SIGNED.text, NEWS[23:]]


def test_premise_is_split_by_the_rules_of_its_language() -> None:
    text = "Das kostet 5 Mio. Euro. Dr. Roth sagte am 12. Mai zu."
    expected = ["Das kostet 5 Mio. Euro.", "Dr. Roth sagte am 12. Mai zu."]
    assert [window.text for window in index(text, "sentence", language="de").windows] == expected
    parts = split_to_fit(Span(0, len(text), text), words, 7, "de")
    assert [part.text for part in parts] == expected


@given(TEXTS, st.sampled_from(GRANULARITIES), st.integers(1, 5))
def test_windows_cover_every_sentence(premise: str, granularity: Granularity, limit: int) -> None:
    found = split_into_windows(premise, granularity, limit)
    assert all(premise[window.start : window.end] == window.text for window in found)
    held = {place for window in found for place in range(window.start, window.end)}
    assert all(
        place in held or premise[place].isspace()
        for sentence in sentences(premise)
        for place in range(sentence.start, sentence.end)
    )


@given(TEXTS, st.integers(1, 4))
def test_fitted_parts_cover_the_text(text: str, room: int) -> None:
    parts = split_to_fit(Span(7, 7 + len(text), text), words, room)
    assert all(text[part.start - 7 : part.end - 7] == part.text for part in parts)
    assert all(words(part.text) <= room for part in parts)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())


def test_windows_are_ranked_by_bm25() -> None:
    """Hand-worked: three windows of 4, 4 and 3 terms, mean 11/3; "the" is in two of them, "king" in one.

    A term's weight is ln(1 + (3 - n + .5) / (n + .5)) · f · 2.2 / (f + 1.2 · (.25 + .75 · length / mean)).
    """
    found = index(NEWS, "sentence")
    postings = {term: dict(there) for term, there in found.postings.items()}
    in_four, in_three = 1.2 * (0.25 + 0.75 * 4 / (11 / 3)), 1.2 * (0.25 + 0.75 * 3 / (11 / 3))
    once, twice = math.log(1 + 2.5 / 1.5), math.log(1 + 1.5 / 2.5)
    assert postings["king"] == pytest.approx({2: once * 2.2 / (1 + in_three)})
    assert postings["the"] == pytest.approx({0: twice * 2.2 / (1 + in_four), 2: twice * 2.2 / (1 + in_three)})
    assert found.best("The kings laughed.").windows == (WEPT, SIGNED, RAINED)  # king in one; the alone; nothing
    assert found.best("the").windows == (WEPT, SIGNED, RAINED)  # the shorter one first


def test_windows_left_out_are_counted() -> None:
    found = index(NEWS, "sentence")
    assert found.best("Rome", top=1).windows == (RAINED,)
    assert [found.best("Rome", top=top).left_out for top in (1, 2, 9, None)] == [2, 1, 0, 0]
    assert found.best("Bonjour", top=2).windows == (SIGNED, RAINED)  # the first, if nothing is shared


def test_characters_are_words_in_unspaced_scripts() -> None:
    premise = "雨が降った。首相が辞任した。"
    assert index(premise, "sentence").best("首相は辞任", top=1).windows == (Span(6, 14, "首相が辞任した。"),)


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_time_grows_linearly(granularity: Granularity) -> None:
    """Premises of 12,000 and 48,000 words."""

    def read(sentences: int) -> None:
        premise = f"{FISH * sentences}The treaty fell."
        found = index(premise, granularity).best("The treaty fell.", top=3)
        assert found.windows[0].text.endswith("The treaty fell.")

    assert growth(lambda: read(1_000), lambda: read(4_000)) < 8
