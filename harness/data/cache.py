"""A cache of computed answers: one SQLite file in the user's cache folder, shared by all runs and processes.

A key is a hash of everything that the answer depends on (text, prompt, model with its revision, options, code), so an
answer never goes stale and two models never share one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from pydantic import ValidationError

from harness.data.runs.record_file import adapter
from harness.errors import StoreError
from harness.files import LOCK_SECONDS, open_to_append
from harness.records import Generation, Judgement, Verdict

_TABLES: dict[type, str] = {Generation: "generations", Verdict: "verdicts", Judgement: "judgements"}

R = TypeVar("R")


def open_cache(folder: Path | None) -> AbstractContextManager[Cache]:
    """Open or create the cache in a folder; raise StoreError if it cannot be used. Without a folder, store nothing."""
    return nullcontext(NoCache()) if folder is None else closing(SqliteCache(folder / "cache.sqlite"))


class NoCache:
    """A cache that stores nothing, for ``--no-cache``."""

    problems: tuple[str, ...] = ()

    def get(self, record: type[R], keys: Sequence[str]) -> dict[str, R]:
        return {}

    def put(self, record: type[R], answers: Mapping[str, R]) -> None:
        pass


class SqliteCache:
    """The cache on disk: key → JSON. Only its owner can read the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: tuple[str, ...] = ()
        """Why caching stopped; empty while it works."""
        with self._report_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            # Without the lock, one of two processes that switch a new file to WAL would fail.
            with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS, mode=0o600):
                with open_to_append(path):
                    path.chmod(0o600)
                self._connection = sqlite3.connect(path, timeout=60)
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=NORMAL")
                for table in _TABLES.values():
                    self._connection.execute(
                        f"CREATE TABLE IF NOT EXISTS {table} (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
                    )

    def get(self, record: type[R], keys: Sequence[str]) -> dict[str, R]:
        """Return key → record of this class, without damaged records."""
        answers: dict[str, R] = {}
        with self._report_errors():
            for start in range(0, len(keys), 500):  # SQLite limits the number of ? in a statement
                part = list(keys[start : start + 500])
                marks = ",".join("?" * len(part))
                query = f"SELECT key, value FROM {_TABLES[record]} WHERE key IN ({marks})"  # noqa: S608  # a constant
                for key, value in self._connection.execute(query, part):
                    with suppress(ValidationError):
                        answers[key] = adapter(record).validate_json(value)
        return answers

    def put(self, record: type[R], answers: Mapping[str, R]) -> None:
        """Store records of this class. If that fails, ``problems`` says why, and later calls store nothing."""
        if self.problems:  # every further attempt might wait for a locked file
            return
        statement = f"INSERT OR REPLACE INTO {_TABLES[record]} VALUES (?, ?)"  # noqa: S608  # a constant
        values = [(key, adapter(record).dump_json(answer)) for key, answer in answers.items()]
        try:
            with self._report_errors(), self._connection:
                self._connection.executemany(statement, values)
        except StoreError as error:
            self.problems = (f"{error}; answers are kept in the run's folder only",)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _report_errors(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise StoreError(
                f"another process has locked the cache for {LOCK_SECONDS:.0f} s; end it, or delete "
                f"{self._path.with_suffix('.lock')} (harness run also works with --no-cache)"
            ) from None
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"the cache {self._path} cannot be used: {error}; set HARNESS_HOME to a folder that can be written, or "
                f"delete the file (harness run also works with --no-cache)"
            ) from None


Cache = SqliteCache | NoCache
