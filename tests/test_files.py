"""Writing files: the old text or the new one, whole, and for nobody's eyes but those that may see it."""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

import pytest

from harness.files import portable_path, replace_file, show, stable_path, write_text


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_text(path, "old\n")
    write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"
    assert list(tmp_path.iterdir()) == [path]


def test_where_the_writing_fails_the_old_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    write_text(path, "old\n")
    with pytest.raises(ZeroDivisionError), replace_file(path) as file:
        file.writelines(1 // left * b"half" for left in (1, 0))
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_rights_of_new_and_replaced_files(tmp_path: Path) -> None:
    """A new file has the rights that its user gives, and a replaced one keeps its own."""
    before = os.umask(0o077)
    try:
        write_text(tmp_path / "mine", "")
        write_text(tmp_path / "shared", "")
        (tmp_path / "shared").chmod(0o664)
        write_text(tmp_path / "shared", "again")
    finally:
        os.umask(before)
    assert (rights(tmp_path / "mine"), rights(tmp_path / "shared")) == (0o600, 0o664)


def test_what_only_its_owner_may_read_nobody_else_may_while_it_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch(mode=0o600)
    with replace_file(path) as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="the system has no files without a name")
def test_a_process_killed_while_it_writes_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    write_text(path, "old\n")
    process = os.fork()
    if process == 0:
        with replace_file(path) as file:
            file.write(b"new")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    assert {each.name: each.read_text("utf-8") for each in tmp_path.iterdir()} == {"facts.yaml": "old\n"}


def test_left_overs_go_with_the_next_writing(
    tmp_path: Path,
) -> None:
    """What a killed process left goes with the next writing; what another process is writing stays."""
    path = tmp_path / "facts.yaml"
    left, held = tmp_path / ".facts.yaml.0a1b2c3d.part", tmp_path / ".facts.yaml.4e5f6a7b.part"
    left.touch()
    with held.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_text(path, "new\n")
        assert {each.name for each in tmp_path.iterdir()} == {path.name, held.name}


def test_a_file_in_no_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_text(tmp_path / "nowhere" / "file", "")


def test_a_path_by_which_a_file_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the working directory from there, elsewhere as it was given; a short one is shown so too."""
    (tmp_path / "project" / "configs").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    paths = {
        "news.jsonl": "news.jsonl",
        "configs/../news.jsonl": "news.jsonl",
        f"{tmp_path}/project/news.jsonl": "news.jsonl",
        "configs/../../data/news.jsonl": "../data/news.jsonl",
        f"{tmp_path}/data/news.jsonl": f"{tmp_path}/data/news.jsonl",
        "..": "..",
    }
    for written, expected in paths.items():
        assert stable_path(Path(written)) == expected
        assert show(Path(written)) == expected
    long = Path(*["x" * 100] * 3, "news.jsonl")
    assert stable_path(tmp_path / long) == str(tmp_path / long)
    assert "…" in show(tmp_path / long)


def test_a_link_to_a_file_is_named_by_its_own_name_and_a_folder_by_where_it_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "news.jsonl").touch()
    (tmp_path / "link.jsonl").symlink_to("store/news.jsonl")
    (tmp_path / "folder").symlink_to("store")
    for here, there in ((tmp_path, ""), (tmp_path / "store", "../")):
        monkeypatch.chdir(here)
        assert stable_path(Path(f"{there}link.jsonl")) == f"{there}link.jsonl"
        assert portable_path(Path(f"{there}link.jsonl"), tmp_path / "results" / "run") == "../../link.jsonl"
        assert Path(stable_path(Path(f"{there}folder/news.jsonl"))).parent.samefile(tmp_path / "store")
    monkeypatch.chdir(tmp_path)
    assert stable_path(Path("store/../folder/news.jsonl")) == "store/news.jsonl"
