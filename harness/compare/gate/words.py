"""What a gate found, in words that all its reports share."""

from __future__ import annotations

from harness.compare.gate.result import GateResult, RuleOutcome, Verdict
from harness.document import format as fmt

SYMBOLS: dict[Verdict, str] = {"held": "✓", "broken": "✗", "undecided": "?", "not checked": "–"}


def headline(result: GateResult) -> str:
    """``Gate closed: 2 of 16 checks, in 1 system``."""
    checks = [finding for finding in result.findings if finding.verdict != "not checked"]
    if result.passed:
        said = f"Gate passed: {fmt.plural(len(checks), 'check')}"
        open_ones = len(result.of("undecided"))
        return f"{said}, {open_ones} undecided" if open_ones else said
    systems = fmt.plural(len({finding.system for finding in result.failures}), "system")
    return f"Gate closed: {len(result.failures)} of {fmt.plural(len(checks), 'check')}, in {systems}"


def line(result: GateResult) -> str:
    """What was held against what, by which rules."""
    articles = fmt.plural(result.articles, "article")
    return f"{result.run} against {result.baseline} · {articles} · {result.rules}"


def said(finding: RuleOutcome) -> str:
    """``lead, essential_facts_lost: 1 lost …``, with the word where it is not plain."""
    word = "undecided: " if finding.verdict == "undecided" else ""
    return f"{finding.system}, {finding.rule}: {word}{finding.reason}"
