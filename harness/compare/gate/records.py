"""What a gate reads, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from harness.compare.changes import FactChanges, FactVerdicts, compare_fact_verdicts, count_verdicts
from harness.compare.result import RunDifferences
from harness.compare.stored import StoredRun, StoredVerdict, group_by_system
from harness.errors import UsageError
from harness.records import Fact, Metric, Score
from harness.stats.resampling import Resampler

Verdict = Literal["held", "broken", "undecided", "not checked"]


@dataclass(frozen=True)
class RunPair:
    """A run and its baseline: their records of the articles that they share, by system."""

    run: StoredRun
    baseline: StoredRun
    articles: tuple[str, ...]
    resampler: Resampler

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics that both have, by name."""
        return {name: metric for name, metric in self.run.metrics.items() if name in self.baseline.metrics}

    @cached_property
    def scores(self) -> tuple[Mapping[str, list[Score]], Mapping[str, list[Score]]]:
        """Scores of the baseline and of the run, by system."""
        shared = frozenset(self.articles)
        return group_by_system(self.baseline.scores, shared), group_by_system(self.run.scores, shared)

    @cached_property
    def verdicts(self) -> tuple[Mapping[str, list[StoredVerdict]], Mapping[str, list[StoredVerdict]]]:
        """Verdicts of the baseline and of the run, by system."""
        shared = frozenset(self.articles)
        return group_by_system(self.baseline.verdicts, shared), group_by_system(self.run.verdicts, shared)

    @cached_property
    def facts(self) -> Mapping[tuple[str, str], Fact]:
        """Today's facts by (article id, fact id); UsageError if they cannot be read."""
        facts, unknown = self.run.facts
        if unknown:
            raise UsageError(f"{unknown}; a gate needs the articles to know which facts are essential")
        return facts

    def fact_verdicts(self, system: str) -> tuple[FactVerdicts, FactVerdicts]:
        """The verdicts on each fact, of the baseline and of the run."""
        before, after = self.verdicts
        return count_verdicts(before.get(system, ())), count_verdicts(after.get(system, ()))

    def changes(self, system: str) -> FactChanges:
        """The facts that the run gained or lost."""
        return compare_fact_verdicts(*self.fact_verdicts(system), self.facts, self.resampler)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule, checked for one system."""

    rule: str
    """Its key in the rules: ``metrics.fact_recall``."""
    system: str
    verdict: Verdict
    reason: str
    details: tuple[str, ...] = ()
    """For example the lost facts, by name."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """A run checked against its baseline."""

    run: str
    baseline: str
    rules: str
    """The file of the rules."""
    articles: int
    outcomes: tuple[RuleOutcome, ...]
    """In the order of the rules, then of the baseline's systems."""
    strict: bool
    """True if undecided rules fail."""
    contrast: RunDifferences
    cautions: tuple[str, ...]
    """What so few articles cannot show, and whose verdicts count."""

    @property
    def failures(self) -> tuple[RuleOutcome, ...]:
        """Broken rules first, then undecided ones if they fail."""
        bad = ("broken", "undecided") if self.strict else ("broken",)
        return tuple(outcome for verdict in bad for outcome in self.of(verdict))

    @property
    def passed(self) -> bool:
        return not self.failures

    def of(self, verdict: str) -> tuple[RuleOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == verdict)
