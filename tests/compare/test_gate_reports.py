"""What a gate found: in the terminal, as Markdown, as JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

from harness.compare.gate.checks import RuleOutcome
from harness.compare.gate.gate import GateResult
from harness.compare.gate.report import document, junit
from harness.compare.result import RunDifferences
from harness.compare.run_differences import RunDifference
from harness.document import markdown, terminal

HOSTILE = "a|<b>\x1b[31m\ufffe&\"'"
FOUND = GateResult(
    run="new",
    baseline="base",
    rules="configs/gate.yaml",
    articles=1,
    outcomes=(
        RuleOutcome(
            "essential_facts_lost", "lead", "broken", "1 lost; none allowed", ("deal (supported → absent): No deal.",)
        ),
        RuleOutcome("essential_facts_lost", HOSTILE, "held", "none lost; none allowed"),
        RuleOutcome("metrics.fact_recall", "lead", "undecided", "one article lost 0.1"),
        RuleOutcome("latency", "human", "not checked", "neither run has a value of Seconds"),
    ),
    strict=True,
    contrast=RunDifferences("base", "new", (), (RunDifference("models", "lead.sentences", "3", "2"),)),
    cautions=("With one shared article no difference can be told from chance.",),
)


def shown(found: GateResult) -> list[str]:
    return terminal.render(document(found, every_check=False)).splitlines()


def test_reasons_come_first_with_fact_and_system() -> None:
    lines = [line.strip() for line in shown(FOUND)]
    assert lines[:5] == [
        "Gate closed: 3 checks, 1 broken, 1 undecided, in 1 system",
        "new against base · 1 article · configs/gate.yaml",
        "✗ lead, essential_facts_lost: 1 lost; none allowed",
        "deal (supported → absent): No deal.",
        "? lead, metrics.fact_recall: undecided: one article lost 0.1",
    ]
    assert "model lead, sentences: 3 → 2" in lines


def test_undecided_passes_if_it_only_warns() -> None:
    held = replace(FOUND, strict=False, outcomes=FOUND.outcomes[1:])
    assert held.passed
    assert shown(held)[0] == "Gate passed: 2 checks, 1 undecided"
    assert any("metrics.fact_recall: undecided" in line for line in shown(held))


def test_junit_has_a_case_per_system_and_rule_and_escapes_hostile_text() -> None:
    root = Xml.fromstring(junit(FOUND))  # noqa: S314  # our own document
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "2", "1")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["essential_facts_lost", "metrics.fact_recall", "latency"]
    failed, passed = suites["essential_facts_lost"]
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "broken"
    assert (failure.text or "").endswith("deal (supported → absent): No deal.")
    assert passed.get("classname") == "a|<b>\\x1b[31m\\ufffe&\"'"
    assert suites["latency"][0].find("skipped") is not None


def test_markdown_escapes_what_comes_from_outside() -> None:
    text = markdown.render(document(FOUND, every_check=True), level=3)
    assert text.startswith("### ✗ Gate closed: 3 checks, 1 broken, 1 undecided, in 1 system\n")
    assert (
        "- ✗ **lead, essential\\_facts\\_lost: 1 lost; none allowed**\n  - deal (supported → absent): No deal." in text
    )
    assert "<b>" not in text
    assert "\x1b" not in text
    assert "a\\|&lt;b&gt;" in text
