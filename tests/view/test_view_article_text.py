"""An article cut where evidence begins and ends loses no letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.records import Article, Fact, Span
from harness.text import paragraphs
from harness.view.article_text import Paragraph, marked

TEXT = "  - First, a mayor. She left.\n\nThe council sits on Friday.\n"


def joined(paragraph: Paragraph) -> str:
    sentences = ("".join(piece.text for piece in each.pieces) + each.after for each in paragraph.sentences)
    return paragraph.before + "".join(sentences)


@given(st.text("ab. \n-*•“”。市\t", max_size=60), st.integers(0, 60), st.integers(1, 20), st.integers(0, 60))
def test_whatever_is_marked_the_text_is_verbatim(text: str, start: int, length: int, other: int) -> None:
    facts = [Fact("one", "One.", evidence=Span(start, start + length, text[start : start + length]))]
    found = list(marked(Article("a", text), facts, Span(other, other + length, "")))
    assert [joined(each) for each in found] == [span.text for span in paragraphs(text)]


def test_evidence_of_facts_and_the_chosen_passage_are_marked() -> None:
    start = TEXT.index("a mayor")
    fact = Fact("mayor", "A mayor left.", evidence=Span(start, start + 7, "a mayor"))
    chosen = Span(start + 2, start + 16, "mayor. She lef")
    first, second = marked(Article("a", TEXT), [fact], chosen)
    assert (first.before, first.bare, second.bare) == ("- ", False, True)
    assert [each.bare for each in marked(Article("a", TEXT), [], chosen)] == [False, True]
    assert [(piece.text, piece.facts, piece.chosen) for each in first.sentences for piece in each.pieces] == [
        ("First, ", (), False),
        ("a ", ("mayor",), False),
        ("mayor", ("mayor",), True),
        (".", (), True),
        ("She lef", (), True),
        ("t.", (), False),
    ]
