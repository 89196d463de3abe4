"""Facts and labels are written by one process at a time, and never through a link."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from harness.data import labels
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.errors import DataError
from harness.records import Annotation, Article, Shown

ARTICLE = Article("mayor", "The mayor resigned on Monday.")


def add_fact(path: Path, name: str = "why") -> None:
    facts_edit.add(path, [FactEntry(id=name, statement=f"Statement {name}.")], ARTICLE)


def add_label(path: Path, name: str = "why") -> None:
    moment = "2026-11-25T10:00:00+00:00"
    line = Annotation(name, "ada", moment, "a", "coverage", "rain", f"It rains {name}.", "0f", "absent", Shown(True))
    labels.append({path: [line]})


def add_several(add: Callable[[Path, str], None], path: Path, writer: str) -> None:
    for number in range(8):
        add(path, f"{writer}-{number:02d}")


both = pytest.mark.parametrize("add", [add_fact, add_label])


@both
def test_concurrent_writers_lose_nothing(tmp_path: Path, add: Callable[[Path, str], None]) -> None:
    path, processes = tmp_path / "file", multiprocessing.get_context("fork")
    workers = [processes.Process(target=add_several, args=(add, path, writer)) for writer in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    written = re.findall(r"\bid\W+([abc]-\d\d)", path.read_text("utf-8"))
    assert len(written) == 24
    for writer in "abc":  # each writer's own lines keep their order
        own = [name for name in written if name.startswith(writer)]
        assert own == sorted(own)


@both
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_written_through_a_link(tmp_path: Path, add: Callable[[Path], None], exists: bool) -> None:
    """A dangling facts.yaml -> ~/.bash_aliases in an articles folder would create that file."""
    target, link = tmp_path / "target", tmp_path / "link"
    if exists:
        target.write_text("mine\n")
    link.symlink_to(target)
    with pytest.raises(DataError, match="is a link"):
        add(link)
    assert target.read_text() == "mine\n" if exists else not target.exists()


@both
def test_locked_file_and_unwritable_folder_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, add: Callable[[Path], None]
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="file/facts: cannot be written"):
        add(tmp_path / "file" / "facts")
    monkeypatch.setattr("harness.files.LOCK_SECONDS", 0.05)
    with FileLock(tmp_path / ".facts.lock"), pytest.raises(DataError, match="locked by another program"):
        add(tmp_path / "facts")
