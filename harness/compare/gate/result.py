"""What a gate finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.compare.result import RunDifferences

Verdict = Literal["held", "broken", "undecided", "not checked"]


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule, held against one system."""

    rule: str
    """Its key in the rules: ``metrics.fact_recall``."""
    system: str
    verdict: Verdict
    reason: str
    details: tuple[str, ...] = ()
    """By name: the facts that were lost, say."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """A run held against its baseline."""

    run: str
    baseline: str
    rules: str
    """Where the rules stand."""
    articles: int
    findings: tuple[RuleOutcome, ...]
    """In the order of the rules, then of the baseline's systems."""
    strict: bool
    """Whether what is undecided fails."""
    contrast: RunDifferences
    cautions: tuple[str, ...]
    """What so few articles cannot show, and where people's labels count."""

    @property
    def failures(self) -> tuple[RuleOutcome, ...]:
        """What closes the gate: broken rules first, then those that could not be decided."""
        bad = ("broken", "undecided") if self.strict else ("broken",)
        return tuple(finding for verdict in bad for finding in self.of(verdict))

    @property
    def passed(self) -> bool:
        return not self.failures

    def of(self, verdict: str) -> tuple[RuleOutcome, ...]:
        """The findings with this verdict."""
        return tuple(finding for finding in self.findings if finding.verdict == verdict)
