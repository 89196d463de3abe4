"""What a gate found, as Markdown for the summary of a CI job or a comment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.compare.gate.gating import Finding, Gating
from harness.compare.gate.words import SYMBOLS, headline, line, said
from harness.document.escaping import escape

_CAUSES = 30
"""Up to so many other changes are listed."""


def render(found: Gating) -> str:
    """The summary; it ends in one line break."""
    return "\n".join(_lines(found)).rstrip() + "\n"


def _lines(found: Gating) -> Iterator[str]:
    yield from (f"### {SYMBOLS['held' if found.passed else 'broken']} {escape(headline(found))}", "")
    yield from (escape(line(found)), "")
    for origin in found.contrast.measures:
        yield from (f"> **not measured alike: {escape(str(origin))}**", "")
    yield from _reasons(found.failures)
    if not found.strict:
        yield from _reasons(found.of("undecided"))
    if found.caution:
        yield from (f"*{escape(found.caution)}*", "")
    yield from ("<details>", "<summary>All checks</summary>", "")
    yield from ("|  | system | rule | verdict | reason |", "| :--- | :--- | :--- | :--- | :--- |")
    for finding in found.findings:
        cells = (SYMBOLS[finding.verdict], finding.system, finding.rule, finding.verdict, finding.reason)
        yield f"| {' | '.join(map(escape, cells))} |"
    yield from ("", "</details>", "")
    if found.contrast.causes:
        yield from ("<details>", "<summary>What else changed</summary>", "")
        yield from (f"- {escape(str(origin)[:400])}" for origin in found.contrast.causes[:_CAUSES])
        if len(found.contrast.causes) > _CAUSES:
            yield f"- and {len(found.contrast.causes) - _CAUSES} more"
        yield from ("", "</details>")


def _reasons(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"- {SYMBOLS[finding.verdict]} **{escape(said(finding))}**"
        yield from (f"  - {escape(detail)}" for detail in finding.details)
    yield ""
