"""The records of a comparison: its options and its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.compare.changes import FactChanges, SummaryChanges
from harness.compare.ranking import Ranking
from harness.compare.run_differences import RunDifference
from harness.compare.sides import By, Side
from harness.records import Manifest, Metric, Role
from harness.stats.power import Plan
from harness.stats.resampling import RESAMPLES

UNDECIDED = ("essential_undecided", "claims_undecided")
"""Metrics shown beside the headlines, because undecided verdicts count neither for nor against a system."""


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    by: By
    metrics: tuple[str, ...] = ()
    against: str | None = None
    """The side that the others are compared with (default: the first run, or the best side)."""
    allow_different: bool = False
    seed: int = 0
    resamples: int = RESAMPLES


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """A side minus the reference, over shared articles; if a number is None, ``reason`` says why."""

    n: int
    before: float | None
    """Mean of the reference over the shared articles."""
    after: float | None
    mean: float | None
    low: float | None
    """Lower end of the mean's 95% interval."""
    high: float | None
    p: float | None
    """Corrected for all pairs of this metric (Holm)."""
    apart: bool
    changed: int
    """Number of shared articles on which the two differ."""
    missing: tuple[int, int]
    """Number of articles on which only the side has a value, and number on which only the reference has one."""
    effect: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PairwiseComparison:
    """A side against the reference of its leaderboard."""

    reference: str
    side: str
    differences: Mapping[str, MetricDifference]
    facts: FactChanges
    summaries: SummaryChanges | None
    """None unless the two are runs of one system."""
    plan: Plan | None
    """The difference in the ranking metric that these articles could detect; None if nothing is ranked."""

    @property
    def compares_runs(self) -> bool:
        """True if the two are runs of one system, so that one came before the other."""
        return self.summaries is not None


@dataclass(frozen=True, slots=True)
class Leaderboard:
    name: str
    """The system whose runs are compared; empty if systems, prompts or models are compared."""
    sides: tuple[Side, ...]
    """Systems under test first, then floor and ceiling; best first within each."""
    roles: Mapping[str, Role]
    reference: str
    rankings: Mapping[str, Ranking]
    reasons: Mapping[tuple[str, str], Mapping[str, int]]
    """Number of summaries per reason for a missing value, by (side, metric)."""
    comparisons: tuple[PairwiseComparison, ...]
    """One per side except the reference, best first."""


@dataclass(frozen=True, slots=True)
class RunDifferences:
    """The differences between the first run and another."""

    first: str
    run: str
    measures: tuple[RunDifference, ...]
    """Differences that make the numbers of the two runs incomparable."""
    causes: tuple[RunDifference, ...]
    """Differences that may explain why the numbers differ."""

    def describe(self, difference: RunDifference) -> str:
        return difference.describe(self.first, self.run)


@dataclass(frozen=True, slots=True)
class Comparison:
    runs: Mapping[str, Manifest]
    by: By
    articles: tuple[str, ...]
    """The articles that all runs share word for word."""
    metrics: tuple[Metric, ...]
    ranked_by: Metric | None
    leaderboards: tuple[Leaderboard, ...]
    contrasts: tuple[RunDifferences, ...]
    notes: tuple[str, ...]
    resamples: int
    unreviewed: tuple[int, int] = (0, 0)
    """Number of facts of these articles that nobody has reviewed, and number of all their facts."""
    people: str = ""
    """A sentence that says whose verdicts count; empty if people judged nothing."""

    def pairs(self) -> Iterator[tuple[Leaderboard, PairwiseComparison]]:
        for board in self.leaderboards:
            yield from ((board, pairwise) for pairwise in board.comparisons)

    def has_value(self, metric: Metric) -> bool:
        """True if any side has a value; for undecided verdicts, a value above 0."""
        places = (place for board in self.leaderboards for place in board.rankings[metric.name].places)
        return any(place.estimate.mean or metric.name not in UNDECIDED for place in places if place.estimate.n)
