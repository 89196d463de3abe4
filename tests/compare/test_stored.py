"""Finished runs as a comparison reads them, and those that cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock
from stored_runs import Plan, open_runs, write

from harness.data.labels import hash_labels
from harness.errors import RunFolderError

PLAN = Plan({"lead": {"fact_recall": [0.5, 0.25]}}, {"lead": {"main": ["supported", "absent"]}})


def test_without_articles_the_importance_of_facts_is_unknown_with_a_reason(tmp_path: Path) -> None:
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": ["fact_recall"], "labels": "none"}
    (run,) = open_runs(write(tmp_path / "run", PLAN, config=config, labels=hash_labels((), ())))
    (tmp_path / "articles.jsonl").unlink()
    facts, why = run.facts
    assert (facts, run.has_new_labels) == ({}, False)
    assert (why or "").startswith("run: the importance of the facts is unknown: ")


def test_runs_with_equal_names_show_more_of_their_paths(tmp_path: Path) -> None:
    first, second = open_runs(write(tmp_path / "x/base", PLAN), write(tmp_path / "y/base", PLAN))
    assert (first.name, second.name) == ("x/base", "y/base")


def test_run_still_being_written_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN, status="running")
    with FileLock(path / ".lock"), pytest.raises(RunFolderError, match="still being written; wait until its run has"):
        open_runs(path)


@pytest.mark.parametrize(
    ("paths", "changes", "message"),
    [
        (["run"], {"status": "running"}, r"was killed before it was scored; .* harness run configs/run.yaml"),
        (["run"], {"finished": None}, "scoring was stopped; score it again: harness score"),
        (["run", "run/../run"], {}, "is given twice"),
        (["loop"], {}, "its links form a loop; name another path"),
        (["."], {}, r"no manifest.json\); name a run's folder, such as \S+[/\\]run "),
    ],
)
def test_unfinished_or_missing_run_is_refused_with_what_to_do(
    tmp_path: Path, paths: list[str], changes: dict[str, object], message: str
) -> None:
    write(tmp_path / "run", PLAN, **changes)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(RunFolderError, match=message):
        open_runs(*(tmp_path / path for path in paths))


def test_run_without_scores_names_the_command(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN)
    (path / "scores.jsonl").unlink()
    with pytest.raises(RunFolderError, match=r"has no scores.jsonl; score its summaries: harness score"):
        open_runs(path)
