"""``harness doctor RUN``: whether every record of a run is there, once, as it was when the run was closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import viewing
from command_line import harness

Spoil = Callable[[Path], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a small finished run."""
    return viewing.make_project(tmp_path_factory.mktemp("project")) / "results" / "small"


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "small"
    copy.mkdir()
    for file in made.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


def without(name: str, number: int) -> Spoil:
    def spoil(run: Path) -> None:
        kept = lines(run / name)
        del kept[number]
        (run / name).write_text("".join(kept), "utf-8")

    return spoil


def with_status(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text("utf-8")) | {"status": "interrupted"}
    (run / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def edited(name: str, old: str, new: str) -> Spoil:
    return lambda run: (run / name).write_text((run / name).read_text("utf-8").replace(old, new, 1), "utf-8")


def test_a_run_as_it_was_closed_is_whole(run: Path) -> None:
    result = harness("doctor", run)
    assert (result.exit_code, result.output) == (0, f"{run} is whole\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("summaries.jsonl", 0), "summaries.jsonl: has 3 lines, changed since the run was closed with 4"),
        (without("summaries.jsonl", 0), "has no summary by lead of bridge"),
        (
            edited("summaries.jsonl", "The council", "A council"),
            "summaries.jsonl: has 4 lines, changed since",
        ),
        (edited("verdicts.jsonl", '{"key"', '{"kay"'), "verdicts.jsonl:1: is not a record"),
        (edited("scores.jsonl", '"system":"lead"', '"system":"lied"'), "scores.jsonl:1: names lied and bridge"),
        (lambda run: (run / "summaries.jsonl").open("a").write("{"), "summaries.jsonl:5: has no line break"),
        (lambda run: (run / "verdicts.jsonl").unlink(), "verdicts.jsonl: is missing; it had"),
        (lambda run: (run / "report.md").unlink(), "report.md: is missing; score it again"),
        (lambda run: (run / ".scores.jsonl.0a1b2c3d.part").touch(), "was left by a killed process"),
        (lambda run: (run / "manifest.json").write_text("{"), "manifest.json cannot be read"),
        (with_status, "manifest.json: status: the run is interrupted; run its config again"),
    ],
)
def test_what_was_cut_edited_doubled_or_lost_is_named(run: Path, spoil: Spoil, said: str) -> None:
    spoil(run)
    result = harness("doctor", run)
    assert result.exit_code == 1
    assert said in result.output


def test_a_folder_that_is_no_run_says_so(tmp_path: Path) -> None:
    result = harness("doctor", tmp_path)
    assert result.exit_code == 1
    assert "is not a run: it has no manifest.json" in result.output
