"""Quotations: they stand in the premise, word for word."""

from __future__ import annotations

from collections.abc import Iterator

from harness.english import quotes
from harness.english.quotes import Quote
from harness.verifiers._slots.comparison import Comparison
from harness.verifiers._slots.findings import Finding


def quotations(comparison: Comparison) -> Iterator[Finding]:
    """For each quotation whether the premise has it word for word (found), altered (conflict), or not (missing)."""
    for quote in comparison.statement.quotes:
        slot = comparison.sentence.at(quote.start, quote.end)
        if not slot:
            continue
        if quotes.stands(quote.text, comparison.premise.source):
            yield comparison.finding("quote", "found", 1.0, slot)
        else:
            yield _altered(comparison, quote, slot)


def _altered(comparison: Comparison, quote: Quote, slot: range) -> Finding:
    """A conflict where the premise quotes it in other words; what it says without marks is no other quotation."""
    for candidate in comparison.candidates:
        for other in candidate.analysis.quotes:
            if quotes.altered(quote.text, other.text):
                there = candidate.sentence.at(other.start, other.end)
                return comparison.conflict("quote", 1.0, slot, candidate, there)
    return comparison.finding("quote", "missing", 0.0, slot)
