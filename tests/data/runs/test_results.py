"""A run's folder: its lock, its manifest, and the commands that repair it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import viewing
from builders import manifest
from command_line import harness
from filelock import FileLock

from harness.data.runs import results
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError
from harness.records import Score


def test_repeated_score_counts_once(tmp_path: Path) -> None:
    file, score = RunFolder(tmp_path).scores, Score("lead", "a", 0, "length", 3.0, "length|1")
    file.append([score, replace(score, metric="rouge1"), replace(score, value=4.0)])
    assert [(each.metric, each.value) for each in file] == [("length", 4.0), ("rouge1", 3.0)]


@pytest.mark.slow
def test_folder_is_refused_while_another_run_writes_it(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from harness.data.runs import results\n"
        "with results.lock_run(Path(sys.argv[1])): print('locked', flush=True); time.sleep(600)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(RunFolderError, match="is being written by another command"), results.lock_run(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with results.lock_run(tmp_path):
        pass


def test_looking_at_a_run_does_not_block_it(tmp_path: Path) -> None:
    looking = threading.Event()

    def look() -> None:
        with FileLock(tmp_path / ".lock"):
            looking.set()
            time.sleep(0.02)

    threading.Thread(target=look).start()
    assert looking.wait(300)
    with results.lock_run(tmp_path):
        pass


def test_run_is_being_written_while_its_folder_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = replace(manifest(), status="running", finished=None)
    assert not results.is_being_written(running, tmp_path)
    with results.lock_run(tmp_path):
        assert results.is_being_written(running, tmp_path)
    monkeypatch.setattr(FileLock, "acquire", lambda *_: os.open("/", os.O_WRONLY))  # as in another user's folder
    assert results.is_being_written(running, tmp_path)
    assert not results.is_being_written(manifest(), tmp_path)


def test_folder_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = r"cannot be written .* make it writable"
    with pytest.raises(RunFolderError, match=message), results.lock_run(tmp_path / "file" / "run"):
        pass


def test_missing_run_suggests_a_similar_one(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/manifest.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"there is no folder \S+bsae; name a run's folder, such as \S+base "):
        RunFolder(tmp_path / "bsae").manifest  # noqa: B018  # reading it raises


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("report.md", "."), ("report.html", "."), ("manifest.json", "."), ("summaries.jsonl", "."),
        ("references/bridge/article.md", "."), ("references/bridge/article.md", "references"),
        ("references/bridge/article.md", "references/bridge"), ("bridge/references/short.md", "bridge/references"),
        ("bridge/facts.yaml", "bridge"), ("configs/base.yaml", "configs"),
    ],
)  # fmt: skip  # a table
def test_run_refuses_folders_of_other_files(tmp_path: Path, file: str, folder: str) -> None:
    """The files stay as they are, and no others are added."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text('{"name": "mine"}', "utf-8")
    before = sorted(tmp_path.rglob("*"))
    message = r"holds files that harness did not make \(.+\); choose another folder with -o"
    with pytest.raises(RunFolderError, match=message), results.begin_run(tmp_path / folder):
        pass
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / file).read_text("utf-8") == '{"name": "mine"}'


def test_run_of_a_newer_harness_is_kept(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99, "config_file": "run.yaml"}')
    message = r"has format 99, but this harness reads format 1; update harness$"
    with results.begin_run(tmp_path) as folder, pytest.raises(RunFolderError, match=message):
        folder.complete_manifest  # noqa: B018  # reading it raises


@pytest.mark.parametrize(("version", "message"), [("0", "0"), ("null", "empty"), ('"1"', "'1'")])
def test_older_format_is_reported(tmp_path: Path, version: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(f'{{"format": {version}}}')
    with pytest.raises(RunFolderError, match=f"has format {message}, but this harness reads format 1; run the"):
        RunFolder(tmp_path).manifest  # noqa: B018  # reading it raises


@pytest.mark.parametrize(
    ("file", "fault", "repair"),
    [
        ("summaries.jsonl", "has only 0 of its 4 lines", "harness run configs/small.yaml -o results/small"),
        ("verdicts.jsonl", "is missing", "harness score results/small"),
    ],
)
def test_lost_records_are_named_with_the_command_that_makes_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, fault: str, repair: str
) -> None:
    monkeypatch.chdir(tmp_path)
    viewing.make_project(tmp_path)
    assert harness("run", "configs/small.yaml", "-o", "results/other", "-q").exit_code == 0
    path = Path("results/small", file)
    path.unlink() if fault == "is missing" else path.write_text("", "utf-8")
    message = f"harness: results/small/{file}: {fault}; restore the file, or make its records again: {repair}\n"
    for command in ("compare", "results/small", "results/other"), ("export", "results/small", "--to", "csv"):
        done = harness(*command)
        assert (done.exit_code, done.stderr) == (2, message)
    assert harness(*repair.split()[1:], "-q").exit_code == 0
    assert harness("compare", "results/small", "results/other").exit_code == 0
