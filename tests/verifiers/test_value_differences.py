"""Values that do not match, as a verdict carries them: the statement's, and the one in its place in the premise."""

from __future__ import annotations

from harness.checker_en.slots.findings import Finding, Findings
from harness.records import Pair, Span
from harness.verifiers.cascade import Cascade
from harness.verifiers.slots import Slots

PREMISE = "The river rose by three metres on Friday. Nobody was hurt, said the mayor."


def test_a_number_that_differs_is_told_with_its_place_in_the_premise() -> None:
    (verdict,) = Slots().verify([Pair(PREMISE, "The river rose by five metres on Friday.")])
    (difference,) = verdict.differences
    assert (difference.kind, difference.stated) == ("number", "five metres")
    assert difference.found is not None
    assert difference.found.text == "three metres"
    assert PREMISE[difference.found.start : difference.found.end] == "three metres"


def test_what_is_supported_has_no_differences() -> None:
    (verdict,) = Slots().verify([Pair(PREMISE, "The river rose by three metres on Friday.")])
    assert (verdict.label, verdict.differences) == ("supported", ())


def test_a_value_that_the_premise_lacks_has_nothing_in_its_place_and_other_slots_are_not_values() -> None:
    (stated,) = (Finding("name", "missing", 0.2, _span("Macron"), _span("Trump")),)
    found = Findings((stated, Finding("negation", "conflict", 0.9, _span("not"), _span("never"))), 1, 1, 1, None)
    assert [(each.kind, each.stated, each.found) for each in found.values] == [("name", "Macron", None)]


def test_a_cascade_hands_on_what_its_last_step_found() -> None:
    pair = Pair(PREMISE, "The river rose by five metres on Friday.")
    (verdict,) = Cascade(steps=(Slots(),), step_threshold=1).verify([pair])
    assert [each.stated for each in verdict.differences] == ["five metres"]


def _span(text: str) -> Span:
    return Span(0, len(text), text)
