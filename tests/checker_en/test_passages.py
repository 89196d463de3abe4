"""Tests of selecting the passage of a premise that the network reads."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.passages import WORDS, read_text, select_passage

FILLER = "Nothing of interest was said about it at all."


def premise(**places: str) -> str:
    """Thirty sentences, some of them replaced: ``premise(s3="The zebra escaped.")``."""
    lines = [FILLER] * 30
    for place, text in places.items():
        lines[int(place[1:])] = text
    return " ".join(lines)


def test_a_short_premise_is_read_whole() -> None:
    short = "One thing happened. Another did not."
    assert read_text(select_passage(short, "Nothing.")) == short


def test_a_claim_that_joins_two_distant_sentences_gets_both() -> None:
    """By BM25 alone the two sentences about the zebra come first, and Leeds, at the end, finds no room."""
    text = premise(
        s2="The zebra escaped from the zebra house.", s9="A zebra eats grass, said the zebra keeper.", s27="Leeds won."
    )
    read = read_text(select_passage(text, "The zebra escaped and Leeds won.", limit=12))
    assert "The zebra escaped" in read
    assert "Leeds won." in read


def test_sentences_keep_their_order_and_bring_their_neighbours() -> None:
    text = premise(s3="The zebra escaped.", s16="It ran for hours.", s17="Keepers in Leeds caught the zebra.")
    read = read_text(select_passage(text, "The zebra was caught in Leeds.", limit=40))
    assert read.index("The zebra escaped.") < read.index("It ran for hours.") < read.index("Keepers in Leeds")
    assert len(read.split()) <= 40


def test_spans_are_slices_of_the_premise_that_do_not_touch() -> None:
    text = premise(s3="The zebra escaped.", s25="The zebra slept.")
    spans = select_passage(text, "The zebra escaped and slept.")
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(one.end < other.start for one, other in pairwise(spans))


def test_text_without_spaces_is_cut_too() -> None:
    assert len(read_text(select_passage("市長は学校を閉鎖した。" * 400, "市長"))) < 20 * WORDS


@given(st.lists(st.sampled_from([FILLER, "The zebra escaped.", "Leeds?", "x" * 3000, "\n\n", "市長は。"]), max_size=40))
def test_every_premise_has_a_passage_of_its_own_slices(parts: list[str]) -> None:
    text = " ".join(parts)
    assert all(text[span.start : span.end] == span.text for span in select_passage(text, "The zebra left Leeds."))
