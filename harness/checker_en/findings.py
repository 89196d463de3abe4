"""Compare the numbers, dates and names of a hypothesis with a premise, and find conflicts.

``findings`` reads all texts in one batch, then compares sentence by sentence. A conflict names a difference: what the
hypothesis says, and what the premise says in its place. Nothing here decides a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version

from harness.checker_en import lists, syntax, values
from harness.checker_en.analysis import Analysis
from harness.checker_en.compare import Candidate, Comparison, Finding, Premise, Status, split_sentences
from harness.checker_en.sentence import read
from harness.records import Difference, Pair, Span

_CACHED = 8192
"""Parsed sentences kept between batches."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks find in one pair, and how well its words match."""

    slots: tuple[Finding, ...]
    coverage: float
    """0 to 1: share of the hypothesis's content anywhere in the premise; the minimum over its sentences."""
    evidence: Span | None
    """The sentence of the premise that matches best; None if no sentence shares a word."""
    words: int = 0
    """Content words of the hypothesis."""
    conflicting: Span | None = None
    """The sentence of the premise with the strongest conflict; None if nothing conflicts."""

    def of(self, status: Status, kind: str | None = None) -> tuple[Finding, ...]:
        """The slots with this status, of one type or all, strongest first."""
        chosen = [slot for slot in self.slots if slot.status == status and kind in (None, slot.type)]
        return tuple(sorted(chosen, key=lambda slot: -slot.strength))

    @property
    def slips(self) -> tuple[Finding, ...]:
        """Conflicts only in scale or currency (5 million for 5 billion): the digits match but the amount does not, so
        it cannot be a paraphrase."""
        return tuple(slot for slot in self.of("conflict") if slot.slip)

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences in words, conflicts first; only those conflicts that are in ``conflicting``."""
        return tuple(dict.fromkeys(slot.difference for slot in self._named() if slot.difference))

    @property
    def values(self) -> tuple[Difference, ...]:
        """The numbers, dates and names that differ, conflicts first, as in ``differences``."""
        return tuple(
            dict.fromkeys(
                Difference(slot.type, slot.statement.text, slot.premise if slot.status == "conflict" else None)
                for slot in self._named()
            )
        )

    def _named(self) -> Iterator[Finding]:
        for slot in self.of("conflict"):
            if not (slot.premise and self.conflicting) or slot.premise.overlaps(self.conflicting):
                yield slot
        yield from self.of("missing")


def findings(pairs: Sequence[Pair]) -> list[Findings]:
    """The findings of each pair's hypothesis, in order; accepted wordings and false versions are ignored."""
    days = [_day(pair) for pair in pairs]
    stated = [list(split_sentences(pair.hypothesis)) for pair in pairs]
    _parse((span.text, day) for spans, day in zip(stated, days, strict=True) for span in spans)
    chosen = [
        [_premise(pair.premise).candidates(_analyses[span.text, day].sentence) for span in spans]
        for pair, spans, day in zip(pairs, stated, days, strict=True)
    ]
    _parse(
        (_premise(pair.premise).spans[number].text, day)
        for pair, day, numbers in zip(pairs, days, chosen, strict=True)
        for number in dict.fromkeys(number for each in numbers for number in each)
    )
    found = []
    for pair, spans, day, numbers in zip(pairs, stated, days, chosen, strict=True):
        compared = [
            _compare(_premise(pair.premise), span, each, day) for span, each in zip(spans, numbers, strict=True)
        ]
        found.append(_collect(_premise(pair.premise), [each for each in compared if each.sentence.content]))
    for text in list(_analyses)[: max(0, len(_analyses) - _CACHED)]:
        del _analyses[text]
    return found


def findings_depend() -> Mapping[str, str]:
    """The data and libraries that findings depend on besides the code."""
    return {
        "lists": lists.checksum("nations"),
        **syntax.depends(),
        **{name: version(name) for name in ("sentencex", "snowballstemmer", "num2words", "rapidfuzz")},
    }


_analyses: dict[tuple[str, date | None], Analysis] = {}
"""Sentence and date of its article → its analysis."""
_premise = lru_cache(maxsize=256)(Premise)


def _parse(texts: Iterable[tuple[str, date | None]]) -> None:
    new = [text for text in dict.fromkeys(texts) if text not in _analyses]
    for (text, day), sentence in zip(new, read([text for text, _ in new]), strict=True):
        _analyses[text, day] = Analysis(sentence, day)


def _day(pair: Pair) -> date | None:
    """The article's date; None near the ends of the calendar, where "last year" may not exist."""
    day = None if pair.date is None else datetime.fromisoformat(pair.date).date()
    return day if day and 1000 <= day.year <= 9000 else None


def _compare(premise: Premise, span: Span, numbers: Sequence[int], day: date | None) -> Comparison:
    hypothesis = _analyses[span.text, day]
    candidates = []
    for place in (premise.spans[number] for number in numbers):
        analysis = _analyses[place.text, day]
        candidates.append(Candidate(hypothesis, analysis, place, values.equal_words(hypothesis, analysis)))
    return Comparison(hypothesis, span.start, candidates, premise)


def _collect(premise: Premise, comparisons: Sequence[Comparison]) -> Findings:
    best = filter(None, (comparison.best for comparison in comparisons))
    nearest = max(best, key=lambda candidate: candidate.coverage, default=None)
    slots = [slot for comparison in comparisons for slot in values.find(comparison)]
    conflict = max((slot for slot in slots if slot.status == "conflict"), key=lambda slot: slot.strength, default=None)
    around = (span for span in premise.spans if conflict and conflict.premise and span.overlaps(conflict.premise))
    return Findings(
        tuple(slots),
        coverage=min((_coverage(premise, comparison) for comparison in comparisons), default=0.0),
        evidence=nearest.span if nearest else None,
        words=sum(len(comparison.sentence.content) for comparison in comparisons),
        conflicting=next(around, None),
    )


def _coverage(premise: Premise, comparison: Comparison) -> float:
    equal = frozenset[int]().union(*(candidate.equal for candidate in comparison.candidates))
    return premise.coverage(comparison.sentence, equal)
