"""What a comparison asks and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.compare.fact_changes import FactChanges
from harness.compare.ranking import Ranking
from harness.compare.run_differences import RunDifference
from harness.compare.sides import By, Side
from harness.compare.summary_changes import SummaryChanges
from harness.records import Manifest, Metric, Role
from harness.stats.power import Plan
from harness.stats.resampling import RESAMPLES

UNDECIDED = ("essential_undecided", "claims_undecided")
"""Metrics beside the headline ones: what is undecided is neither kept nor lost."""


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """What is asked of the runs."""

    by: By
    metrics: tuple[str, ...] = ()
    """Names of metrics; the headline metrics where there are none."""
    against: str | None = None
    """The side that the others are measured against; where it is None, the first run, or else the best side."""
    allow_different: bool = False
    """Whether to compare what is shared by runs that were not measured alike."""
    seed: int = 0
    resamples: int = RESAMPLES


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A side minus the reference, over shared articles. What could not be computed is None, and ``reason`` says why."""

    n: int
    before: float | None
    """Mean of the reference over the shared articles."""
    after: float | None
    mean: float | None
    low: float | None
    """Ends of the 95% interval of the mean difference."""
    high: float | None
    p: float | None
    """Corrected (Holm) for all pairs of this metric."""
    apart: bool
    """Whether the two differ significantly."""
    changed: int
    """Shared articles on which the two differ."""
    missing: tuple[int, int]
    """Articles on which the reference has no value and the side has one, and the other way round."""
    effect: float | None
    """Hedges' g of the paired differences."""
    reason: str | None


@dataclass(frozen=True, slots=True)
class PairwiseComparison:
    """A side against the reference of its leaderboard."""

    reference: str
    side: str
    differences: Mapping[str, MetricDifference]
    """By metric."""
    facts: FactChanges
    summaries: SummaryChanges | None
    """Where the two are runs of one system."""
    plan: Plan | None
    """What these articles could show of the metric that ranks; None where none does."""

    @property
    def is_in_time(self) -> bool:
        """Whether the side is a later run of the reference's system, and not another system, prompt or model."""
        return self.summaries is not None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Sides that were compared with each other."""

    name: str
    """The system, where its runs are compared; empty elsewhere."""
    sides: tuple[Side, ...]
    """Those under test first, then floor and ceiling; of each the best first, by the metric that ranks."""
    roles: Mapping[str, Role]
    """By side."""
    reference: str
    rankings: Mapping[str, Ranking]
    """By metric."""
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    """(side, metric) → why summaries have no value, and how many."""
    comparisons: tuple[PairwiseComparison, ...]
    """One for each side but the reference, best first."""


@dataclass(frozen=True, slots=True)
class RunDifferences:
    """What differs between the first run and another."""

    first: str
    run: str
    measures: tuple[RunDifference, ...]
    """What makes their numbers numbers of different things; compared all the same, where that was allowed."""
    causes: tuple[RunDifference, ...]
    """What else changed."""

    def in_words(self, difference: RunDifference) -> str:
        """One of them in a sentence that names the runs."""
        return difference.in_words(self.first, self.run)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a comparison shows."""

    runs: Mapping[str, Manifest]
    """By name, in the order given."""
    by: By
    articles: tuple[str, ...]
    """The articles that all runs have, word for word."""
    metrics: tuple[Metric, ...]
    ranked_by: Metric | None
    leaderboards: tuple[Leaderboard, ...]
    contrasts: tuple[RunDifferences, ...]
    notes: tuple[str, ...]
    """What takes no part, and what is not known."""
    resamples: int
    unreviewed: tuple[int, int] = (0, 0)
    """How many of the facts of these articles no person has read, and how many there are."""
    people: str = ""
    """Where people's labels count; empty where they gave none."""
