"""``harness selftest``, as its users call it: on a small data set whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
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
        {"id": "approved", "statement": "The council approved the new bridge on Monday.", "importance": "essential"},
        {"id": "cost", "statement": "The bridge will cost $35 million.", "importance": "essential"},
    ],
}


def selftest(*arguments: object) -> Result:
    return harness("selftest", *arguments)


def config(folder: Path, row: Mapping[str, Any]) -> Path:
    (folder / "data.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    path = folder / "config.yaml"
    text = "articles: data.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\nscorers: [length]\n"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What it wrote as JSON and as Markdown."""
    folder = tmp_path_factory.mktemp("selftest")
    done = selftest(config(folder, ROW), "-o", folder / "t.json", "-o", folder / "t.md", "--seed", 3)
    assert done.exit_code == 0, done.stderr
    return json.loads((folder / "t.json").read_text("utf-8")), (folder / "t.md").read_text("utf-8")


def test_selftest_judges_intact_text_too(report: tuple[dict[str, Any], str]) -> None:
    found, _ = report
    told = {(each["use"], each["kind"]): each["not_supported"] for each in found["use_rates"]}
    assert told["grounding", "intact"]["n"] == 4 + 2
    assert told["grounding", "date"]["share"] == 1.0
    assert found["seed"] == 3


def test_markdown_defines_its_terms_and_shows_an_example_of_each_kind(report: tuple[dict[str, Any], str]) -> None:
    found, text = report
    assert "An error is noticed if the verdict is not supported" in text
    assert "They hold for this article only." in text
    examples = text.partition("## Examples")[2]
    assert all(f"\n| {each['kind']} | " in examples for each in found["examples"])


def test_same_seed_gives_same_result(tmp_path: Path) -> None:
    row = {**ROW, "references": ROW["references"][:1]}
    for name in ("a.json", "b.json"):
        done = selftest(config(tmp_path, row), "-o", tmp_path / name, "--each", 1)
        assert done.exit_code == 0, done.stderr
    assert (tmp_path / "a.json").read_text("utf-8") == (tmp_path / "b.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("left_out", "note", "tested"),
    [
        ("facts", "1 of 1 articles have no facts, so coverage is not tested on them.", {"Grounding"}),
        ("references", "1 of 1 articles have no reference", {"Coverage", "Grounding"}),
    ],
)
def test_selftest_without_facts_or_references_tests_the_other(
    tmp_path: Path, left_out: str, note: str, tested: set[str]
) -> None:
    row = {key: value for key, value in ROW.items() if key != left_out}
    done = selftest(config(tmp_path, row), "--each", 1)
    assert done.exit_code == 0, done.stderr
    assert note in " ".join(done.stdout.split())
    assert {use for use in ("Grounding", "Coverage") if f"{use}:" in done.stdout} == tested


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"references": [], "facts": []}, "no English article has a reference or a fact"),
        ({"language": "fr"}, "no English article has a reference or a fact"),
    ],
)
def test_selftest_with_nothing_to_test_exits_2(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    done = selftest(config(tmp_path, {**ROW, **change}))
    assert done.exit_code == 2
    assert message in done.stderr
    assert "harness facts add" in done.stderr
