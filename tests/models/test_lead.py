from __future__ import annotations

from importlib.metadata import version

import pytest
from asking import answer, request
from builders import item

from harness.models.lead import Lead
from harness.records import Article, Item, Part

TEXT = "A headline without an end\n\nDr. Ada came. She saw it!\nShe left. It was over."


def test_first_sentences_are_returned_with_line_breaks() -> None:
    made = answer(Lead(sentences=3), request(item(TEXT)))
    assert made.text == "A headline without an end\nDr. Ada came. She saw it!"
    assert made.finish == "stop"
    assert made.seconds is not None


def test_summary_starts_at_the_body() -> None:
    start = TEXT.index("Dr.")
    article = Article("a", TEXT, parts=(Part("headline", 0, start - 2), Part("body", start, len(TEXT))))
    assert answer(Lead(sentences=1), request(Item(article))).text == "Dr. Ada came."


def test_short_body_is_returned_whole() -> None:
    assert answer(Lead(sentences=9), request(item("One. Two."))).text == "One. Two."


@pytest.mark.parametrize("text", ["😀😀", "مرحبا بالعالم.", "word"])
def test_sentence_in_any_script_is_returned(text: str) -> None:
    assert answer(Lead(), request(item(text))).text == text


def test_body_without_a_sentence_is_a_reason() -> None:
    made = answer(Lead(), request(item(" \n\n ")))
    assert (made.text, made.finish) == (None, "none")
    assert made.reason == "the article's body has no sentence"


def test_signature_has_the_number_of_sentences() -> None:
    assert Lead(sentences=2).signature().startswith(f"lead|sentences:2|sentencex:{version('sentencex')}|code:")
