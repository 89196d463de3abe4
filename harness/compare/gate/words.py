"""Every sentence of a gate, the same in all its reports. To change one, change it here."""

from __future__ import annotations

from harness.compare.gate.result import GateResult, RuleOutcome, Verdict
from harness.document import format as fmt

SYMBOLS: dict[Verdict, str] = {"held": "✓", "broken": "✗", "undecided": "?", "not checked": "–"}
SYSTEM_GONE = "the run lacks this system; --only leaves it out"
NO_ESSENTIAL_FACT = "the baseline keeps no essential fact of these articles"
NO_FACT_IN_BOTH = "no fact has a verdict in both runs"
ALL_CHECKS = "All checks"
ELSE_CHANGED = "What else changed"


def measured_differently(difference: str) -> str:
    """``measured differently: …``: a banner above runs that are held against each other all the same."""
    return f"measured differently: {difference}"


def essential_facts(kept: int, of: int, needed: int) -> str:
    """``keeps 12 of 14 essential facts that the baseline keeps; must keep 14``"""
    return f"keeps {kept} of {fmt.plural(of, 'essential fact')} that the baseline keeps; must keep {needed}"


def contradicted(now: str, before: str, allowed: int) -> str:
    """``2 contradicted, 1 in the baseline; 0 more allowed``: of the facts that both have verdicts on."""
    return f"{now} contradicted, {before} in the baseline; {allowed} more allowed"


def missing(now: str, before: str, allowed: int) -> str:
    """``3 missing, 0 in the baseline; 0 more allowed``: values of the metrics that both have."""
    return f"{now} missing, {before} in the baseline; {allowed} more allowed"


def no_value(metric: str) -> str:
    """``neither run has a value of Fact recall``: why a metric that has a margin is not checked."""
    return f"neither run has a value of {metric}"


def headline(result: GateResult) -> str:
    """``Gate closed: 16 checks, 1 broken, 2 undecided, in 2 systems``."""
    checks = [finding for finding in result.findings if finding.verdict != "not checked"]
    counts = [f"{len(found)} {verdict}" for verdict in ("broken", "undecided") if (found := result.of(verdict))]
    told = ", ".join([fmt.plural(len(checks), "check"), *counts])
    if result.passed:
        return f"Gate passed: {told}"
    return f"Gate closed: {told}, in {fmt.plural(len({each.system for each in result.failures}), 'system')}"


def line(result: GateResult) -> str:
    """``mine against baseline · 1 article · configs/gate.yaml``: what was held against what, by which rules."""
    articles = fmt.plural(result.articles, "article")
    return f"{result.run} against {result.baseline} · {articles} · {result.rules}"


def sentence(finding: RuleOutcome) -> str:
    """``lead, essential_facts_lost: keeps 2 of 3 …``, with the word where it is not plain."""
    word = "undecided: " if finding.verdict == "undecided" else ""
    return f"{finding.system}, {finding.rule}: {word}{finding.reason}"
