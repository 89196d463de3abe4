"""What each system keeps, loses and invents, counted from the verdicts: the numbers that the report puts in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from harness.records import Check, Fact, Item, Label, Summary, System
from harness.reports.index import Index
from harness.reports.matrix import ordered

_GRAVE: tuple[Label, ...] = ("contradicted", "uncertain", "absent")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Loss:
    """An essential fact that a system does not keep in every sample that was judged."""

    name: str
    """The fact's id, after the article's where there are several articles."""
    fact: Fact
    article: int
    """The article's index in the run."""
    number: int
    """The fact's number in the article's matrix."""
    label: Label
    """contradicted where a sample contradicts it; else uncertain where one may; else absent."""
    lost: int
    samples: int

    @property
    def times(self) -> str:
        """In how many of the samples it is lost: `` 2/3``; empty where there is one sample."""
        return f" {self.lost}/{self.samples}" if self.samples > 1 else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over articles of means over samples, of the articles that have verdicts."""

    system: System
    facts: int
    """The essential facts of these articles; all their facts where the data marks none as essential."""
    kept: float
    contradicted: float
    claims: float
    unsupported: float
    """Sentences that the article is not found to support."""
    several: bool
    """Whether an article has more than one judged sample, so that the numbers are means."""


def counted_facts(items: Sequence[Item]) -> tuple[str, set[tuple[str, str]]]:
    """What the facts counted are called, and which they are (article id, fact id)."""
    everything = {(item.article.id, fact.id): fact for item in items for fact in item.facts}
    essential = {key for key, fact in everything.items() if fact.importance == "essential"}
    return ("essential fact", essential) if essential else ("fact", set(everything))


def tally(index: Index, system: System) -> Tally:
    """The sums of one system."""
    _, counted = counted_facts(index.results.items)
    facts = 0
    kept = contradicted = claims = unsupported = 0.0
    several = False
    for item in index.results.items:
        summaries = index.summaries(system.name, item)
        judged = [found for summary in summaries if (found := _coverage(index, summary, counted))]
        if judged:
            facts += len({check.target for checks in judged for check in checks})
            kept += fmean(_count(checks, "supported") for checks in judged)
            contradicted += fmean(_count(checks, "contradicted") for checks in judged)
        grounded = [checks for summary in summaries if (checks := index.grounding(summary))]
        if grounded:
            claims += fmean(len(checks) for checks in grounded)
            unsupported += fmean(len(checks) - _count(checks, "supported") for checks in grounded)
        several = several or len(judged) > 1 or len(grounded) > 1
    return Tally(system, facts, kept, contradicted, claims, unsupported, several)


def losses(index: Index, system: System) -> list[Loss]:
    """The essential facts that a system lost: those contradicted first, then by article and in the matrix's order."""
    found = []
    for article, item in enumerate(index.results.items):
        summaries = index.summaries(system.name, item)
        for number, fact in enumerate(ordered(item.facts), start=1):
            checks = [check for summary in summaries if (check := index.coverage(summary).get(fact.id))]
            lost = [check.verdict.label for check in checks if check.verdict.label != "supported"]
            if lost and fact.importance == "essential":
                name = f"{item.article.id}/{fact.id}" if len(index.results.items) > 1 else fact.id
                found.append(Loss(name, fact, article, number, _worst(lost), len(lost), len(checks)))
    return sorted(found, key=lambda loss: _GRAVE.index(loss.label))


def _coverage(index: Index, summary: Summary, counted: set[tuple[str, str]]) -> list[Check]:
    return [check for check in index.coverage(summary).values() if (check.article_id, check.target) in counted]


def _count(checks: Sequence[Check], label: Label) -> int:
    return sum(check.verdict.label == label for check in checks)


def _worst(labels: Sequence[Label]) -> Label:
    return next(label for label in _GRAVE if label in labels)
