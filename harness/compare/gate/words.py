"""What a gate found, in words that all its reports share."""

from __future__ import annotations

from harness.compare.gate.gating import Finding, Gating, Verdict
from harness.document import format as fmt

SYMBOLS: dict[Verdict, str] = {"held": "✓", "broken": "✗", "undecided": "?", "not checked": "–"}


def headline(found: Gating) -> str:
    """``Gate closed: 2 of 16 checks, in 1 system``."""
    checks = [finding for finding in found.findings if finding.verdict != "not checked"]
    if found.passed:
        said = f"Gate passed: {fmt.plural(len(checks), 'check')}"
        open_ones = len(found.of("undecided"))
        return f"{said}, {open_ones} undecided" if open_ones else said
    systems = fmt.plural(len({finding.system for finding in found.failures}), "system")
    return f"Gate closed: {len(found.failures)} of {fmt.plural(len(checks), 'check')}, in {systems}"


def line(found: Gating) -> str:
    """What was held against what, by which rules."""
    articles = fmt.plural(found.articles, "article")
    return f"{found.run} against {found.baseline} · {articles} · {found.rules}"


def said(finding: Finding) -> str:
    """``lead, essential_facts_lost: 1 lost …``, with the word where it is not plain."""
    word = "undecided: " if finding.verdict == "undecided" else ""
    return f"{finding.system}, {finding.rule}: {word}{finding.reason}"
