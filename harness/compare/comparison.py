"""Compare runs, systems, prompts or models."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from harness.compare import run_differences
from harness.compare.changes import (
    FactChanges,
    SummaryChanges,
    attach_verdicts,
    compare_fact_verdicts,
    compare_summaries,
    count_verdicts,
)
from harness.compare.ranking import Ranking, rank_all
from harness.compare.run_differences import RunDifference
from harness.compare.sides import By, Side, SideGroup, arrange_sides
from harness.compare.stored import BriefCheck, StoredRun, group_by_system, use_same_judges
from harness.compare.table import ScoreTable, merge_sides, tabulate
from harness.data.validation import suggest_name
from harness.document.labels import ROLES
from harness.errors import DataError, UsageError
from harness.files import show
from harness.records import Fact, Manifest, Metric, Role, Summary
from harness.stats.arrays import subtract
from harness.stats.caution import ALPHA
from harness.stats.power import Plan, plan
from harness.stats.resampling import RESAMPLES, Resampler

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
    """True if the difference is significant after that correction."""
    changed: int
    """Number of shared articles on which the two differ."""
    missing: tuple[int, int]
    """Number of articles on which only the side has a value, and number on which only the reference has one."""
    effect: float | None
    """Hedges' g."""
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
    run_differences: tuple[RunDifferences, ...]
    """One per run after the first."""
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


class MeasuredDifferentlyError(UsageError):
    """Raised if runs were measured differently; ``--allow-different`` compares them anyway."""

    def __init__(self, first: str, differences: Sequence[str]) -> None:
        self.first, self.differences = first, tuple(differences)
        lines = "".join(f"  {each}\n" for each in differences)
        super().__init__(
            f"the runs were measured differently from {first}:\n{lines}what to do:\n"
            "- score both with one config: harness score RUN --config CONFIG\n"
            "- if only facts, references or labels changed: harness score --stale\n"
            "- to compare only what they share: add --allow-different"
        )


def compare(runs: Sequence[StoredRun], options: ComparisonOptions) -> Comparison:
    """Compare the runs.

    Raises UsageError or DataError if they were measured differently, share no article, or form fewer than two sides.
    """
    runs, people = use_same_judges(runs)
    arranged = arrange_sides({run.name: run.manifest.systems for run in runs}, options.by)
    names = [run.name for run in runs]
    if options.by == "run" and options.against is not None and options.against not in names:
        raise UsageError(f"--against: there is no run {options.against!r} here; {suggest_name(options.against, names)}")
    differences = tuple(compare_manifests(runs[0], run) for run in runs[1:])
    articles = find_shared_articles(runs)
    if not options.allow_different:
        require_same_measures(runs, differences)
    metrics = _choose_metrics(runs, options.metrics)
    facts, unknown = runs[-1].facts if any(run.verdicts for run in runs) else ({}, None)
    tables = tuple(tabulate_run(run, metrics, articles) for run in runs)
    ranked_by = _choose_ranking_metric(metrics, options.metrics, tables)
    boards = _LeaderboardBuilder(tables, tuple(runs), options, ranked_by, facts).build(arranged.groups)
    shared = frozenset(articles)
    counted = [fact for (article, _), fact in facts.items() if article in shared]
    return Comparison(
        runs={run.name: run.manifest for run in runs},
        by=options.by,
        articles=articles,
        metrics=metrics,
        ranked_by=ranked_by,
        leaderboards=boards,
        run_differences=differences,
        notes=(*arranged.left_out, *(each for run in runs for each in run.unknown_metrics), *filter(None, [unknown])),
        resamples=options.resamples,
        unreviewed=(sum(fact.unreviewed for fact in counted), len(counted)),
        people=" ".join(filter(None, [people, *list_changed_labels(runs)])),
    )


def find_shared_articles(runs: Sequence[StoredRun]) -> tuple[str, ...]:
    """List the articles whose text is the same in all runs; DataError if the runs share no article."""
    first, *others = (run.manifest.articles for run in runs)
    shared = tuple(name for name, text in first.items() if all(other.get(name) == text for other in others))
    if not shared:
        opening = {run.name: list(run.manifest.articles)[:3] for run in runs}
        listing = "; ".join(f"{name}: {', '.join(ids) or 'none'}" for name, ids in opening.items())
        raise DataError(f"the runs have no article in common ({listing}, …); run them on the same articles")
    return shared


def compare_manifests(first: StoredRun, other: StoredRun) -> RunDifferences:
    """Compare the manifests of two runs; ignore their labels if only the verifier's verdicts count."""
    before, after = first.manifest, other.manifest
    if first.verifier_alone:
        before = replace(before, labels="")
    measures = run_differences.find_measurement_differences(before, after)
    return RunDifferences(first.name, other.name, measures, run_differences.find_causes(before, after))


def require_same_measures(runs: Sequence[StoredRun], differences: Sequence[RunDifferences]) -> None:
    """Raise MeasuredDifferentlyError if a run was measured differently from the first, or its labels have changed."""
    wrong = [f"{each.run}: {each.describe(measure)}" for each in differences for measure in each.measures]
    wrong += list_changed_labels(runs)
    if wrong:
        raise MeasuredDifferentlyError(runs[0].name, wrong)


def list_changed_labels(runs: Sequence[StoredRun]) -> list[str]:
    return [f"{run.name}: people's labels have changed since it was scored." for run in runs if run.has_new_labels]


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
    return tuple([shared[name] for name in names] or headlines or shared.values())


def _choose_ranking_metric(
    metrics: Sequence[Metric], named: Sequence[str], tables: Sequence[ScoreTable]
) -> Metric | None:
    """Choose a metric with a direction: the first one named, else fact recall or another headline with a value."""
    directed = [metric for metric in metrics if metric.better != "neither"]
    if not named:
        directed = [each for each in directed if any(table.has_value(each.name) for table in tables)] or directed
        directed = [each for each in directed if each.headline] or directed
        directed.sort(key=lambda metric: metric.name != "fact_recall")
    return next(iter(directed), None)


def tabulate_run(run: StoredRun, metrics: Sequence[Metric], articles: Sequence[str]) -> ScoreTable:
    """Tabulate the scores of a run on these articles; a DataError names the file."""
    try:
        return tabulate(run.read_scores(articles), metrics, articles)
    except DataError as error:
        raise DataError(f"{show(run.folder.scores.path)}: {error}") from None


# Leaderboards ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _LeaderboardBuilder:
    """Builds the leaderboards from the scores of each run on the shared articles."""

    tables: tuple[ScoreTable, ...]
    runs: tuple[StoredRun, ...]
    options: ComparisonOptions
    ranked_by: Metric | None
    facts: Mapping[tuple[str, str], Fact]

    @cached_property
    def _resampler(self) -> Resampler:
        return Resampler(self.options.seed, self.options.resamples)

    @cached_property
    def _verdicts(self) -> list[dict[str, list[BriefCheck]]]:
        """Each run's verdicts on the shared articles, by system."""
        return [group_by_system(run.verdicts, self.tables[0].articles) for run in self.runs]

    @cached_property
    def _summaries(self) -> list[dict[str, list[Summary]]]:
        return [group_by_system(run.summaries, self.tables[0].articles) for run in self.runs]

    def build(self, groups: Sequence[SideGroup]) -> tuple[Leaderboard, ...]:
        """Build a leaderboard per group; sort them by role, then by the mean of their reference."""
        tables = [
            merge_sides(self.tables, {side.name: [(side.run, name) for name in side.systems] for side in group.sides})
            for group in groups
        ]
        rankings = {metric.name: rank_all(tables, metric.name, self._resampler) for metric in tables[0].metrics}
        boards = [
            self._board(group, table, {metric: ranked[number] for metric, ranked in rankings.items()})
            for number, (group, table) in enumerate(zip(groups, tables, strict=True))
        ]
        by = self.ranked_by

        def order(board: Leaderboard) -> tuple[int, float]:
            role = self._role_order(board.sides[0])
            if by is None:
                return role, 0.0
            places = board.rankings[by.name].places
            mean = next(place.estimate.mean for place in places if place.system == board.reference)
            return role, math.inf if mean is None else mean if by.better == "lower" else -mean

        return tuple(sorted(boards, key=order))

    def _board(self, group: SideGroup, table: ScoreTable, rankings: Mapping[str, Ranking]) -> Leaderboard:
        sides = {side.name: side for side in group.sides}
        order = [place.system for place in rankings[self.ranked_by.name].places] if self.ranked_by else list(sides)
        order.sort(key=lambda name: self._role_order(sides[name]))
        reference = self._choose_reference(group, order)
        facts, summaries = {}, {}
        for name, side in sides.items():
            checks = [check for system in side.systems for check in self._verdicts[side.run].get(system, ())]
            facts[name] = count_verdicts(checks)
            if self.options.by == "run":  # each side is one system
                summaries[name] = attach_verdicts(self._summaries[side.run].get(group.name, ()), checks)

        def compare_pair(side: str) -> PairwiseComparison:
            detectable = None
            if self.ranked_by:
                before, after = table.pair(reference, side, self.ranked_by.name)
                tests = rankings[self.ranked_by.name].tests
                detectable = plan(subtract(after, before), ALPHA / max(1, tests))
            return PairwiseComparison(
                reference=reference,
                side=side,
                differences={name: _orient(table, ranking, reference, side) for name, ranking in rankings.items()},
                facts=compare_fact_verdicts(facts[reference], facts[side], self.facts, self._resampler),
                summaries=compare_summaries(summaries[reference], summaries[side]) if summaries else None,
                plan=detectable,
            )

        roles: list[Role] = list(ROLES)
        return Leaderboard(
            name=group.name,
            sides=tuple(sides[name] for name in order),
            roles={name: roles[self._role_order(sides[name])] for name in order},
            reference=reference,
            rankings=rankings,
            reasons=table.reasons,
            comparisons=tuple(compare_pair(name) for name in order if name != reference),
        )

    def _choose_reference(self, group: SideGroup, order: Sequence[str]) -> str:
        """Choose the side asked for if present, else the first run (comparing runs) or the best side."""
        against = self.options.against
        if against in order:
            return str(against)
        if group.name:
            return group.sides[0].name
        if against is not None:
            raise UsageError(f"--against: there is no {against!r} here; {suggest_name(against, order)}")
        return order[0]

    def _role_order(self, side: Side) -> int:
        systems = {system.name: system for system in self.runs[side.run].manifest.systems}
        return min(list(ROLES).index(systems[name].role) for name in side.systems)


def _orient(table: ScoreTable, ranking: Ranking, reference: str, side: str) -> MetricDifference:
    """Express the difference as the side minus the reference."""
    test = next(each for each in ranking.pair_tests if {each.first, each.second} == {reference, side})
    difference = test.difference
    ahead = test.first == side
    low, high = (difference.low, difference.high) if ahead else (difference.high, difference.low)
    mean, low, high = (
        None if value is None else value if ahead else 0.0 - value  # avoids -0.0
        for value in (difference.mean, low, high)
    )
    return MetricDifference(
        n=difference.n,
        before=difference.second if ahead else difference.first,
        after=difference.first if ahead else difference.second,
        mean=mean,
        low=low,
        high=high,
        p=test.p,
        apart=test.apart,
        changed=difference.changed,
        missing=table.missing(reference, side, ranking.metric.name),
        effect=difference.effect if difference.effect is None or ahead else -difference.effect,
        reason=difference.reason,
    )
