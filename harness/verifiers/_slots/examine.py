"""From pairs to findings: read what is needed in one batch, then check sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from harness.records import Span
from harness.verifiers._slots import opposites, polarity, replaced, roles, speech, values
from harness.verifiers._slots.alignment import Alignment
from harness.verifiers._slots.case import Case, Passage
from harness.verifiers._slots.findings import Finding, Findings
from harness.verifiers._slots.premise import Premise, pieces
from harness.verifiers._slots.reading import Reading
from harness.verifiers._slots.sentence import read

_KEPT = 8192
"""Sentences that stay read."""


class Examiner:
    """Holds the texts read last."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}
        self._premise = lru_cache(maxsize=256)(Premise)

    def findings(self, asked: Sequence[tuple[str, str]]) -> list[Findings]:
        """The findings of each premise and statement, in order; what they share is read once."""
        self._read(span.text for _, statement in asked for span in pieces(statement))
        chosen = [[self._chosen(premise, span.text) for span in pieces(statement)] for premise, statement in asked]
        self._read(
            self._premise(premise).spans[number].text
            for (premise, _), numbers in zip(asked, chosen, strict=True)
            for each in numbers
            for number in each
        )
        found = [
            self._examined(self._premise(premise), statement, numbers)
            for (premise, statement), numbers in zip(asked, chosen, strict=True)
        ]
        self._forget()
        return found

    def _chosen(self, premise: str, sentence: str) -> list[int]:
        return self._premise(premise).candidates(self._readings[sentence].sentence)

    def _read(self, texts: Iterable[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._readings]
        for text, sentence in zip(new, read(new), strict=True):
            self._readings[text] = Reading(sentence)

    def _forget(self) -> None:
        for text in list(self._readings)[: max(0, len(self._readings) - _KEPT)]:
            del self._readings[text]

    def _examined(self, premise: Premise, statement: str, chosen: Sequence[Sequence[int]]) -> Findings:
        cases = [self._case(premise, span, numbers) for span, numbers in zip(pieces(statement), chosen, strict=True)]
        cases = [case for case in cases if case.statement.sentence.content]
        slots = tuple(finding for case in cases for finding in _checked(case))
        best = max(
            (case.best for case in cases if case.best), key=lambda passage: passage.alignment.coverage(), default=None
        )
        return Findings(
            slots,
            alignment=min((case.best.alignment.coverage() if case.best else 0.0 for case in cases), default=0.0),
            order=min((case.best.alignment.order if case.best else 0.0 for case in cases), default=0.0),
            coverage=min((_covered(premise, case) for case in cases), default=0.0),
            evidence=best.alignment.span if best else None,
            spoofed=any(_spoofed(case) for case in cases),
            words=sum(len(case.statement.sentence.content) for case in cases),
        )

    def _case(self, premise: Premise, span: Span, numbers: Sequence[int]) -> Case:
        statement = self._readings[span.text]
        passages = []
        for number in numbers:
            reading = self._readings[premise.spans[number].text]
            alignment = Alignment(
                statement.sentence,
                reading.sentence,
                premise.spans[number],
                statement.values,
                values.equal(statement, reading),
            )
            passages.append(Passage(reading, alignment))
        return Case(statement, span.start, passages, premise)


def _covered(premise: Premise, case: Case) -> float:
    """The share of a sentence's content that is anywhere in the premise."""
    return premise.coverage(
        case.statement.sentence, frozenset().union(*(passage.alignment.equal for passage in case.passages))
    )


def _checked(case: Case) -> Iterable[Finding]:
    for check in values.CHECKS:
        yield from check.findings(case)
    for find in (speech.quotations, polarity.negations, opposites.antonyms, roles.exchanges, replaced.replaced):
        yield from find(case)


def _spoofed(case: Case) -> bool:
    texts = [case.statement.sentence.plain, *(passage.reading.sentence.plain for passage in case.passages)]
    return any(text.spoofed for text in texts)
