"""Quotations: they stand in the premise, word for word, and are of the one they are given to."""

from __future__ import annotations

from collections.abc import Iterator

from harness.english import names, quotes
from harness.english.analysis import Analysis
from harness.english.names import Name
from harness.english.quotes import Quote
from harness.english.roles import SAYING_STEMS
from harness.verifiers._slots.case import Case
from harness.verifiers._slots.findings import Finding


def quotations(case: Case) -> Iterator[Finding]:
    """One finding a quotation, and one more where its speaker is named."""
    for quote in case.statement.quotes:
        slot = case.sentence.at(quote.start, quote.end)
        if not slot:
            continue
        if quotes.stands(quote.text, case.premise.source):
            yield case.finding("quote", "found", 1.0, slot)
            yield from _speaker(case, quote)
        else:
            yield _unfound(case, quote, slot)


def _unfound(case: Case, quote: Quote, slot: range) -> Finding:
    """What the premise quotes in other words, or nothing: what it says without marks is no other quotation."""
    for passage in case.passages:
        for other in passage.analysis.quotes:
            if quotes.altered(quote.text, other.text):
                there = passage.sentence.at(other.start, other.end)
                return case.conflict("quote", 1.0, slot, passage, there)
    return case.finding("quote", "missing", 0.0, slot)


def _speaker(case: Case, quote: Quote) -> Iterator[Finding]:
    stated = speaker(case.statement)
    if stated is None:
        return
    for passage in case.passages:
        if not quotes.stands(quote.text, passage.sentence.source):
            continue
        said = speaker(passage.analysis)
        if said is None:
            continue
        if names.matches(stated, said):
            yield case.finding("speaker", "found", 1.0, stated.slot, case.said(passage, said.slot))
        else:
            yield case.conflict("speaker", 1.0, stated.slot, passage, said.slot)
        return


def speaker(analysis: Analysis) -> Name | None:
    """The name that is the subject of the sentence's verb of saying; None where there is none, or a pronoun."""
    for clause in analysis.clauses:
        if analysis.sentence.words[clause.predicate].key in SAYING_STEMS:
            for name in analysis.names:
                if not clause.subjects.isdisjoint(name.slot):
                    return name
    return None
