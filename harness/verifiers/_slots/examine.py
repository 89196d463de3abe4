"""From pairs to findings: read what is needed in one batch, then check sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from harness.english.analysis import Analysis
from harness.english.sentence import read
from harness.records import Pair, Span
from harness.verifiers._slots import antonyms, polarity, replaced, roles, speech, titles, values
from harness.verifiers._slots.case import Case
from harness.verifiers._slots.findings import Finding, Findings
from harness.verifiers._slots.passage import Passage
from harness.verifiers._slots.premise import Premise, pieces

_KEPT = 8192
"""Sentences that stay read."""
_OTHERS = (
    titles.exchanges,
    speech.quotations,
    polarity.negations,
    antonyms.antonyms,
    roles.exchanges,
    roles.taken,
    replaced.replaced,
)
"""The checks of what is no value."""
_Text = tuple[str, date | None]
"""A sentence and the date of its article."""


class Examiner:
    """Holds the texts read last."""

    def __init__(self) -> None:
        self._analyses: dict[_Text, Analysis] = {}
        self._premise = lru_cache(maxsize=256)(Premise)

    def findings(self, asked: Sequence[Pair]) -> list[Findings]:
        """The findings of each premise and hypothesis, in order; what they share is read once."""
        days = [_day(pair) for pair in asked]
        self._read((span.text, day) for pair, day in zip(asked, days, strict=True) for span in pieces(pair.hypothesis))
        chosen = [[self._chosen(pair.premise, (span.text, day)) for span in pieces(pair.hypothesis)]
                  for pair, day in zip(asked, days, strict=True)]  # fmt: skip  # one comprehension
        self._read(
            (self._premise(pair.premise).spans[number].text, day)
            for pair, day, numbers in zip(asked, days, chosen, strict=True)
            for each in numbers
            for number in each
        )
        examined = [self._examined(pair, day, numbers) for pair, day, numbers in zip(asked, days, chosen, strict=True)]
        self._forget()
        return examined

    def _chosen(self, premise: str, sentence: _Text) -> list[int]:
        return self._premise(premise).candidates(self._analyses[sentence].sentence)

    def _read(self, texts: Iterable[_Text]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._analyses]
        for (text, day), sentence in zip(new, read([text for text, _ in new]), strict=True):
            self._analyses[text, day] = Analysis(sentence, day)

    def _forget(self) -> None:
        for text in list(self._analyses)[: max(0, len(self._analyses) - _KEPT)]:
            del self._analyses[text]

    def _examined(self, pair: Pair, day: date | None, chosen: Sequence[Sequence[int]]) -> Findings:
        premise, stated = self._premise(pair.premise), pieces(pair.hypothesis)
        cases = [self._case(premise, span, numbers, day) for span, numbers in zip(stated, chosen, strict=True)]
        cases = [case for case in cases if case.sentence.content]
        slots = tuple(finding for case in cases for finding in _checked(case))
        best = max(filter(None, (case.best for case in cases)), key=Passage.coverage, default=None)
        return Findings(
            slots,
            alignment=min((case.best.coverage() if case.best else 0.0 for case in cases), default=0.0),
            order=min((case.best.order if case.best else 0.0 for case in cases), default=0.0),
            coverage=min((_covered(premise, case) for case in cases), default=0.0),
            evidence=best.span if best else None,
            spoofed=any(_spoofed(case) for case in cases),
            words=sum(len(case.sentence.content) for case in cases),
        )

    def _case(self, premise: Premise, span: Span, numbers: Sequence[int], day: date | None) -> Case:
        stated, places = self._analyses[span.text, day], [premise.spans[number] for number in numbers]
        analyses = [self._analyses[place.text, day] for place in places]
        passages = [
            Passage(stated, analysis, place, values.equal(stated, analysis))
            for analysis, place in zip(analyses, places, strict=True)
        ]
        return Case(stated, span.start, passages, premise)


def _day(pair: Pair) -> date | None:
    """The date of the article; of one from beyond the calendar's middle, which has no room around it, none."""
    day = None if pair.date is None else datetime.fromisoformat(pair.date).date()
    return day if day and 1000 <= day.year <= 9000 else None


def _covered(premise: Premise, case: Case) -> float:
    """The share of a sentence's content that is anywhere in the premise."""
    return premise.coverage(case.sentence, frozenset().union(*(passage.equal for passage in case.passages)))


def _checked(case: Case) -> Iterable[Finding]:
    for check in values.CHECKS:
        yield from check.findings(case)
    for find in _OTHERS:
        yield from find(case)


def _spoofed(case: Case) -> bool:
    texts = [case.sentence.plain, *(passage.sentence.plain for passage in case.passages)]
    return any(text.spoofed for text in texts)
