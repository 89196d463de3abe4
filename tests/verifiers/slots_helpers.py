"""What the tests of the verifier slots share."""

from __future__ import annotations

from harness.checker_en.slots.findings import Finding, SlotType, Status
from harness.records import Pair
from harness.verifiers.slots import findings


def found(premise: str, statement: str, kind: SlotType | None = None, status: Status | None = None) -> list[Finding]:
    """The slots of a statement, of one type and status or of all."""
    return chosen(Pair(premise, statement), kind, status)


def chosen(pair: Pair, kind: SlotType | None = None, status: Status | None = None) -> list[Finding]:
    slots = findings([pair])[0].slots
    return [slot for slot in slots if kind in (None, slot.type) and status in (None, slot.status)]


def conflicts(premise: str, statement: str, date: str | None = None) -> set[tuple[str, str, str]]:
    """Type, what the statement says, what the premise says."""
    return {
        (slot.type, slot.statement.text, slot.premise.text if slot.premise else "")
        for slot in chosen(Pair(premise, statement, date=date), status="conflict")
    }
