"""``harness agreement``, as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import viewing
from click.testing import CliRunner, Result

from harness.cli import main

RUN = "results/small"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return viewing.make_project(tmp_path)


def harness(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(main, list(arguments))


def label(name: str, label: str) -> None:
    harness("label", RUN, "--annotator", name, "--export", "pairs.jsonl")
    rows = [json.loads(line) for line in Path("pairs.jsonl").read_text("utf-8").splitlines()]
    Path("pairs.jsonl").write_text("".join(json.dumps(row | {"label": label}) + "\n" for row in rows), "utf-8")
    assert harness("label", RUN, "--annotator", name, "--import", "pairs.jsonl").exit_code == 0


def test_without_a_label_it_says_what_to_do() -> None:
    done = harness("agreement", RUN)
    assert done.exit_code == 0
    assert "harness label asks" in done.output


def test_people_and_verifier_side_by_side(folder: Path) -> None:
    label("ada", "supported")
    label("bob", "absent")
    done = harness("agreement", RUN, "-o", "agreement.md")
    assert done.exit_code == 0, done.output
    for part in ("ada · bob", "ada · lexical", "bob · lexical", "ada and bob", "ada, bob and lexical", "In dispute"):
        assert part in done.output
    assert "labels alone" in done.output
    assert Path("agreement.md").read_text("utf-8").startswith("# Agreement with people\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("results/none",), "is not a run"), ((RUN, "-o", "x.txt"), "end it in .md")],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], message: str) -> None:
    done = harness("agreement", *arguments)
    assert done.exit_code == 2
    assert message in done.output


def test_a_bad_line_is_named_and_the_others_count(folder: Path) -> None:
    label("ada", "supported")
    file = folder / "references" / "bridge" / "labels.jsonl"
    file.write_text("{}\n" + file.read_text("utf-8"), "utf-8")
    assert "references/bridge/labels.jsonl:1" in harness("agreement", RUN).output
