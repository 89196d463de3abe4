"""What a gate found: as a document, the reasons first, and as JUnit XML: a case a system and rule, a suite a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from harness.compare.gate import words
from harness.compare.gate.result import GateResult, RuleOutcome, Verdict
from harness.compare.gate.words import SYMBOLS, headline, line, sentence
from harness.document import format as fmt
from harness.document.blocks import Block, Document, Folded, Item, Listing, Piece, Table, Tone, sentences
from harness.document.plain import visible

_NAMES = 8
"""Up to so many systems are named where a rule is held; of more, they are counted."""
_CAUSES = 30
"""Up to so many other changes are listed."""
_SHORT = 130
"""Characters from either end of a change that is longer than three times that."""


def document(result: GateResult, every_check: bool) -> Document:
    """Why the gate closed, what else was checked, and what else differs between the two runs.

    ``every_check``: a table with the reason of each, in place of a line a rule.
    """
    contrast = result.contrast
    return Document(
        headline(result),
        line(result),
        banners=tuple(words.measured_differently(contrast.in_words(origin)) for origin in contrast.measures),
        blocks=tuple(_blocks(result, every_check)),
        tone="good" if result.passed else "bad",
    )


def _blocks(result: GateResult, every_check: bool) -> Iterator[Block]:
    reasons = [*_reasons(result.failures, "bad")]
    if not result.strict:
        reasons += _reasons(result.of("undecided"), "warning")
    if reasons:
        yield Listing(tuple(reasons))
    yield from sentences(result.cautions, "quiet")
    if every_check:
        yield Folded(words.ALL_CHECKS, (_check_table(result.findings),))
    else:
        yield Listing((*_held(result.of("held")), *_reasons(result.of("not checked"), "quiet")))
    contrast = result.contrast
    if contrast.causes and (every_check or result.failures):
        causes = [Item(fmt.ends(contrast.in_words(origin), _SHORT)) for origin in contrast.causes[:_CAUSES]]
        if len(contrast.causes) > _CAUSES:
            causes.append(Item(fmt.and_more(len(contrast.causes) - _CAUSES)))
        yield Folded(words.ELSE_CHANGED, (Listing(tuple(causes)),))


def _check_table(findings: Sequence[RuleOutcome]) -> Table:
    rows = [
        (SYMBOLS[finding.verdict], finding.system, finding.rule, finding.verdict, finding.reason)
        for finding in findings
    ]
    return Table.of(("", "system", "rule", "verdict", "reason"), rows, left=frozenset(range(5)))


def _reasons(findings: Sequence[RuleOutcome], tone: Tone) -> Iterator[Item]:
    for finding in findings:
        text = Piece(sentence(finding), "" if tone == "quiet" else "strong")
        yield Item((Piece(_sign(finding.verdict)), text), finding.details, tone)


def _sign(verdict: Verdict) -> str:
    return f"{SYMBOLS[verdict]} " + ("not checked: " if verdict == "not checked" else "")


def _held(findings: Sequence[RuleOutcome]) -> Iterator[Item]:
    systems: dict[str, list[str]] = {}
    for finding in findings:
        systems.setdefault(finding.rule, []).append(finding.system)
    for rule, names in systems.items():
        listed = fmt.listed(names) if len(names) <= _NAMES else fmt.plural(len(names), "system")
        yield Item(f"{_sign('held')}held: {rule}: {listed}", tone="quiet")


# JUnit ----------------------------------------------------------------------------------------------------------------


def junit(result: GateResult) -> str:
    """JUnit XML, in the form that CI systems read; text from outside is escaped, and without control characters."""
    failures = frozenset(result.failures)
    root = Xml.Element("testsuites", _counts(result.findings, failures) | {"name": "harness gate"})
    for rule in dict.fromkeys(finding.rule for finding in result.findings):
        findings = tuple(finding for finding in result.findings if finding.rule == rule)
        suite = Xml.SubElement(root, "testsuite", _counts(findings, failures) | {"name": _clean(rule)})
        for finding in findings:
            _case(suite, finding, finding in failures)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _case(suite: Xml.Element, finding: RuleOutcome, failed: bool) -> None:
    case = Xml.SubElement(suite, "testcase", {"classname": _clean(finding.system), "name": _clean(finding.rule)})
    if failed:
        failure = Xml.SubElement(case, "failure", {"type": finding.verdict, "message": _clean(sentence(finding))})
        failure.text = "\n".join(map(_clean, (finding.reason, *finding.details)))
    elif finding.verdict in ("not checked", "undecided"):
        Xml.SubElement(case, "skipped", {"message": _clean(finding.reason)})


def _counts(findings: tuple[RuleOutcome, ...], failures: frozenset[RuleOutcome]) -> dict[str, str]:
    failed = sum(finding in failures for finding in findings)
    skipped = sum(finding.verdict in ("not checked", "undecided") for finding in findings if finding not in failures)
    return {"tests": str(len(findings)), "failures": str(failed), "skipped": str(skipped), "errors": "0"}


def _clean(text: str) -> str:
    """XML has no place for control characters, U+FFFE and U+FFFF, escaped or not."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
