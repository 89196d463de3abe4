"""The leaderboards of a comparison: of each group of sides the rankings, and each side against the reference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.compare.fact_changes import FactVerdicts, fact_changes, fact_verdicts
from harness.compare.merged import merged
from harness.compare.ranking import Ranking, rank_all
from harness.compare.result import Leaderboard, MetricDifference, PairwiseComparison
from harness.compare.sides import By, Side, SideGroup
from harness.compare.stored import StoredRun, StoredVerdict, by_system
from harness.compare.summary_changes import VerifiedSummaries, summary_changes
from harness.compare.table import ScoreTable
from harness.data.validation import suggest_name
from harness.document.roles import TITLES
from harness.errors import UsageError
from harness.records import Fact, Metric, Summary
from harness.stats import arrays
from harness.stats.caution import ALPHA
from harness.stats.power import Plan, plan
from harness.stats.resampling import Resampler


@dataclass(frozen=True)
class Measurements:
    """What the sides are measured by."""

    tables: tuple[ScoreTable, ...]
    """The scores, a table a run, on the shared articles."""
    runs: tuple[StoredRun, ...]
    by: By
    ranked_by: Metric | None
    facts: Mapping[tuple[str, str], Fact]
    """By (article id, fact id)."""
    resampler: Resampler

    @cached_property
    def _articles(self) -> frozenset[str]:
        return frozenset(self.tables[0].articles)

    @cached_property
    def _judged(self) -> tuple[dict[str, list[StoredVerdict]], ...]:
        """The verdicts on the shared articles, a mapping a run, by system."""
        return tuple(by_system(run.judged, self._articles) for run in self.runs)

    def judged(self, side: Side) -> list[StoredVerdict]:
        """The verdicts on the systems of a side."""
        return [verdict for system in side.systems for verdict in self._judged[side.run].get(system, ())]

    @cached_property
    def _summaries(self) -> tuple[dict[str, list[Summary]], ...]:
        """The summaries of the shared articles, a mapping a run, by system."""
        return tuple(by_system(run.summaries, self._articles) for run in self.runs)

    def summaries(self, side: Side) -> list[Summary]:
        """The summaries by the systems of a side."""
        return [summary for system in side.systems for summary in self._summaries[side.run].get(system, ())]


def leaderboards(
    measurements: Measurements, groups: Sequence[SideGroup], against: str | None
) -> tuple[Leaderboard, ...]:
    """A leaderboard a group: those of systems under test first, then floor and ceiling; of each the best first."""
    tables = [
        merged(
            measurements.tables, {side.name: [(side.run, system) for system in side.systems] for side in group.sides}
        )
        for group in groups
    ]
    names = [metric.name for metric in tables[0].metrics]
    rankings = {name: rank_all(tables, name, measurements.resampler) for name in names}
    boards = [
        _leaderboard(measurements, group, table, {name: rankings[name][number] for name in names}, against)
        for number, (group, table) in enumerate(zip(groups, tables, strict=True))
    ]

    def place(board: Leaderboard) -> tuple[int, bool, float]:
        return _role(measurements, board.sides[0]), *_rank(board, measurements.ranked_by)

    return tuple(sorted(boards, key=place))


def _leaderboard(
    measurements: Measurements,
    group: SideGroup,
    table: ScoreTable,
    rankings: Mapping[str, Ranking],
    against: str | None,
) -> Leaderboard:
    """A group of sides; ``table`` and ``rankings``: the scores of these sides, ranked by every metric."""
    by = measurements.ranked_by
    sides = {side.name: side for side in group.sides}
    order = [place.system for place in rankings[by.name].places] if by else list(sides)
    order.sort(key=lambda name: _role(measurements, sides[name]))
    reference = _reference(group, order, against)
    first = _Record.of(measurements, sides[reference])
    comparisons = [
        _pairwise(measurements, table, rankings, first, _Record.of(measurements, sides[name]))
        for name in order
        if name != reference
    ]
    return Leaderboard(
        name=group.name,
        sides=tuple(sides[name] for name in order),
        roles={name: list(TITLES)[_role(measurements, sides[name])] for name in order},
        reference=reference,
        rankings=rankings,
        reasons=table.reasons,
        comparisons=tuple(comparisons),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """A side with what is on record of it."""

    side: Side
    fact_verdicts: FactVerdicts
    written: VerifiedSummaries | None
    """Where the side is a run of one system."""

    @classmethod
    def of(cls, measurements: Measurements, side: Side) -> _Record:
        lines = measurements.judged(side)
        written = VerifiedSummaries.of(measurements.summaries(side), lines) if measurements.by == "run" else None
        return cls(side, fact_verdicts(lines), written)


def _pairwise(
    measurements: Measurements, table: ScoreTable, rankings: Mapping[str, Ranking], first: _Record, second: _Record
) -> PairwiseComparison:
    reference, side = first.side.name, second.side.name
    written = first.written, second.written
    return PairwiseComparison(
        reference=reference,
        side=side,
        differences={metric: _shift(table, ranking, reference, side) for metric, ranking in rankings.items()},
        facts=fact_changes(first.fact_verdicts, second.fact_verdicts, measurements.facts, measurements.resampler),
        summaries=summary_changes(written[0], written[1]) if written[0] and written[1] else None,
        plan=_plan(table, rankings, measurements.ranked_by, (reference, side)),
    )


def _reference(group: SideGroup, order: Sequence[str], against: str | None) -> str:
    """The side asked for, where it is here; else the first run's, where runs of one system meet; else the best."""
    if against in order:
        return str(against)
    if group.name:
        return group.sides[0].name
    if against is not None:
        raise UsageError(f"--against: there is no {against!r} here; {suggest_name(against, order)}")
    return order[0]


def _shift(table: ScoreTable, ranking: Ranking, reference: str, side: str) -> MetricDifference:
    """The difference of two sides, turned so that it says what the side has more than the reference."""
    pair_test = next(each for each in ranking.pair_tests if {each.first, each.second} == {reference, side})
    difference = pair_test.difference
    ahead = pair_test.first == side
    return MetricDifference(
        n=difference.n,
        before=difference.second if ahead else difference.first,
        after=difference.first if ahead else difference.second,
        mean=difference.mean if ahead else _minus(difference.mean),
        low=difference.low if ahead else _minus(difference.high),
        high=difference.high if ahead else _minus(difference.low),
        p=pair_test.p,
        apart=pair_test.apart,
        changed=difference.changed,
        missing=table.missing(reference, side, ranking.metric.name),
        effect=None if difference.effect is None else difference.effect.size * (1 if ahead else -1),
        reason=difference.reason,
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else 0.0 - value  # not -0.0


def _plan(table: ScoreTable, rankings: Mapping[str, Ranking], by: Metric | None, names: tuple[str, str]) -> Plan | None:
    if by is None:
        return None
    first, second = table.pair(*names, by.name)
    return plan(arrays.difference(second, first), ALPHA / max(1, rankings[by.name].tests))


def _role(measurements: Measurements, side: Side) -> int:
    """Systems under test come before floor and ceiling."""
    systems = {system.name: system for system in measurements.runs[side.run].manifest.systems}
    return min(list(TITLES).index(systems[name].role) for name in side.systems)


def _rank(leaderboard: Leaderboard, by: Metric | None) -> tuple[bool, float]:
    """What orders the leaderboards: the reference's mean."""
    if by is None:
        return False, 0.0
    mean = next(
        place.estimate.mean for place in leaderboard.rankings[by.name].places if place.system == leaderboard.reference
    )
    if mean is None:
        return True, math.inf
    return False, mean if by.better == "lower" else -mean
