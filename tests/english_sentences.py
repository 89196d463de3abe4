"""Helpers for the tests of the English checks."""

from __future__ import annotations

import datetime

from harness.checker_en.analysis import Analysis
from harness.checker_en.compare import Finding, SlotType, Status
from harness.checker_en.findings import findings
from harness.checker_en.sentence import read
from harness.records import Pair


def analysed(sentence: str, today: datetime.date | None = None) -> Analysis:
    return Analysis(read([sentence])[0], today)


def found(premise: str, statement: str, kind: SlotType | None = None, status: Status | None = None) -> list[Finding]:
    """The findings of a statement, optionally of one type and status."""
    return chosen(Pair(premise, statement), kind, status)


def chosen(pair: Pair, kind: SlotType | None = None, status: Status | None = None) -> list[Finding]:
    slots = findings([pair])[0].slots
    return [slot for slot in slots if kind in (None, slot.type) and status in (None, slot.status)]


def conflicts(premise: str, statement: str, date: str | None = None) -> set[tuple[str, str, str]]:
    """Type, the statement's passage and the premise's passage of each conflict."""
    return {
        (slot.type, slot.statement.text, slot.premise.text if slot.premise else "")
        for slot in chosen(Pair(premise, statement, date=date), status="conflict")
    }
