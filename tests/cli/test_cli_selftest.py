from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from builders import write_config
from click.testing import Result
from command_line import harness

ARTICLE = (
    "The council of Millbridge approved the new bridge on Monday. Mayor Ann Bell said the work will begin in May and "
    "cost $35 million. Tom Reed, who leads the opposition, said it will hurt the shops in Harbour Street. The bridge "
    "will carry 9,000 cars a day."
)
ROW = {
    "id": "bridge",
    "text": ARTICLE,
    "references": [
        "The council of Millbridge approved the new bridge on Monday. Mayor Ann Bell said the work will begin in May.",
        "Tom Reed said it will hurt the shops in Harbour Street. The bridge will cost $35 million, Ann Bell said.",
    ],
    "facts": [
        {
            "id": "approved",
            "statement": "The council approved the new bridge on Monday.",
            "importance": "essential",
            "accepted": ["On Monday, the council backed the new bridge."],
        },
        {"id": "cost", "statement": "The bridge will cost $35 million.", "importance": "essential"},
    ],
}


def selftest(*arguments: object) -> Result:
    return harness("selftest", *arguments)


def test_report_counts_errors_of_each_kind_and_shows_an_example(tmp_path: Path) -> None:
    unused = {"models": "{gpt: {kind: openai_api, model: '${HARNESS_GONE}'}}", "facts": "{model: gpt}"}
    for name in ("a.md", "b.md"):
        done = selftest(write_config(tmp_path, ROW, **unused), "-o", tmp_path / name, "--seed", 3)
        assert done.exit_code == 0, done.stderr
    text = (tmp_path / "a.md").read_text("utf-8")
    assert (tmp_path / "b.md").read_text("utf-8") == text
    assert "An error is noticed if the verdict is not supported" in text
    assert "They say nothing about other articles." in text
    coverage, _, rest = text.partition("Grounding")
    assert "| accepted wording: false alarms | 1 |" in coverage
    rates, _, examples = rest.partition("## Examples")
    kinds = re.findall(r"^\| (\w+) \|", examples, re.MULTILINE)
    assert set(kinds) >= {"date", "number", "name", "negation", "invention"}
    assert re.search(r"\| intact: false alarms \| 6 \|", rates)
    assert re.search(r"\| date \| \d+ \| 100% ", rates)
    edited = sum(map(int, re.findall(r"^\| \w+ \| (\d+) \|", rates, re.MULTILINE)))
    assert f"; {edited} edited sentences, seed 3." in text


@pytest.mark.parametrize(
    ("left_out", "note", "tested"),
    [
        ("facts", "1 of 1 articles have no facts, so coverage is not tested on them.", {"Grounding"}),
        ("references", "1 of 1 articles have no reference", {"Coverage", "Grounding"}),
    ],
)
def test_selftest_needs_only_facts_or_references(tmp_path: Path, left_out: str, note: str, tested: set[str]) -> None:
    row = {key: value for key, value in ROW.items() if key != left_out}
    done = selftest(write_config(tmp_path, row), "--each", 1)
    assert done.exit_code == 0, done.stderr
    assert note in " ".join(done.stdout.split())
    assert {use for use in ("Grounding", "Coverage") if f"{use}:" in done.stdout} == tested


@pytest.mark.parametrize("each", [2, 5])
def test_each_text_has_up_to_that_many_errors_of_a_kind(tmp_path: Path, each: int) -> None:
    """The text has three dates, and each can be changed in two ways."""
    text = "They met on Monday and Tuesday in May."
    row = {"id": "talks", "text": text, "facts": [{"id": "met", "statement": text, "importance": "essential"}]}
    for texts in (row, {**row, "references": [text], "facts": []}):
        done = selftest(write_config(tmp_path, texts), "--each", each, "-o", tmp_path / "report.md")
        assert done.exit_code == 0, done.stderr
        counts = re.findall(r"^\| date \| (\d+) \|", (tmp_path / "report.md").read_text("utf-8"), re.MULTILINE)
        assert set(counts) == {str(each)}


@pytest.mark.parametrize("change", [{"references": [], "facts": []}, {"language": "fr"}])
def test_selftest_with_nothing_to_test_exits_2(tmp_path: Path, change: dict[str, Any]) -> None:
    done = selftest(write_config(tmp_path, {**ROW, **change}))
    assert done.exit_code == 2
    assert "no English article has a reference or a fact" in done.stderr
    assert "harness facts add" in done.stderr
