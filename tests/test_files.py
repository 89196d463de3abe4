"""Files are written atomically and keep their permissions; links and pipes are not followed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from harness.files import as_argument, open_to_append, portable_path, replace_file, show, stable_path, write_text


def test_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    write_text(path, "old\n")
    with pytest.raises(ZeroDivisionError), replace_file(path) as file:
        file.writelines(1 // left * b"half" for left in (1, 0))
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    """A new file follows the umask; a replaced one keeps its permissions."""
    before = os.umask(0o077)
    try:
        write_text(tmp_path / "mine", "")
        write_text(tmp_path / "shared", "")
        (tmp_path / "shared").chmod(0o664)
        write_text(tmp_path / "shared", "again")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("mine", "shared")] == [0o600, 0o664]
    with replace_file(tmp_path / "mine") as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o600, "a private file must stay private while it is written"


def test_process_killed_while_it_writes_leaves_the_old_file(tmp_path: Path) -> None:
    """A later write removes its temporary file once that is old."""
    path = tmp_path / "facts.yaml"
    write_text(path, "old\n")
    process = os.fork()
    if process == 0:
        with replace_file(path) as file:
            file.write(b"new")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    assert path.read_text("utf-8") == "old\n"
    [left] = tmp_path.glob(".*.part")
    write_text(path, "new\n")
    assert left.exists()
    os.utime(left, (0, 0))
    write_text(path, "newer\n")
    assert [each.name for each in tmp_path.iterdir()] == ["facts.yaml"]


def test_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "report.md"
    target.write_text("mine\n")
    link.symlink_to(target)
    write_text(link, "report\n")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("mine\n", "report\n", False)


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
def test_append_refuses_links_and_pipes(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "verdicts.jsonl", tmp_path / "target"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
        if kind == "link":
            target.write_text("mine\n")
    with pytest.raises(OSError, match=r"."):
        open_to_append(path)
    assert not target.exists() or target.read_text() == "mine\n"


def test_stable_path_finds_a_file_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert as_argument(Path("my runs") / long) == f"'{Path('my runs') / long}'"


def test_path_of_a_link_keeps_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
