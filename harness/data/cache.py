"""What has been computed once, by content: one SQLite file in the user's cache, shared by all runs.

A key is a hash of everything that the value depends on (text, prompt, model with revision, options, code), so an entry
never goes stale and two models never share one. Several processes may read and write at once, and a process killed at
any point leaves only whole entries.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar, get_args

from filelock import FileLock
from pydantic import ValidationError

from harness.data.runs.record_file import adapter
from harness.errors import StoreError

Table = Literal["generations", "verdicts"]


R = TypeVar("R")


def readable(record: type[R], values: Mapping[str, bytes]) -> dict[str, R]:
    """The values as records; those that are none, of a cache that was damaged, are as if they were not there."""
    records: dict[str, R] = {}
    for key, value in values.items():
        with suppress(ValidationError):
            records[key] = adapter(record).validate_json(value)
    return records


class NoCache:
    """Remembers nothing: ``--no-cache``."""

    problems: tuple[str, ...] = ()

    def get(self, table: Table, keys: Sequence[str]) -> dict[str, bytes]:
        return {}

    def put(self, table: Table, values: Mapping[str, bytes]) -> None:
        pass


class SqliteCache:
    """The cache on disk: values as JSON by content key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: tuple[str, ...] = ()
        """Why what was made is not kept, once something could not be."""
        with self._usable():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=60)
            with FileLock(path.with_suffix(".lock")):  # of two that turn a new file to WAL, one is refused at once
                self._set_up()

    def _set_up(self) -> None:
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        for table in get_args(Table):
            self._connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
            )

    def get(self, table: Table, keys: Sequence[str]) -> dict[str, bytes]:
        """The values that are there, by key."""
        values: dict[str, bytes] = {}
        with self._usable():
            for start in range(0, len(keys), 500):  # SQLite takes a bounded number of ? in one statement
                part = list(keys[start : start + 500])
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM {table} WHERE key IN ({marks})"  # noqa: S608  # table is a Literal
                values.update(self._connection.execute(query, part))
        return values

    def put(self, table: Table, values: Mapping[str, bytes]) -> None:
        """Keep values; a process that is killed when this has returned loses none of them.

        An answer is never lost to a cache that cannot be written: ``problems`` says so, and nothing more is put there.
        """
        if self.problems:  # of a file that somebody holds locked, each more would be waited for
            return
        statement = f"INSERT OR REPLACE INTO {table} VALUES (?, ?)"  # noqa: S608  # table is a Literal
        try:
            with self._usable(), self._connection:
                self._connection.executemany(statement, values.items())
        except StoreError as error:
            self.problems = (f"{error}; what was made stands in the run's folder alone",)

    def close(self) -> None:
        self._connection.close()

    def __reduce__(self) -> tuple[type[NoCache], tuple[()]]:
        """Another process gets none: it may be on another node, and SQLite does not bear a file system of several."""
        return NoCache, ()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the cache {self._path} cannot be used: {error}; run with --no-cache, "
                f"set HARNESS_HOME to a folder that can be written, or delete the file"
            ) from None


Cache = SqliteCache | NoCache


def opened(folder: Path) -> closing[SqliteCache]:
    """The cache in a folder, made where there is none; StoreError where it cannot be used."""
    return closing(SqliteCache(folder / "cache.sqlite"))
