"""A run's records survive whatever stopped the process that wrote them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from harness.data import results
from harness.data.results import RecordFile, RunFolder
from harness.errors import RunFolderError
from harness.records import Generation, Summary

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def summary(key: str, text: str) -> Summary:
    return Summary(key, "lead", "a", 0, Generation(key, text))


@given(st.lists(TEXTS, min_size=1, max_size=5), st.data())
def test_a_file_cut_anywhere_is_repaired_to_its_whole_lines(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    file = RecordFile(tmp_path_factory.mktemp("run") / "summaries.jsonl", Summary)
    written = [summary(str(number), text) for number, text in enumerate(texts)]
    file.append(written)
    whole = file.path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    file.path.write_bytes(whole[:cut])
    file.repair()
    kept = whole[:cut].count(b"\n")
    assert file.read() == written[:kept]
    file.append(written[kept:])
    assert file.path.read_bytes() == whole


def test_a_bad_line_in_the_middle_is_named(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "summaries.jsonl", Summary)
    file.append([summary("a", "x")])
    with file.path.open("a") as handle:
        handle.write('{"key": "b"\n')
    file.append([summary("c", "y")])
    with pytest.raises(RunFolderError, match=r"summaries\.jsonl:2: is not a whole record .* delete the line"):
        file.read()


def test_records_that_left_the_plan_are_set_aside_and_not_lost(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    old, new = summary("old", "x"), summary("new", "y")
    folder.summaries.append([old, new])
    folder.keep(folder.summaries, [1])
    assert folder.summaries.read() == [new]
    assert RecordFile(tmp_path / "superseded/summaries.jsonl", Summary).read() == [old]


def test_a_folder_that_another_run_writes_is_refused(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from harness.data import results\n"
        "with results.locked(Path(sys.argv[1])): print('locked', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(RunFolderError, match="is being written by another run"), results.locked(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with results.locked(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(RunFolderError, match=r"cannot be written .* choose another folder with -o"),
        results.locked(tmp_path / "file" / "run"),
    ):
        pass


def test_a_folder_without_a_manifest_is_no_run_and_its_neighbours_are_named(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/manifest.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"is not a run: it has no manifest.json \(runs there: base\)"):
        RunFolder(tmp_path / "bsae").manifest  # noqa: B018  # reading it raises


def test_a_manifest_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(RunFolderError, match="has format 99 and this harness reads up to 1"):
        RunFolder(tmp_path).manifest  # noqa: B018  # reading it raises


def test_the_last_of_records_with_one_identity_counts() -> None:
    failed, made = summary("k", "first"), summary("k", "second")
    assert results.last([failed, made], lambda record: record.key) == [made]


def test_a_lock_left_by_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / ".lock")
    lock.acquire()
    lock.release()
    with results.locked(tmp_path):
        pass
