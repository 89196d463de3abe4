"""Quotations: what is one, and whether it stands in the premise."""

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


def test_a_quotation_with_a_verb_written_out_is_no_altered_one_and_one_with_another_word_is() -> None:
    premise = '"It\'s a very sad day for football," he said.'
    assert conflicts(premise, '"It is a very sad day for football," he said.') == set()
    assert {kind for kind, *_ in conflicts(premise, '"It is a very good day for football," he said.')} >= {"quote"}
