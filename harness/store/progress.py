"""What a pull tells its user, on stderr: lines, and a bar that a growing folder feeds."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harness import progress as bars

_EVERY = 0.1
"""Seconds between two looks at the folder."""


class PullReporter:
    """``progress``: True for bars, False for silence; None for bars on a terminal and lines alone elsewhere, or for
    silence where the command was told to be quiet."""

    def __init__(self, progress: bool | None) -> None:
        self._lines = not bars.quiet if progress is None else progress
        self._bars = self._lines and (progress is True or sys.stderr.isatty())

    def say(self, line: str) -> None:
        """One line."""
        if self._lines:
            sys.stderr.write(f"{printable(line)}\n")

    @contextmanager
    def watching(self, folder: Path, label: str, total: int) -> Iterator[None]:
        """A bar with rate and time left, while the body fills the folder with about ``total`` bytes."""
        if not self._bars:
            yield
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task(label, total=total)
            over = threading.Event()

            def look() -> None:
                while not over.wait(_EVERY):
                    bar.update(task, completed=min(_bytes_below(folder), total))

            watcher = threading.Thread(target=look, daemon=True)
            watcher.start()
            try:
                yield
            finally:
                over.set()
                watcher.join()
            bar.update(task, completed=total)


def megabytes(count: int) -> str:
    """A size to read: ``98 MB``, one decimal below ten."""
    return f"{count / 1e6:.0f} MB" if count >= 10_000_000 else f"{count / 1e6:.1f} MB"


def printable(line: str) -> str:
    """A line that another program or a server wrote, without what could steer a terminal."""
    return "".join(char for char in line if char.isprintable())


def _bytes_below(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # moved or deleted since it was listed
                total += (Path(where) / name).stat().st_size
    return total
