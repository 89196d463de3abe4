"""A run that still goes on: how far it is, and its summaries and verdicts as they come."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from harness.data.runs import results
from harness.data.runs.record_file import adapter
from harness.data.runs.results import RunFolder
from harness.document import format as fmt
from harness.errors import RunFolderError
from harness.files import show
from harness.records import Check, Label, Manifest, Place, Status, Summary

SHOWN = 50
"""Summaries that are shown."""
EXCERPT = 200
"""Characters of each."""

R = TypeVar("R", bound=Summary | Check)


def state(run: RunFolder) -> Status:
    """What became of the run, a killed one too."""
    manifest = run.manifest
    return "interrupted" if results.interrupted(manifest, run.path) else manifest.status


@dataclass
class Row:
    """A summary, and what its verdicts are so far."""

    place: Place
    text: str
    """Its first words; why there is none where there is none."""
    made: bool
    facts: Counter[Label] = field(default_factory=Counter)
    claims: Counter[Label] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. A cell is one system and one article."""

    cells: int
    summarised: int
    verified: int
    rows: tuple[Row, ...]
    """Those that changed last first, at most ``SHOWN``."""


class Follower:
    """Reads on where it stopped, so that each look at a run costs only what is new."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._summaries = _Tail(self._run.summaries.path, Summary)
        self._checks = _Tail(self._run.checks.path, Check)
        self._rows: dict[Place, Row] = {}
        self._summarised: set[tuple[str, str]] = set()
        self._verified: set[tuple[str, str]] = set()

    def look(self, manifest: Manifest) -> Progress:
        """The run as it is now; RunFolderError, with file and line, where a record cannot be read."""
        with self._lock:
            if self._summaries.written_anew or self._checks.written_anew:
                self._begin()
            for summary in self._summaries.more():
                self._summarised.add((summary.system, summary.article_id))
                self._touch(_row(summary))
            for check in self._checks.more():
                self._verified.add((check.system, check.article_id))
                if row := self._rows.get(check.place):
                    (row.facts if check.use == "coverage" else row.claims)[check.verdict.label] += 1
                    self._touch(row)
            return Progress(
                cells=len(manifest.systems) * len(manifest.articles),
                summarised=len(self._summarised),
                verified=len(self._verified),
                rows=tuple(islice(reversed(self._rows.values()), SHOWN)),
            )

    def _touch(self, row: Row) -> None:
        """Move the row to the end."""
        self._rows.pop(row.place, None)
        self._rows[row.place] = row


def _row(summary: Summary) -> Row:
    if summary.text is None:
        return Row(summary.place, summary.reason or "", made=False)
    return Row(summary.place, fmt.opening(summary.text, EXCERPT), made=True)


class _Tail(Generic[R]):
    """The records that were added to a file since the last look."""

    def __init__(self, path: Path, record: type[R]) -> None:
        self._path = path
        self._adapter = adapter(record)
        self._inode: int | None = None
        self._at = 0
        self._line = 1

    @property
    def written_anew(self) -> bool:
        """Whether it is another file than at the first look, or a shorter one."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return self._at > 0
        if self._inode is None:
            self._inode = status.st_ino
        return status.st_ino != self._inode or status.st_size < self._at

    def more(self) -> Iterator[R]:
        """The whole lines after the last one that was read."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return
        for line in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
            if line.strip():
                yield self._record(line)
            self._at += len(line)
            self._line += 1

    def _record(self, line: bytes) -> R:
        try:
            return self._adapter.validate_json(line)
        except ValueError:
            message = "is not a whole record; delete the line, and the next run makes it again"
            raise RunFolderError.at(show(self._path), message, self._line) from None
