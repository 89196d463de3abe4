"""Show the result of a gate as a document, or as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as Xml

from harness.compare.gate import GateResult, RuleOutcome, RuleVerdict
from harness.compare.report.document import list_causes
from harness.document import format as fmt
from harness.document.blocks import Block, Document, Folded, Item, Listing, Piece, Table, Tone, make_paragraphs

_SYMBOLS: dict[RuleVerdict, str] = {"held": "✓", "broken": "✗", "undecided": "?", "not checked": "–"}
_CAUSES = 30  # maximum number of other changes to list


def document(result: GateResult, every_check: bool) -> Document:
    """Show why the gate failed, and what else changed; with ``every_check``, also a table of all checks."""
    differences = result.differences
    articles = fmt.plural(result.articles, "article")
    checks = [outcome for outcome in result.outcomes if outcome.verdict != "not checked"]
    counts = [f"{len(found)} {verdict}" for verdict in ("broken", "undecided") if (found := result.of(verdict))]
    counted = ", ".join([fmt.plural(len(checks), "check"), *counts])
    failing = fmt.plural(len({each.system for each in result.failures}), "system")
    return Document(
        f"Gate passed: {counted}" if result.passed else f"Gate failed: {counted}, in {failing}",
        f"{result.run} against {result.baseline} · {articles} · {result.rules}",
        banners=tuple(f"measured differently: {differences.describe(each)}" for each in differences.measures),
        blocks=tuple(_blocks(result, every_check)),
        tone="good" if result.passed else "bad",
    )


def _blocks(result: GateResult, every_check: bool) -> Iterator[Block]:
    warnings = () if result.strict else result.of("undecided")
    if result.failures or warnings:
        yield Listing(tuple(_reasons((*result.failures, *warnings), result.strict)))
    yield from make_paragraphs(result.cautions, "quiet")
    if every_check:
        rows = [(_SYMBOLS[each.verdict], each.system, each.rule, each.verdict, each.reason) for each in result.outcomes]
        table = Table.of(("", "system", "rule", "verdict", "reason"), rows, left=frozenset(range(5)))
        yield Folded("All checks", (table,))
    else:
        yield Listing(tuple(_reasons(result.of("not checked"), result.strict)))
    if result.differences.causes and (every_check or result.failures):
        yield Folded("What else changed", tuple(list_causes(result.differences, _CAUSES)))


def _reasons(outcomes: Sequence[RuleOutcome], strict: bool) -> Iterator[Item]:
    """List the reasons; several rules may name a fact, but the list shows it once per system."""
    listed: set[tuple[str, str]] = set()
    for outcome in outcomes:
        unchecked = outcome.verdict == "not checked"
        tone: Tone = "quiet" if unchecked else "bad" if outcome.verdict == "broken" or strict else "warning"
        sign = f"{_SYMBOLS[outcome.verdict]} " + ("not checked: " if unchecked else "")
        text = Piece(_write_reason(outcome), "" if unchecked else "strong")
        details = [detail for detail in outcome.details if (outcome.system, detail) not in listed]
        listed.update((outcome.system, detail) for detail in details)
        if again := len(outcome.details) - len(details):
            details.append(f"{fmt.plural(again, 'fact')} listed above")
        yield Item((Piece(sign), text), tuple(details), tone)


def _write_reason(outcome: RuleOutcome) -> str:
    word = "undecided: " if outcome.verdict == "undecided" else ""
    return f"{outcome.system}, {outcome.rule}: {word}{outcome.reason}"


# JUnit ----------------------------------------------------------------------------------------------------------------


def junit(result: GateResult) -> str:
    """Write JUnit XML for CI systems: a suite per rule, a case per system."""
    failures = frozenset(result.failures)
    root = Xml.Element("testsuites", _counts(result.outcomes, failures) | {"name": "harness gate"})
    for rule in dict.fromkeys(outcome.rule for outcome in result.outcomes):
        outcomes = tuple(outcome for outcome in result.outcomes if outcome.rule == rule)
        suite = Xml.SubElement(root, "testsuite", _counts(outcomes, failures) | {"name": _escape(rule)})
        for outcome in outcomes:
            case = Xml.SubElement(suite, "testcase", {"classname": _escape(outcome.system), "name": _escape(rule)})
            if outcome in failures:
                message = {"type": outcome.verdict, "message": _escape(_write_reason(outcome))}
                failure = Xml.SubElement(case, "failure", message)
                failure.text = "\n".join(map(_escape, (outcome.reason, *outcome.details)))
            elif outcome.verdict in ("not checked", "undecided"):
                Xml.SubElement(case, "skipped", {"message": _escape(outcome.reason)})
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _counts(outcomes: tuple[RuleOutcome, ...], failures: frozenset[RuleOutcome]) -> dict[str, str]:
    failed = sum(outcome in failures for outcome in outcomes)
    skipped = sum(each.verdict in ("not checked", "undecided") for each in outcomes if each not in failures)
    return {"tests": str(len(outcomes)), "failures": str(failed), "skipped": str(skipped), "errors": "0"}


def _escape(text: str) -> str:
    """Escape the characters that XML forbids even as entities: control characters, U+FFFE and U+FFFF."""
    return fmt.visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
