"""From pairs to findings: read what is needed in one batch, then check sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from harness.checker_en.analysis import Analysis
from harness.checker_en.sentence import read
from harness.checker_en.slots import polarity, roles, values, wording
from harness.checker_en.slots.candidate import Candidate
from harness.checker_en.slots.comparison import Comparison
from harness.checker_en.slots.findings import Finding, Findings
from harness.checker_en.slots.premise import Premise, pieces
from harness.records import Pair, Span

_KEPT = 8192
"""Parsed sentences that are kept from one batch of pairs to the next."""
_CHECKS = (
    wording.quotations,
    polarity.negations,
    wording.antonyms,
    roles.exchanges,
    roles.taken,
    wording.replaced,
)
"""The checks beside those of numbers, dates and names; each takes a comparison and yields findings."""
_Text = tuple[str, date | None]
"""A sentence and the date of its article."""


class Examiner:
    """Runs all checks on pairs; sentences that were parsed are kept, the latest ``_KEPT`` of them."""

    def __init__(self) -> None:
        self._analyses: dict[_Text, Analysis] = {}
        self._premise = lru_cache(maxsize=256)(Premise)

    def findings(self, pairs: Sequence[Pair]) -> list[Findings]:
        """The findings of each pair, in order; what pairs share is read once."""
        days = [_day(pair) for pair in pairs]
        self._read((span.text, day) for pair, day in zip(pairs, days, strict=True) for span in pieces(pair.hypothesis))
        chosen = [[self._chosen(pair.premise, (span.text, day)) for span in pieces(pair.hypothesis)]
                  for pair, day in zip(pairs, days, strict=True)]  # fmt: skip  # one comprehension
        self._read(
            (self._premise(pair.premise).spans[number].text, day)
            for pair, day, numbers in zip(pairs, days, chosen, strict=True)
            for each in numbers
            for number in each
        )
        examined = [
            self._findings_of(pair, day, numbers) for pair, day, numbers in zip(pairs, days, chosen, strict=True)
        ]
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

    def _findings_of(self, pair: Pair, day: date | None, chosen: Sequence[Sequence[int]]) -> Findings:
        premise, sentences = self._premise(pair.premise), pieces(pair.hypothesis)
        comparisons = [
            self._comparison(premise, span, numbers, day) for span, numbers in zip(sentences, chosen, strict=True)
        ]
        comparisons = [comparison for comparison in comparisons if comparison.sentence.content]
        slots = tuple(finding for comparison in comparisons for finding in _findings(comparison))
        best = max(filter(None, (comparison.best for comparison in comparisons)), key=Candidate.coverage, default=None)
        return Findings(
            slots,
            alignment=min(
                (comparison.best.coverage() if comparison.best else 0.0 for comparison in comparisons), default=0.0
            ),
            order=min((comparison.best.order if comparison.best else 0.0 for comparison in comparisons), default=0.0),
            coverage=min((_covered(premise, comparison) for comparison in comparisons), default=0.0),
            evidence=best.span if best else None,
            spoofed=any(_spoofed(comparison) for comparison in comparisons),
            words=sum(len(comparison.sentence.content) for comparison in comparisons),
        )

    def _comparison(self, premise: Premise, span: Span, numbers: Sequence[int], day: date | None) -> Comparison:
        statement, places = self._analyses[span.text, day], [premise.spans[number] for number in numbers]
        analyses = [self._analyses[place.text, day] for place in places]
        candidates = [
            Candidate(statement, analysis, place, values.equal(statement, analysis))
            for analysis, place in zip(analyses, places, strict=True)
        ]
        return Comparison(statement, span.start, candidates, premise)


def _day(pair: Pair) -> date | None:
    """The date of the article; of one from beyond the calendar's middle, which has no room around it, none."""
    day = None if pair.date is None else datetime.fromisoformat(pair.date).date()
    return day if day and 1000 <= day.year <= 9000 else None


def _covered(premise: Premise, comparison: Comparison) -> float:
    """The share of a sentence's content that is anywhere in the premise."""
    return premise.coverage(
        comparison.sentence, frozenset().union(*(candidate.equal for candidate in comparison.candidates))
    )


def _findings(comparison: Comparison) -> Iterable[Finding]:
    for check in values.CHECKS:
        yield from check.findings(comparison)
    for find in _CHECKS:
        yield from find(comparison)


def _spoofed(comparison: Comparison) -> bool:
    texts = [comparison.sentence.plain, *(candidate.sentence.plain for candidate in comparison.candidates)]
    return any(text.spoofed for text in texts)
