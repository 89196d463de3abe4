"""Values made from files, kept as long as those files stay as they are."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")

Stamp = tuple[int, int, int] | None

_SETTLED = 1_000_000_000
"""Nanoseconds: a file that was changed this short a time before it was read may change again under the same stamp."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    value: T
    stamps: dict[Path, Stamp]

    @property
    def holds(self) -> bool:
        return all(_stamp(path) == stamp for path, stamp in self.stamps.items())


class FileCache(Generic[T]):
    """The last few values, by key. Each is made by one thread; another that asks for it waits."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._making: WeakValueDictionary[Hashable, threading.Lock] = WeakValueDictionary()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], files: Callable[[T], Iterable[Path]]) -> T:
        """The value of a key, made anew where one of the files that it was made from has changed since."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            entry = self._entries.get(key)
            if entry is None or not entry.holds:
                return self._made(key, make, files)
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
        return entry.value

    def _made(self, key: Hashable, make: Callable[[], T], files: Callable[[T], Iterable[Path]]) -> T:
        begun = time.time_ns()
        value = make()
        entry = _Entry(value, {path: _stamp(path) for path in files(value)})
        settled = all(stamp is None or stamp[0] < begun - _SETTLED for stamp in entry.stamps.values())
        with self._lock:
            self._entries.pop(key, None)
            if settled:
                self._entries[key] = entry
                while len(self._entries) > self._most:
                    self._entries.popitem(last=False)
        return value


def _stamp(path: Path) -> Stamp:
    """What changes with a file; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116  # a third of the time of Path.stat, and there are thousands of files
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
