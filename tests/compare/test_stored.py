"""Finished runs as a comparison reads them, and those that cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock
from stored_runs import Plan, opened, write

from harness.config.trust import trust_run
from harness.errors import RunFolderError

PLAN = Plan({"lead": {"fact_recall": [0.5, 0.25]}}, {"lead": {"main": ["supported", "absent"]}})


def test_a_run_is_read_with_its_metrics_and_facts_and_without_its_verifier(tmp_path: Path) -> None:
    (run,) = opened(write(tmp_path / "run", PLAN))
    assert [score.value for score in run.scores] == [0.5, 0.25]
    assert [line.label for line in run.verdicts] == ["supported", "absent"]
    metrics, unknown = run.metrics, run.unknown_metrics
    assert ({"fact_recall", "faithfulness", "words", "seconds"} <= metrics.keys(), unknown) == (
        True,
        (),
    )
    facts, why = run.facts
    assert (facts["a00", "main"].importance, why) == ("essential", None)


def test_a_scorer_that_is_not_known_here_costs_its_own_metrics_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": ["length", {"kind": "theirs:Own", "k": 1}]}
    folder = write(tmp_path / "run", PLAN, config=config)
    trust_run(folder)
    (run,) = opened(folder)
    metrics, unknown = run.metrics, run.unknown_metrics
    assert "words" in metrics
    assert len(unknown) == 1
    assert "'theirs:Own' cannot be imported" in unknown[0]


def test_articles_that_are_gone_cost_the_importance_of_facts_and_it_is_said(tmp_path: Path) -> None:
    (run,) = opened(write(tmp_path / "run", PLAN))
    (tmp_path / "articles.jsonl").unlink()
    facts, why = run.facts
    assert facts == {}
    assert why is not None
    assert why.startswith("run: the importance of the facts is unknown: ")


def test_runs_of_one_name_are_told_apart_by_more_of_their_paths(tmp_path: Path) -> None:
    first, second = opened(write(tmp_path / "x/base", PLAN), write(tmp_path / "y/base", PLAN))
    assert (first.name, second.name) == ("x/base", "y/base")


def test_a_run_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN, status="running")
    with (
        FileLock(path / ".lock"),
        pytest.raises(RunFolderError, match="still being written; wait until its run has ended"),
    ):
        opened(path)


def test_a_run_that_was_killed_has_no_scores_of_its_summaries(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN, status="running")
    with pytest.raises(RunFolderError, match=r"was killed before it was scored; .* harness run configs/run.yaml"):
        opened(path)


def test_a_run_without_scores_says_how_to_get_them(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN)
    (path / "scores.jsonl").unlink()
    with pytest.raises(RunFolderError, match=r"has no scores.jsonl; score its summaries: harness score"):
        opened(path)


def test_a_run_of_an_older_format_is_made_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN)
    manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    for change in ({"format": 0}, {"format": None}, {"format": "1"}):
        (path / "manifest.json").write_text(json.dumps(manifest | change), encoding="utf-8")
        with pytest.raises(RunFolderError, match="format"):
            opened(path)


def test_one_run_named_twice_is_no_comparison(tmp_path: Path) -> None:
    path = write(tmp_path / "run", PLAN)
    with pytest.raises(RunFolderError, match="is given twice"):
        opened(path, path / "../run")


def test_a_folder_that_is_no_run_names_the_runs_nearby(tmp_path: Path) -> None:
    write(tmp_path / "run", PLAN)
    with pytest.raises(RunFolderError, match=r"is not a run: it has no manifest.json \(runs there: run\)"):
        opened(tmp_path)
