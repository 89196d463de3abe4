"""Quotations: what is one, whether it stands in the premise, and whose it is."""

from __future__ import annotations

import pytest
from slots_helpers import conflicts, found

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


def test_an_altered_quotation_is_a_conflict() -> None:
    premise = 'Zelensky stressed the concept of "peace through strength."'
    assert ("quote", "peace at any strength.", "peace through strength.") in conflicts(
        premise, 'Zelensky stressed the concept of "peace at any strength."'
    )


def test_what_the_premise_says_without_marks_is_no_other_quotation() -> None:
    statement = 'Zelensky said the US must "stand more firmly on our side."'
    slots = found("Zelensky wants the US to stand firmly on the side of Ukraine.", statement, "quote")
    assert [slot.status for slot in slots] == ["missing"]


def test_a_quotation_belongs_to_its_speaker() -> None:
    premise = 'Zelensky said the US needs to "stand more firmly on our side." Trump said nothing.'
    assert ("speaker", "Trump", "Zelensky") in conflicts(
        premise, 'Trump said the US needs to "stand more firmly on our side."'
    )
    same = 'Volodymyr Zelensky said the US needs to "stand more firmly on our side."'
    assert [slot.status for slot in found(premise, same, "speaker")] == ["found"]
