"""Ask a language model which of two systems summarises an article better."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean
from typing import ClassVar, NamedTuple

from pydantic import Field

from harness.records import Case, Metric, Question, Summary
from harness.scorers.judged import JudgedScorer, read_answers, read_value
from harness.scorers.measure import Measure, missing
from harness.signature import digest

QUESTION = """\
Which summary serves a reader better? A good summary has what matters most in the article, says nothing that the \
article does not support, and reads well. Do not let the order or the length of the summaries influence you.\
"""
ORDER_CHANGED = ".order_changed"
"""Suffix of the metric that says how often the order of the summaries changed the answer."""
_CHOICES: Mapping[str, float] = {"A": 1.0, "B": 0.0, "tie": 0.5}
"""The judge's choice → the value for the summary that is shown first."""


class _Comparison(NamedTuple):
    value: float | None
    """1 if the judge prefers the summary, 0 if it prefers the rival, else in between; None if an answer is missing."""
    changed: bool | None = None
    """True if the answer changed with the order; None if the judge was not asked."""
    reason: str = ""
    """Why an answer is missing."""


class Preference(JudgedScorer):
    """How often a language model prefers the summary to those of other systems; a tie counts as 0.5.

    The judge compares every pair in both orders, because judges favour one position (Zheng et al. 2023); the mean of
    both answers counts. ``preference`` is the mean over the other systems; its details list the value for each system.
    ``preference.order_changed`` is the share of pairs whose answer changed with the order. If the server gives
    logprobs, answers are weighted by probability. A sample is compared with the other system's sample of the same
    number, or else with that system's last sample. Equal texts tie, and the judge is not asked.

    Without ``against``, values depend on the run's systems, so compare them only within a run.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"question"})  # signed by its digest

    against: str | None = None
    """The system that all others are compared with (default: every pair of systems)."""
    question: str = Field(QUESTION, min_length=1)
    """The question to the judge about the two summaries."""

    def check_systems(self, names: Collection[str]) -> Iterable[str]:
        if self.against is not None and self.against not in names:
            yield f"against: {self.against!r} is not a system of this run (allowed: {', '.join(names)})"
        if len(names) < 2:
            yield "compares systems, but this run has only one; add a model"

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), "prompt": digest(self.question)}

    def metrics(self) -> Sequence[Metric]:
        title = f"Preferred to {self.against}" if self.against else "Preferred to other systems"
        return (
            Metric(self.name, title, headline=True),
            Metric(f"{self.name}{ORDER_CHANGED}", "Preference changed with the order", better="lower"),
        )

    def questions(self, case: Case) -> Iterable[Question]:
        if self.against != case.summary.system:
            for rival in self._select_rivals(case):
                yield from self._write_in_both_orders(case, rival)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        changes = f"{self.name}{ORDER_CHANGED}"
        if self.against == case.summary.system:
            return {
                self.name: Measure(_CHOICES["tie"]),
                changes: missing("the other systems are compared with this one"),
            }
        by_rival = {rival.system: self._compare(case, rival) for rival in self._select_rivals(case)}
        values = {system: each.value for system, each in by_rival.items() if each.value is not None}
        if not values:
            no_rival = f"there is no summary by {self.against or 'another system'} to compare it with"
            return self.nothing(next((each.reason for each in by_rival.values()), no_rival))
        names = tuple(f"{system}={value:.2f}" for system, value in values.items())
        changed = [each.changed for each in by_rival.values() if each.changed is not None]
        return {
            self.name: Measure(fmean(values.values()), names=names),
            changes: Measure(fmean(changed)) if changed else missing("the texts are equal, so no judge was asked"),
        }

    def _compare(self, case: Case, rival: Summary) -> _Comparison:
        questions = self._write_in_both_orders(case, rival)
        if not questions:
            return _Comparison(_CHOICES["tie"])
        answers, reason = read_answers(case, questions)
        if reason:
            return _Comparison(None, reason=reason)
        (first, second), choices = answers, [_CHOICES[each.choice or ""] for each in answers]
        value = (read_value(first, _CHOICES) + 1 - read_value(second, _CHOICES)) / 2
        return _Comparison(value, changed=choices[0] != 1 - choices[1])

    def _write_in_both_orders(self, case: Case, rival: Summary) -> list[Question]:
        """Write two questions, one with this summary first and one with the rival's first; none for equal texts."""
        own = case.summary
        if (own.text or "").split() == (rival.text or "").split():
            return []
        question = f"{self.question}\n\nAnswer A, B, or tie if neither is better."
        questions = []
        for one, other in ((own, rival), (rival, own)):
            texts = {"ARTICLE": case.item.article.text, "SUMMARY A": one.text or "", "SUMMARY B": other.text or ""}
            questions.append(self.write_question(case, (one.system, other.system), texts, question, [*_CHOICES]))
        return questions

    def _select_rivals(self, case: Case) -> list[Summary]:
        """Return the summaries to compare this one with: one by each other system, or only the one by ``against``."""
        by_system: dict[str, list[Summary]] = {}
        for other in case.others:
            if other.text is not None and self.against in (None, other.system):
                by_system.setdefault(other.system, []).append(other)
        sample = case.summary.sample
        return [next((each for each in made if each.sample == sample), made[-1]) for made in by_system.values()]
