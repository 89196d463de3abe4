"""Quotations: what is one, and whether it stands in a text."""

from __future__ import annotations

import pytest

from harness.english.quotes import quotes, stands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "stand more firmly" twice.', ["stand more firmly"]),
        ("He called it 'a great day for us'.", ["a great day for us"]),
        ("`` we are suffering, '' said koirala.".replace("`", "'"), [" we are suffering, "]),
        ("The boys' dogs and the girls' cats ran.", []),
        ("It's the UK's plan, isn't it?", []),
        ("They 'don't know what it's worth'.", ["don't know what it's worth"]),
        ('The so-called "deal" fell.', []),
    ],
)
def test_apostrophes_are_no_quotation_marks(text: str, expected: list[str]) -> None:
    assert [quote.text for quote in quotes(text)] == expected


def test_a_quotation_stands_whatever_its_marks_and_gaps() -> None:
    premise = "He said: “The US needs to stand — more firmly — on our side, today.”"
    assert stands("stand more firmly ... on our side", premise)
    assert stands("Stand more firmly", premise)
    assert not stands("on our side ... stand more firmly", premise)
    assert not stands("stand less firmly", premise)
