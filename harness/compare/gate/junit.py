"""What a gate found, as JUnit XML: a case a system and rule, in a suite a rule."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from harness.compare.gate.result import GateResult, RuleOutcome
from harness.compare.gate.words import said
from harness.document.plain import visible


def render(result: GateResult) -> str:
    """The document, in the form that CI systems read; text from outside is escaped, and without control characters."""
    failures = frozenset(result.failures)
    root = Xml.Element("testsuites", _counts(result.findings, failures) | {"name": "harness gate"})
    rules = dict.fromkeys(finding.rule for finding in result.findings)
    for rule in rules:
        findings = tuple(finding for finding in result.findings if finding.rule == rule)
        suite = Xml.SubElement(root, "testsuite", _counts(findings, failures) | {"name": _clean(rule)})
        for finding in findings:
            _case(suite, finding, finding in failures)
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _case(suite: Xml.Element, finding: RuleOutcome, failed: bool) -> None:
    case = Xml.SubElement(suite, "testcase", {"classname": _clean(finding.system), "name": _clean(finding.rule)})
    if failed:
        failure = Xml.SubElement(case, "failure", {"type": finding.verdict, "message": _clean(said(finding))})
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
