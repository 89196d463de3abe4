"""Values are kept as long as their files stay as they are, and not a moment longer."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from harness.view.file_cache import FileCache

LONG_AGO = 1_000_000_000


def written(path: Path, text: str, at: float = LONG_AGO) -> Path:
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))
    return path


def test_a_value_is_made_once_while_its_file_stays_and_anew_when_it_changes(tmp_path: Path) -> None:
    kept: FileCache[str] = FileCache(most=2)
    path = written(tmp_path / "a", "one")
    assert kept.get("a", path.read_text, lambda _: [path]) == "one"
    assert kept.get("a", lambda: "not asked", lambda _: [path]) == "one"
    written(path, "two", LONG_AGO + 1)
    assert kept.get("a", path.read_text, lambda _: [path]) == "two"
    path.unlink()
    assert kept.get("a", lambda: "gone", lambda _: [path]) == "gone"


def test_a_file_that_has_just_changed_is_read_again(tmp_path: Path) -> None:
    """It may change once more within the clock's step, with no other stamp to show for it."""
    kept: FileCache[str] = FileCache(most=2)
    path = written(tmp_path / "a", "one", time.time())
    kept.get("a", path.read_text, lambda _: [path])
    assert kept.get("a", lambda: "anew", lambda _: [path]) == "anew"


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    kept: FileCache[str] = FileCache(most=2)
    path = written(tmp_path / "a", "")
    for key in ("a", "b", "a", "c"):
        kept.get(key, key.lower, lambda _: [path])
    assert kept.get("a", lambda: "anew", lambda _: [path]) == "a"
    assert kept.get("b", lambda: "anew", lambda _: [path]) == "anew"


def test_a_failure_is_not_kept() -> None:
    kept: FileCache[int] = FileCache(most=2)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept.get("a", lambda: 1 // 0, lambda _: [])
    assert kept.get("a", lambda: 3, lambda _: []) == 3


def test_two_that_ask_at_once_wait_for_one_value(tmp_path: Path) -> None:
    kept: FileCache[int] = FileCache(most=2)
    path = written(tmp_path / "a", "")
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    threads = [threading.Thread(target=kept.get, args=("a", make, lambda _: [path])) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
