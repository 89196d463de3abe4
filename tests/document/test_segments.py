"""Cutting a text by spans that nest, overlap, touch and repeat."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from harness.document.segments import Excerpt, group_lines, make_excerpt, split_segments
from harness.records import Span

texts = st.text(alphabet="ab \n\u05d0", max_size=30)
spans = st.lists(st.builds(lambda start, size: Span(start, start + size, ""), st.integers(-3, 33), st.integers(-2, 12)))


@given(texts, spans)
@example("abcdef", [Span(0, 4, ""), Span(2, 6, ""), Span(2, 4, ""), Span(2, 4, "")])
def test_each_span_covers_exactly_its_characters(text: str, marked: list[Span]) -> None:
    covered: list[set[int]] = [set() for _ in marked]
    place = 0
    for segment in split_segments(text, marked):
        for index in segment.covering:
            covered[index] |= set(range(place, place + len(segment.text)))
        place += len(segment.text)
    assert covered == [set(range(max(0, span.start), min(len(text), span.end))) for span in marked]


@given(texts, spans)
def test_each_span_opens_and_closes_once_if_it_begins_and_ends_in_the_text(text: str, marked: list[Span]) -> None:
    """Otherwise, evidence across two documents would be two places with one id."""
    pieces = split_segments(text, marked)
    marking = sorted({index for piece in pieces for index in piece.covering})
    opening = sorted(index for piece in pieces for index in piece.opening)
    closing = sorted(index for piece in pieces for index in piece.closing)
    assert opening == [index for index in marking if marked[index].start >= 0]
    assert closing == [index for index in marking if marked[index].end <= len(text)]


@given(texts, spans)
def test_lines_are_the_lines_of_the_text(text: str, marked: list[Span]) -> None:
    pieces = split_segments(text, marked)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece for line in group_lines(pieces) for piece in line] == pieces
    found = ["".join(piece.text for piece in line).strip("\n") for line in group_lines(pieces)]
    assert [line for line in found if line] == [line for line in text.split("\n") if line]
    assert len(group_lines(split_segments("one\r\n\r\ntwo", marked))) == 2


def test_excerpt_shows_the_words_around_a_short_passage() -> None:
    text = f"other line\nThe deal {'was ' * 30}not signed today.\nlast line"
    start = text.index("not signed")
    found = make_excerpt(text, Span(start, start + 10, "not signed"))
    assert found == Excerpt(f"… {'was ' * 13}", "not signed", " today.")


def test_excerpt_of_a_long_passage_is_the_passage() -> None:
    text = f"before {'x' * 200} after"
    assert make_excerpt(text, Span(7, 207, "x" * 200)) == Excerpt("", "x" * 200, "")
