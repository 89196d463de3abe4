"""Quotations: what is one, whether it stands in the premise, and whose it is."""

from __future__ import annotations

from slots_helpers import conflicts, found


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
