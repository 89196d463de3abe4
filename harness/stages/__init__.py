"""The stages of a run: suggest facts, generate, verify, judge, score. Each reads the records of the previous stage."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from harness.data.cache import Cache
from harness.data.runs.record_file import Record, RecordFile
from harness.records import Stage

R = TypeVar("R", bound=Record)


class RecordStage(Generic[R]):
    """A stage that appends records to a file. Call ``keep``, then ``run``; an interruption loses no record.

    Subclasses implement ``_lines_to_keep`` and ``_work``.
    """

    def __init__(self, file: RecordFile[R], cache: Cache) -> None:
        self._file, self._cache = file, cache
        self._counts = {"made": 0, "cached": 0, "kept": 0}
        self._seconds = 0.0

    def keep(self, fresh: bool = False) -> int:
        """Move records that do not belong to the run, or all if ``fresh``, to ``superseded/``; return their number."""
        self._file.repair()
        return self._file.keep(() if fresh else self._lines_to_keep())

    def run(self) -> None:
        """Make the records that are missing."""
        started = time.monotonic()
        try:
            self._work()
        finally:
            self._file.sync()
            self._seconds = time.monotonic() - started

    def _lines_to_keep(self) -> Iterator[int]:
        """Yield the numbers of the lines that belong to the run."""
        raise NotImplementedError

    def _work(self) -> None:
        raise NotImplementedError

    def _write(self, records: Iterable[R]) -> int:
        """Append records; return their number."""
        written = list(records)
        if written:
            self._file.append(written)
        return len(written)

    def _describe(self, name: str, failed: int, problems: Iterable[str]) -> Stage:
        return Stage(name, failed=failed, seconds=self._seconds, problems=tuple(problems), **self._counts)
