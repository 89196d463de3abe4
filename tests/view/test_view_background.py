from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from harness import progress
from harness.view.background import Rescoring
from harness.view.run_index import FileCache

RUN, OTHER = Path("results/run"), Path("results/other")


class Steps:
    """A job of a thousand steps, whose first waits for ``go_on``."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, path: Path) -> list[str]:
        with progress.bar("work", 1000) as advance:
            for _ in range(1000):
                self.begun.set()
                self.go_on.wait(20)
                advance(1)
        return ["a warning"]


def test_stop_ends_the_running_job_and_starts_no_other() -> None:
    steps = Steps()
    rescoring = Rescoring(steps)
    rescoring.start(RUN)
    rescoring.start(OTHER)
    assert steps.begun.wait(20)
    assert rescoring.stop() == ["run"]
    steps.go_on.set()
    rescoring.wait()
    first, second = rescoring.jobs["run"], rescoring.jobs["other"]
    assert (first.state, first.problems, first.done, second.state) == ("failed", ("stopped",), 1, "waiting")


def test_job_reports_progress_and_problems() -> None:
    steps = Steps()
    rescoring = Rescoring(steps)
    rescoring.start(RUN)
    assert [job.run for job in rescoring.list_active(["run", "other"])] == ["run"]
    steps.go_on.set()
    rescoring.wait()
    job = rescoring.jobs["run"]
    assert (job.state, job.done, job.total, job.problems) == ("done", 1000, 1000, ("a warning",))
    assert rescoring.list_active(["run"]) == []


LONG_AGO = 1_000_000_000


def write(path: Path, text: str, at: float = LONG_AGO) -> Path:
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))
    return path


def test_file_is_read_again_if_it_changed_or_has_just_changed(tmp_path: Path) -> None:
    """A file that has just changed could change again with the same time stamp."""
    cache: FileCache[str] = FileCache(2)
    path = tmp_path / "a"

    def read(text: str) -> str:
        return cache.get("a", lambda: (text, [path]))

    write(path, "one")
    assert [read("one"), read("not asked")] == ["one", "one"]
    write(path, "two", LONG_AGO + 1)
    assert read("two") == "two"
    path.unlink()
    assert read("gone") == "gone"
    write(path, "new", time.time())
    assert [read("new"), read("again")] == ["new", "again"]


def test_cache_keeps_only_the_latest_values(tmp_path: Path) -> None:
    cache: FileCache[str] = FileCache(2)
    path = write(tmp_path / "a", "")
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: ("first", [path]))
    assert [cache.get(key, lambda: ("again", [path])) for key in ("a", "b")] == ["first", "again"]


def test_concurrent_threads_share_one_value(tmp_path: Path) -> None:
    cache: FileCache[int] = FileCache(2)
    path = write(tmp_path / "a", "")
    made: list[int] = []

    def make() -> tuple[int, list[Path]]:
        time.sleep(0.05)
        made.append(1)
        return len(made), [path]

    threads = [threading.Thread(target=cache.get, args=("a", make)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
