"""A run that goes on is followed from where one stopped, whatever becomes of its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from filelock import FileLock
from viewing import Viewer, words

from harness.data.runs.record_file import to_json
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError
from harness.view.live import SHOWN, Follower, Progress


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


@pytest.fixture
def run(going: Viewer) -> RunFolder:
    return RunFolder(going.run)


@pytest.fixture
def look(run: RunFolder) -> Callable[[], Progress]:
    """What follows the run, and has looked at it once."""
    follower = Follower(run)
    follower.look(run.manifest)
    return lambda: follower.look(run.manifest)


def test_rows_come_as_they_are_written(run: RunFolder, look: Callable[[], Progress]) -> None:
    first = look()
    assert (first.cells, first.summarised, first.verified, len(first.rows)) == (4, 1, 0, 1)
    run.path.joinpath("verdicts.later").rename(run.checks.path)
    second = look()
    assert second.verified == 4
    assert second.rows[0].facts.total() == 2
    assert second.rows[0].claims.total() > 0


def test_a_line_that_is_still_being_written_waits(run: RunFolder, look: Callable[[], Progress]) -> None:
    line = to_json(replace(run.summaries.read()[0], article_id="flood"))
    with run.summaries.path.open("ab") as file:
        file.write(line[:40])
    assert look().summarised == 1
    with run.summaries.path.open("ab") as file:
        file.write(line[40:] + b"\n")
    assert look().summarised == 2


def test_a_corrupt_line_is_named_again_and_again_until_it_is_gone(run: RunFolder, look: Callable[[], Progress]) -> None:
    whole = run.summaries.path.read_bytes()
    run.summaries.path.write_bytes(whole + b'{"key": 1}\n')
    for _ in range(2):
        with pytest.raises(RunFolderError, match=r"summaries.jsonl:2: is not a whole record"):
            look()
    run.summaries.path.write_bytes(whole)
    assert look().summarised == 1


def test_files_that_are_written_anew_are_read_anew(run: RunFolder, look: Callable[[], Progress]) -> None:
    with run.summaries.rewriting() as write:
        write([replace(run.summaries.read()[0], article_id="flood")])
    assert [row.place.article_id for row in look().rows] == ["flood"]
    run.summaries.path.unlink()
    assert look().rows == ()


def test_of_many_summaries_the_last_are_shown(run: RunFolder) -> None:
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


def test_a_restart_over_the_same_files_counts_nothing_twice(run: RunFolder, look: Callable[[], Progress]) -> None:
    """A resumed run appends; what was read before stays counted once."""
    run.summaries.append(run.summaries.read())
    assert look().summarised == 1
