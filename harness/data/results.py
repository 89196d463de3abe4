"""A run on disk: manifest.json and one JSONL file a stage, appended as records are made.

A half-written last line, as a killed process leaves it, is cut off when the run is opened for writing; the record is
made again. Where a record stands twice (a failure, then a later try), the last one counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from harness.errors import Problem, RunFolderError
from harness.files import lines, read_text, show, write_text
from harness.records import Check, Manifest, Score, Summary

FORMAT = 1
"""Version of the files; a reader refuses another one."""

R = TypeVar("R")


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(record: type[R]) -> TypeAdapter[R]:
    """What reads and writes a record as JSON, and checks it."""
    if record not in _ADAPTERS:
        _ADAPTERS[record] = TypeAdapter(record)
    return _ADAPTERS[record]


def to_json(record: Any) -> bytes:
    """A record as one line of JSON, without the line break."""
    return adapter(type(record)).dump_json(record)


class RecordFile(Generic[R]):
    """A JSONL file of one kind of record."""

    def __init__(self, path: Path, record: type[R]) -> None:
        self.path = path
        self._adapter = adapter(record)

    def read(self) -> list[R]:
        """All records in order; an unfinished last line is passed over, any other bad line is an error."""
        if not self.path.exists():
            return []
        rows = list(lines(self.path))
        found = []
        for place, (number, line) in enumerate(rows):
            try:
                found.append(self._adapter.validate_json(line))
            except ValidationError as error:
                if place == len(rows) - 1:
                    break
                message = (
                    f"is not a whole record ({error.errors()[0]['msg']}); delete the line, "
                    f"and the next run makes it again"
                )
                raise RunFolderError.of([Problem(show(self.path), number, "", message)]) from None
        return found

    def append(self, records: Iterable[R]) -> None:
        """Add records at the end; they are with the operating system when this returns."""
        data = b"".join(self._adapter.dump_json(record) + b"\n" for record in records)
        with self.path.open("ab") as file:
            file.write(data)

    def replace(self, records: Iterable[R]) -> None:
        """Put these records in place of all, in one step."""
        text = "".join(self._adapter.dump_json(record).decode() + "\n" for record in records)
        write_text(self.path, text)

    def repair(self) -> None:
        """Cut an unfinished last line off."""
        if self.path.exists():
            data = self.path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            if whole != data:
                os.truncate(self.path, len(whole))


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.summaries = RecordFile(path / "summaries.jsonl", Summary)
        self.checks = RecordFile(path / "verdicts.jsonl", Check)
        self.scores = RecordFile(path / "scores.jsonl", Score)

    @property
    def manifest(self) -> Manifest:
        """The manifest; RunFolderError where this is no run, or a run of a newer harness."""
        path = self.path / "manifest.json"
        if not path.is_file():
            raise RunFolderError(f"{show(self.path)} is not a run: it has no manifest.json{_runs_nearby(self.path)}")
        try:
            data = json.loads(read_text(path))
            if isinstance(data, dict):
                given = data.get("format")
                _check_format(given if isinstance(given, int) else 0, path)
            return adapter(Manifest).validate_python(data)
        except (ValueError, ValidationError) as error:
            raise RunFolderError(
                f"{show(path)} cannot be read: {error}; run the config again to make it anew"
            ) from None

    @property
    def is_complete(self) -> bool:
        """Whether a run has ended here."""
        return (self.path / "manifest.json").is_file() and self.manifest.status == "complete"

    def write_manifest(self, manifest: Manifest) -> None:
        write_text(self.path / "manifest.json", adapter(Manifest).dump_json(manifest, indent=2).decode() + "\n")

    def set_aside(self, file: RecordFile[R], keep: Callable[[R], bool]) -> list[R]:
        """The records that ``keep`` says belong to the plan; the others move to ``superseded/``, where none is lost."""
        file.repair()
        records = file.read()
        kept = [record for record in records if keep(record)]
        if len(kept) < len(records):
            folder = self.path / "superseded"
            folder.mkdir(exist_ok=True)
            RecordFile(folder / file.path.name, type(records[0])).append(
                record for record in records if not keep(record)
            )
            file.replace(kept)
        return kept


@contextmanager
def locked(path: Path) -> Iterator[RunFolder]:
    """A run's folder for writing, made where there is none; RunFolderError where another run writes it or it is
    read-only. The lock goes with the process, however that ends."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise RunFolderError(
            f"{show(path)} is being written by another run; wait for it, or choose another folder with -o"
        ) from None
    except OSError as error:
        raise RunFolderError(
            f"{show(path)} cannot be written ({error.strerror}); choose another folder with -o"
        ) from None
    with lock:
        yield RunFolder(path)


def runs(folder: Path) -> list[RunFolder]:
    """The runs in a folder, by name."""
    return [RunFolder(path.parent) for path in sorted(folder.glob("*/manifest.json"))]


def interrupted(manifest: Manifest, folder: Path) -> bool:
    """Whether a run that says it is running has in truth been killed: nobody holds its lock."""
    if manifest.status != "running":
        return manifest.status == "interrupted"
    try:
        with FileLock(folder / ".lock", timeout=0):
            return True
    except (Timeout, OSError):
        return False


def last(records: Sequence[R], identity: Callable[[R], object]) -> list[R]:
    """One record for each identity, the last that was written, at the place of the first."""
    return list({identity(record): record for record in records}.values())


def _check_format(found: int, path: Path) -> None:
    if found > FORMAT:
        raise RunFolderError(
            f"{show(path)} has format {found} and this harness reads up to {FORMAT}; "
            f"update harness, or run the config again"
        )
    if found < FORMAT:
        raise RunFolderError(
            f"{show(path)} is of an older format ({found or 'none is given'}; this harness reads {FORMAT}); "
            f"run the config again to make it anew"
        )


def _runs_nearby(path: Path) -> str:
    names = [run.path.name for run in runs(path)] or [run.path.name for run in runs(path.parent)]
    return f" (runs there: {', '.join(names)})" if names else ""
