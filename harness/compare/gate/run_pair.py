"""A run and its baseline, looked up by system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.compare.fact_changes import FactChanges, FactVerdicts, fact_changes, fact_verdicts
from harness.compare.stored import StoredRun, StoredVerdict, by_system
from harness.errors import UsageError
from harness.records import Fact, Metric, Score
from harness.stats.resampling import Resampler


@dataclass(frozen=True)
class RunPair:
    """What both have: the records of the articles that they share, by system."""

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
        """Those of the baseline and those of the run, by system."""
        shared = frozenset(self.articles)
        return by_system(self.baseline.scores, shared), by_system(self.run.scores, shared)

    @cached_property
    def facts(self) -> Mapping[tuple[str, str], Fact]:
        """The facts of today by (article id, fact id); UsageError where they cannot be read."""
        facts, unknown = self.run.facts
        if unknown:
            raise UsageError(f"{unknown}; without the articles no fact can be gated")
        return facts

    def fact_verdicts(self, system: str) -> tuple[FactVerdicts, FactVerdicts]:
        """The verdicts on each fact, of the baseline and of the run."""
        before, after = self._judged
        return fact_verdicts(before.get(system, ())), fact_verdicts(after.get(system, ()))

    def changes(self, system: str) -> FactChanges:
        """The facts that the run keeps or loses against the baseline."""
        return fact_changes(*self.fact_verdicts(system), self.facts, self.resampler)

    @cached_property
    def _judged(self) -> tuple[Mapping[str, list[StoredVerdict]], Mapping[str, list[StoredVerdict]]]:
        shared = frozenset(self.articles)
        return by_system(self.baseline.judged, shared), by_system(self.run.judged, shared)
