"""Compare runs, systems, prompts or models."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.compare import changes
from harness.compare.changes import FactChanges, SummaryChanges
from harness.compare.ranking import MetricDifference, Ranking, rank_tables
from harness.compare.run_differences import RunDifferences, require_same_measures, warn_of_changed_labels
from harness.compare.sides import By, Groups, Side, arrange_sides
from harness.compare.stored import BriefCheck, StoredRun, find_shared_articles, group_by_system, use_same_judges
from harness.compare.table import ScoreTable, merge_sides
from harness.data.validation import suggest_name
from harness.document.labels import ROLES
from harness.errors import UsageError
from harness.records import Fact, Manifest, Metric, Summary
from harness.stats.resampling import Resampler

_ROLES = list(ROLES)
UNDECIDED = ("essential_undecided", "claims_undecided")
"""Metrics shown next to the headline metrics, because undecided verdicts count neither for nor against a system."""


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    by: By
    metrics: tuple[str, ...] = ()
    against: str | None = None
    """The reference (default: the first run, or the best side)."""
    allow_different: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PairwiseComparison:
    """A side against the reference of its leaderboard."""

    system: str
    """The system whose runs are compared; empty if systems, prompts or models are compared."""
    reference: str
    side: str
    differences: Mapping[str, MetricDifference]
    """By metric."""
    facts: FactChanges
    summaries: SummaryChanges | None
    """None unless two runs of one system are compared."""


@dataclass(frozen=True, slots=True)
class Leaderboard:
    name: str
    """The system whose runs are compared; empty if systems, prompts or models are compared."""
    sides: tuple[Side, ...]
    """Systems under test first, then floor and ceiling; best first within each."""
    reference: str
    rankings: Mapping[str, Ranking]
    """By metric."""
    reasons: Mapping[str, Mapping[str, Mapping[str, int]]]
    """Side → metric → reason for a missing value → number of summaries."""
    comparisons: tuple[PairwiseComparison, ...]
    """One per side except the reference, best first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    runs: Mapping[str, Manifest]
    by: By
    articles: tuple[str, ...]
    """The articles that all runs share word for word."""
    metrics: tuple[Metric, ...]
    named: tuple[str, ...]
    """The metrics that the user named."""
    ranked_by: Metric | None
    leaderboards: tuple[Leaderboard, ...]
    run_differences: tuple[RunDifferences, ...]
    """One per run after the first."""
    notes: tuple[str, ...]
    unreviewed: tuple[int, int]
    """How many facts of these articles nobody has reviewed, and how many facts there are."""
    verdict_note: str
    """Says whose verdicts count, and whether people's labels have changed; empty if people judged nothing."""

    @property
    def pairs(self) -> list[PairwiseComparison]:
        return [pairwise for board in self.leaderboards for pairwise in board.comparisons]

    def has_value(self, metric: Metric) -> bool:
        """True if any side has a value; for counts of undecided verdicts that nobody asked for, a value above 0."""
        places = (place for board in self.leaderboards for place in board.rankings[metric.name].places)
        counts_zeros = metric.name not in UNDECIDED or metric.name in self.named
        return any(place.estimate.mean or counts_zeros for place in places if place.estimate.n)


def compare(runs: Sequence[StoredRun], options: ComparisonOptions) -> Comparison:
    """Compare the runs.

    Raises UsageError or DataError if they were measured differently, share no article, or form fewer than two sides.
    """
    if options.by == "run":  # the reference comes first
        runs = sorted(runs, key=lambda run: run.name != options.against)
    runs, whose_verdicts = use_same_judges(runs)
    groups, left_out = arrange_sides({run.name: run.manifest.systems for run in runs}, options.by)
    names = [run.name for run in runs] if options.by == "run" else [side.name for side in groups[""]]
    if options.against is not None and options.against not in names:
        suggestion = suggest_name(options.against, names)
        raise UsageError(f"--against: there is no {options.by} {options.against!r} here; {suggestion}")
    differences = tuple(RunDifferences.of(runs[0], run) for run in runs[1:])
    articles = find_shared_articles(runs)
    if not options.allow_different:
        require_same_measures(runs, differences)
    metrics = _choose_metrics(runs, options.metrics)
    facts, unknown = runs[-1].facts if any(run.verdicts for run in runs) else ({}, None)
    tables = {run.name: run.tabulate(metrics, articles) for run in runs}
    ranked_by = _choose_ranking_metric(metrics, options.metrics, tables.values())
    builder = _LeaderboardBuilder(
        tables=tables,
        verdicts={run.name: group_by_system(run.verdicts, articles) for run in runs},
        summaries={run.name: group_by_system(run.summaries, articles) for run in runs} if options.by == "run" else {},
        facts=facts,
        ranked_by=ranked_by,
        options=options,
    )
    shared = frozenset(articles)
    counted = [fact for (article, _), fact in facts.items() if article in shared]
    return Comparison(
        runs={run.name: run.manifest for run in runs},
        by=options.by,
        articles=articles,
        metrics=metrics,
        named=options.metrics,
        ranked_by=ranked_by,
        leaderboards=builder.build(groups),
        run_differences=differences,
        notes=(*left_out, *filter(None, [unknown])),
        unreviewed=(sum(fact.unreviewed for fact in counted), len(counted)),
        verdict_note=" ".join(filter(None, [whose_verdicts, *warn_of_changed_labels(runs)])),
    )


def _choose_metrics(runs: Sequence[StoredRun], names: Sequence[str]) -> tuple[Metric, ...]:
    """Choose the metrics: those asked for, or the headlines and undecided counts. All runs must have them."""
    shared = {name: metric for name, metric in runs[0].metrics.items() if all(name in run.metrics for run in runs)}
    for name in names:
        if name not in shared:
            lack = "not every run has the" if len(runs) > 1 else f"{runs[0].name} has no"
            raise UsageError(f"{lack} metric {name!r}; {suggest_name(name, list(shared))}")
    if not shared:
        raise UsageError("the runs have no metric in common; score them again with one config: harness score RUN")
    headlines = [metric for metric in shared.values() if metric.headline or metric.name in UNDECIDED]
    return tuple([shared[name] for name in dict.fromkeys(names)] or headlines or shared.values())


def _choose_ranking_metric(
    metrics: Sequence[Metric], named: Sequence[str], tables: Iterable[ScoreTable]
) -> Metric | None:
    """Choose a metric with a direction, ideally with a value: the first named, else a headline, fact recall first."""
    with_value = {metric.name for table in tables for metric in metrics if table.has_value(metric.name)}
    directed = [metric for metric in metrics if metric.better != "neither"]
    if not named:
        directed.sort(key=lambda metric: (not metric.headline, metric.name != "fact_recall"))
    directed.sort(key=lambda metric: metric.name not in with_value)  # stable
    return next(iter(directed), None)


# Leaderboards ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _LeaderboardBuilder:
    """Builds leaderboards from the scores, verdicts and summaries of the shared articles."""

    tables: Mapping[str, ScoreTable]
    """Scores by run."""
    verdicts: Mapping[str, Mapping[str, Sequence[BriefCheck]]]
    """Verdicts by run and system."""
    summaries: Mapping[str, Mapping[str, Sequence[Summary]]]
    """Summaries by run and system; only used if runs are compared."""
    facts: Mapping[tuple[str, str], Fact]
    """Current facts by (article, id)."""
    ranked_by: Metric | None
    options: ComparisonOptions

    def build(self, groups: Groups) -> tuple[Leaderboard, ...]:
        """Build a leaderboard per group; sort them by the role of their first side, then by their reference's mean."""
        tables = [
            merge_sides(self.tables, {side.name: [(side.run, system) for system in side.systems] for side in sides})
            for sides in groups.values()
        ]
        rankings = rank_tables(tables, [metric.name for metric in tables[0].metrics], Resampler(self.options.seed))
        boards = [
            self._build_board(name, sides, table, of_table)
            for (name, sides), table, of_table in zip(groups.items(), tables, rankings, strict=True)
        ]
        return tuple(sorted(boards, key=self._order_board))

    def _build_board(
        self, name: str, sides: Sequence[Side], table: ScoreTable, rankings: Mapping[str, Ranking]
    ) -> Leaderboard:
        by_name = {side.name: side for side in sides}
        order = [place.system for place in rankings[self.ranked_by.name].places] if self.ranked_by else list(by_name)
        order.sort(key=lambda side: _ROLES.index(by_name[side].role))
        reference = sides[0].name if self.options.by == "run" else order[0]
        if self.options.against in order:  # when runs are compared, the reference run may lack this system
            reference = self.options.against
        facts, summaries = {}, {}
        for side in sides:
            checks = [check for system in side.systems for check in self.verdicts[side.run].get(system, ())]
            facts[side.name] = changes.count_verdicts(checks)
            if self.options.by == "run":  # each side is one system
                summaries[side.name] = changes.attach_verdicts(self.summaries[side.run].get(name, ()), checks)
        comparisons = [
            PairwiseComparison(
                system=name,
                reference=reference,
                side=side,
                differences={metric: ranking.difference(reference, side) for metric, ranking in rankings.items()},
                facts=changes.compare_facts(facts[reference], facts[side], self.facts),
                summaries=changes.compare_summaries(summaries[reference], summaries[side]) if summaries else None,
            )
            for side in order
            if side != reference
        ]
        ordered = tuple(by_name[side] for side in order)
        reasons = {side: {metric: table.reasons[side, metric] for metric in rankings} for side in order}
        return Leaderboard(name, ordered, reference, rankings, reasons, tuple(comparisons))

    def _order_board(self, board: Leaderboard) -> tuple[int, float]:
        """Return the sort key: the role of the leaderboard's first side, then its reference's mean, best first."""
        role = _ROLES.index(board.sides[0].role)
        if self.ranked_by is None:
            return role, 0.0
        mean = board.rankings[self.ranked_by.name].place(board.reference).estimate.mean
        if mean is None:
            return role, math.inf
        return role, mean if self.ranked_by.better == "lower" else -mean
