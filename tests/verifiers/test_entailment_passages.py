"""What a cross-encoder reads of a premise."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.entailment.passages import WORDS, passage

FILLER = "Nothing of interest was said about it at all."


def told(**places: str) -> str:
    """Thirty sentences, some of them replaced: ``told(s3="The zebra escaped.")``."""
    lines = [FILLER] * 30
    for place, text in places.items():
        lines[int(place[1:])] = text
    return " ".join(lines)


def test_a_short_premise_is_read_whole() -> None:
    short = "One thing happened. Another did not."
    found = passage(short, "Nothing.")
    assert found.text == short


def test_of_a_long_premise_the_nearest_sentences_are_read_in_order_each_with_its_neighbours() -> None:
    text = told(s3="The zebra escaped.", s17="Keepers in Leeds caught the zebra.", s16="It ran for hours.")
    found = passage(text, "The zebra was caught in Leeds.", limit=40)
    read = found.text
    assert read.index("The zebra escaped.") < read.index("It ran for hours.") < read.index("Keepers in Leeds")
    assert len(read.split()) <= 40 + 9


def test_spans_are_slices_of_the_premise_that_do_not_touch() -> None:
    text = told(s3="The zebra escaped.", s25="The zebra slept.")
    spans = passage(text, "The zebra escaped and slept.").spans
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(one.end < other.start for one, other in pairwise(spans))


def test_what_is_written_without_spaces_is_cut_too() -> None:
    assert len(passage("市長は学校を閉鎖した。" * 400, "市長").text) < 20 * WORDS


@given(st.lists(st.sampled_from([FILLER, "The zebra escaped.", "Leeds?", "x" * 3000, "\n\n", "市長は。"]), max_size=40))
def test_any_premise_has_a_passage_whose_spans_stand_there(parts: list[str]) -> None:
    text = " ".join(parts)
    found = passage(text, "The zebra escaped from Leeds.")
    assert all(text[span.start : span.end] == span.text for span in found.spans)
