"""Show progress on standard error: notes, and bars in a terminal or lines in a log. ``quiet`` turns them off."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")

LINE_EVERY = 60.0
"""Minimum seconds between two lines of progress in a log."""

quiet = False
"""True if the command line asked for no progress."""


class Advance(Protocol):
    """Report the number of steps just done and, if the estimate changed, the total."""

    def __call__(self, steps: int, /, total: int | None = None) -> None: ...


Watch = Callable[[int, int], None]
"""A listener, which gets the number of steps done so far and the total."""

_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


def note(line: str) -> None:
    """Write a line to standard error, unless ``quiet``."""
    if not quiet:
        sys.stderr.write(f"harness: {line}\n")


@contextmanager
def report_to(watch: Watch) -> Iterator[None]:
    """Report every bar of this thread to ``watch`` instead of showing it in a terminal."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def bar(label: str, total: int) -> Iterator[Advance]:
    """Show a bar over ``total`` steps, hidden while ``total`` is 0; yield the function that reports steps."""
    if watch := _watch.get():
        yield _count_steps(total, watch)
        return
    if quiet:
        yield lambda steps, /, total=None: None
        return
    if not sys.stderr.isatty():
        yield _count_steps(total, _write_lines(label))
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (
        "{task.description:<10}",
        rich.BarColumn(bar_width=30),
        rich.MofNCompleteColumn(),
        "{task.fields[rate]}",
        rich.TimeElapsedColumn(),
        "elapsed ·",
        rich.TimeRemainingColumn(),
        "left",
    )
    progress = rich.Progress(*columns, console=Console(stderr=True))
    task = progress.add_task(label, total=total, rate="")

    def advance(steps: int, /, total: int | None = None) -> None:
        progress.update(task, advance=steps, total=total)
        speed = progress.tasks[0].speed
        progress.update(task, rate=f"{speed:,.1f}/s" if speed else "")
        if progress.tasks[0].total:
            progress.start()

    advance(0)
    try:
        yield advance
    finally:
        progress.stop()


def batches(label: str, items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in batches under a bar, which advances after each batch."""
    with bar(label, len(items)) as advance:
        for start in range(0, len(items), size):
            batch = items[start : start + size]
            yield batch
            advance(len(batch))


def _write_lines(label: str) -> Watch:
    """Return a listener that writes how far a stage is, at most once in ``LINE_EVERY`` seconds."""
    written = time.monotonic()

    def watch(done: int, total: int) -> None:
        nonlocal written
        if total and time.monotonic() - written >= LINE_EVERY:
            written = time.monotonic()
            note(f"{label}: {done:,} of {total:,}")

    return watch


def _count_steps(expected: int, watch: Watch) -> Advance:
    done, known = 0, expected
    watch(done, known)

    def advance(steps: int, /, total: int | None = None) -> None:
        nonlocal done, known
        done, known = done + steps, known if total is None else total
        watch(done, known)

    return advance
