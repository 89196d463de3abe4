"""Runs are renamed, noted and put into the bin, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from stored_runs import Plan, write

from harness.data.runs import results, upkeep
from harness.data.runs.results import RunFolder
from harness.errors import RunFolderError

PLAN = Plan({"lead": {"fact_recall": [0.5, 0.6]}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write(tmp_path / name, PLAN)
    return tmp_path


def names(folder: Path) -> list[str]:
    return [run.path.name for run in results.runs(folder)]


def test_a_note_is_kept_beside_the_run_and_an_empty_one_takes_it_away(folder: Path) -> None:
    upkeep.write_note(folder / "first", "  with the new prompt\n")
    assert upkeep.note(folder / "first") == "with the new prompt"
    assert upkeep.note(folder / "second") == ""
    upkeep.write_note(folder / "first", " ")
    assert upkeep.note(folder / "first") == ""


def test_a_renamed_run_is_called_by_its_new_name(folder: Path) -> None:
    before = (folder / "first" / "scores.jsonl").read_bytes()
    made = upkeep.rename(folder / "first", "short-prompts")
    assert names(folder) == ["second", "short-prompts"]
    assert RunFolder(made).manifest.name == "short-prompts"
    assert (made / "scores.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("second", "second is there already"),
        ("../out", "is no name; write letters"),
        ("", "is no name"),
        (".bin", "no name"),
    ],
)
def test_a_name_that_is_taken_or_none_changes_nothing(folder: Path, name: str, message: str) -> None:
    with pytest.raises(RunFolderError, match=message):
        upkeep.rename(folder / "first", name)
    assert names(folder) == ["first", "second"]


def test_a_run_goes_into_the_bin_and_comes_back_whole(folder: Path) -> None:
    upkeep.put_away(folder / "first")
    assert names(folder) == ["second"]
    assert [run.path.name for run in upkeep.put_away_runs(folder)] == ["first"]
    write(folder / "first", PLAN)
    assert upkeep.put_away(folder / "first").name == "first-2"
    upkeep.put_back(folder, "first")
    assert RunFolder(folder / "first").manifest.status == "complete"
    with pytest.raises(RunFolderError, match="first is there already"):
        upkeep.put_back(folder, "first")


def test_a_run_that_is_being_written_stays_where_it_is(folder: Path) -> None:
    with results.locked(folder / "first"), pytest.raises(RunFolderError, match="is being written by another command"):
        upkeep.put_away(folder / "first")
    assert names(folder) == ["first", "second"]


def test_what_cannot_be_written_is_said_with_its_name(folder: Path) -> None:
    (folder / ".bin").write_text("no folder", "utf-8")
    with pytest.raises(RunFolderError, match=r"\.bin: cannot be written \("):
        upkeep.put_away(folder / "first")
    (folder / "first" / "note.txt").mkdir()
    with pytest.raises(RunFolderError, match=r"note\.txt: cannot be written \("):
        upkeep.write_note(folder / "first", "a note")
