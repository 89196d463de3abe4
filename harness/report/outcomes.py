"""What became of each article, for a first page whose articles have pages of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from harness.document import format as fmt
from harness.records import Check, Item, Label, System
from harness.report.index import Index
from harness.report.report import Report


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """Of one article in one system, means over samples: facts, or claims where no fact was judged."""

    supported: float
    contradicted: float
    judged: float
    what: str

    @property
    def form(self) -> str:
        """``5.5/14``."""
        return f"{fmt.count(self.supported)}/{fmt.count(self.judged)}"

    @property
    def wrong(self) -> str:
        """How many are contradicted; empty where none is."""
        return fmt.count(self.contradicted) if self.contradicted else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One article; a cell a system in the leaderboard's order, None where nothing was judged."""

    number: int
    item: Item
    cells: tuple[ArticleCounts | None, ...]


def outcomes(run_report: Report) -> tuple[Outcome, ...]:
    """A row an article that is shown."""
    return tuple(
        Outcome(number, item, tuple(_kept(run_report.index, item, system) for system in run_report.systems))
        for number, item in enumerate(run_report.items)
    )


def _kept(index: Index, item: Item, system: System) -> ArticleCounts | None:
    summaries = index.summaries(system.name, item)
    facts = [list(checks.values()) for summary in summaries if (checks := index.coverage(summary))]
    if facts:
        return _means(facts, "fact")
    claims = [found for summary in summaries if (found := index.grounding(summary))]
    return _means(claims, "claim") if claims else None


def _means(samples: Sequence[Sequence[Check]], what: str) -> ArticleCounts:
    def mean(label: Label) -> float:
        return fmean(sum(check.verdict.label == label for check in checks) for checks in samples)

    return ArticleCounts(mean("supported"), mean("contradicted"), fmean(map(len, samples)), what)
