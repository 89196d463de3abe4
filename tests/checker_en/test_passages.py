from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.checker_en.passages import PASSAGE_WORDS, select_passage

FILLER = "Nothing of interest was said about it at all."


def premise(**places: str) -> str:
    """Thirty sentences, some of them replaced: ``premise(s3="The zebra escaped.")``."""
    lines = [FILLER] * 30
    for place, text in places.items():
        lines[int(place[1:])] = text
    return " ".join(lines)


def test_short_premise_is_read_whole() -> None:
    short = "One thing happened. Another did not."
    assert select_passage(short, "Nothing.") == short


def test_claim_that_joins_two_distant_sentences_gets_both() -> None:
    """With BM25 alone, the two sentences about the zebra would leave no room for Leeds."""
    text = premise(
        s2="The zebra escaped from the zebra house.", s9="A zebra eats grass, said the zebra keeper.", s27="Leeds won."
    )
    read = select_passage(text, "The zebra escaped and Leeds won.", limit=12)
    assert "The zebra escaped" in read
    assert "Leeds won." in read


def test_sentences_keep_their_order_and_bring_their_neighbours() -> None:
    text = premise(s3="The zebra escaped.", s16="It ran for hours.", s17="Keepers in Leeds caught the zebra.")
    read = select_passage(text, "The zebra was caught in Leeds.", limit=40)
    assert read.index("The zebra escaped.") < read.index("It ran for hours.") < read.index("Keepers in Leeds")
    assert len(read.split()) <= 40


def test_text_without_spaces_is_cut_too() -> None:
    assert len(select_passage("市長は学校を閉鎖した。" * 400, "市長")) < 20 * PASSAGE_WORDS


@given(st.lists(st.sampled_from([FILLER, "The zebra escaped.", "Leeds?", "x" * 3000, "\n\n", "市長は。"]), max_size=40))
def test_passage_has_text_of_the_premise_in_order(parts: list[str]) -> None:
    text, at = " ".join(parts), 0
    for word in select_passage(text, "The zebra left Leeds.").split():
        at = text.index(word, at) + len(word)
