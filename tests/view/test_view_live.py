"""A run that goes on is followed from where one stopped, whatever becomes of its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from viewing import Viewer, words

from harness.data.runs.record_file import to_json
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError
from harness.view.live import SHOWN, Follower


@pytest.fixture
def going(viewer: Viewer) -> Viewer:
    """The run as it is when its first summary is made."""
    run = RunFolder(viewer.run)
    run.write_manifest(replace(run.manifest, status="running", finished=None))
    summaries = run.summaries.read()
    with run.summaries.rewriting() as write:
        write(summaries[:1])
    for path in (run.checks.path, run.scores.path):
        path.rename(path.with_suffix(".later"))
    return viewer


def test_rows_come_as_they_are_written(going: Viewer) -> None:
    run = RunFolder(going.run)
    follower = Follower(run)
    first = follower.look(run.manifest)
    assert (first.cells, first.summarised, first.verified, len(first.rows)) == (4, 1, 0, 1)
    going.run.joinpath("verdicts.later").rename(run.checks.path)
    second = follower.look(run.manifest)
    assert second.verified == 4
    assert second.rows[0].facts.total() == 2
    assert second.rows[0].claims.total() > 0


def test_a_line_that_is_still_being_written_waits(going: Viewer) -> None:
    run = RunFolder(going.run)
    follower = Follower(run)
    follower.look(run.manifest)
    line = to_json(replace(run.summaries.read()[0], article_id="flood"))
    with run.summaries.path.open("ab") as file:
        file.write(line[:40])
    assert follower.look(run.manifest).summarised == 1
    with run.summaries.path.open("ab") as file:
        file.write(line[40:] + b"\n")
    assert follower.look(run.manifest).summarised == 2


def test_a_corrupt_line_is_named_again_and_again_until_it_is_gone(going: Viewer) -> None:
    run = RunFolder(going.run)
    whole = run.summaries.path.read_bytes()
    follower = Follower(run)
    follower.look(run.manifest)
    run.summaries.path.write_bytes(whole + b'{"key": 1}\n')
    for _ in range(2):
        with pytest.raises(RunFolderError, match=r"summaries.jsonl:2: is not a whole record"):
            follower.look(run.manifest)
    run.summaries.path.write_bytes(whole)
    assert follower.look(run.manifest).summarised == 1


def test_files_that_are_written_anew_are_read_anew(going: Viewer) -> None:
    run = RunFolder(going.run)
    follower = Follower(run)
    follower.look(run.manifest)
    with run.summaries.rewriting() as write:
        write([replace(run.summaries.read()[0], article_id="flood")])
    assert [row.place.article_id for row in follower.look(run.manifest).rows] == ["flood"]
    run.summaries.path.unlink()
    assert follower.look(run.manifest).rows == ()


def test_of_many_summaries_the_last_are_shown(going: Viewer) -> None:
    run = RunFolder(going.run)
    one = run.summaries.read()[0]
    run.summaries.append(replace(one, sample=sample) for sample in range(1, SHOWN + 10))
    rows = Follower(run).look(run.manifest).rows
    assert len(rows) == SHOWN
    assert rows[0].place.sample == SHOWN + 9


def test_the_page_and_its_progress_while_the_run_goes_on(going: Viewer) -> None:
    with FileLock(going.run / ".lock"):
        assert "The run is going on" in words(going.get("/runs/small/"))
        assert "running" in words(going.get("/"))
        found = going.get("/runs/small/progress").json()
    assert (found["state"], found["cells"], found["summarised"]) == ("running", 4, 1)
    assert found["rows"][0]["address"] == f"/runs/small/articles/{found['rows'][0]['article']}"


def test_a_run_that_was_killed_has_a_report_that_says_so(going: Viewer) -> None:
    assert going.get("/runs/small/progress").json()["state"] == "interrupted"
    assert "Partial: the run was interrupted" in words(going.get("/runs/small/"))
    assert "interrupted" in words(going.get("/"))


def test_a_run_that_is_deleted_meanwhile_is_told_as_gone(going: Viewer) -> None:
    for path in sorted(going.run.iterdir()):
        path.unlink()
    going.run.rmdir()
    assert "it may have been removed" in going.get("/runs/small/progress").json()["problem"]
    assert going.get("/runs/small/").status_code == 404


def test_a_restart_over_the_same_files_counts_nothing_twice(going: Viewer, tmp_path: Path) -> None:
    """A resumed run appends; what was read before stays counted once."""
    run = RunFolder(going.run)
    follower = Follower(run)
    follower.look(run.manifest)
    run.summaries.append(run.summaries.read())
    assert follower.look(run.manifest).summarised == 1
