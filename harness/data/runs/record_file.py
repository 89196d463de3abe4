"""A JSONL file of one kind of record, appended as records are made; its lines are found again by their article.

In memory there are 16 bytes a line and the ids of the articles, so a file may hold more than fits there.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from harness.errors import RunFolderError
from harness.files import replacing, show
from harness.records import FileState
from harness.spool import Groups


class Record(Protocol):
    """A record that stands on a line."""

    @property
    def article_id(self) -> str: ...


R = TypeVar("R", bound=Record)
A = TypeVar("A")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(record: type[A]) -> TypeAdapter[A]:
    """What reads and writes a record as JSON, and checks it."""
    if record not in _ADAPTERS:
        _ADAPTERS[record] = TypeAdapter(record)
    return _ADAPTERS[record]


def to_json(record: Any) -> bytes:
    """A record as one line of JSON, without the line break."""
    return adapter(type(record)).dump_json(record)


@dataclass(frozen=True, slots=True)
class _About:
    """The part of a record that its line is found again by."""

    article_id: str


class Lines:
    """Where the lines of each article begin, in the order in which they were written."""

    def __init__(self, inode: int = 0) -> None:
        self.inode = inode
        """That of the file that was read; one that is put in its place has another."""
        self.articles = Groups()
        self.starts = array("q")
        """The first byte of each line."""

    def add(self, article: str, start: int) -> None:
        """A line of an article, from this byte on."""
        self.articles.add(article)
        self.starts.append(start)

    def __len__(self) -> int:
        return len(self.starts)


class RecordFile(Collection[R], Generic[R]):
    """A JSONL file of one kind of record. An unfinished last line is passed over, any other bad line is an error.

    ``identity``: of the records with one identity the last one counts, a later try after a failure, say.
    """

    def __init__(self, path: Path, record: type[R], identity: Callable[[R], object] | None = None) -> None:
        self.path = path
        self.record, self._adapter, self._identity = record, adapter(record), identity
        self._lines: Lines | None = None

    def read(self) -> list[R]:
        """All records in order, including those that a later one replaces."""
        records = (self._record_on(line, last) for _, line, last in _content_lines(self.path))
        return [record for record in records if record is not None]

    def of(self, articles: Iterable[str]) -> list[R]:
        """The records of these articles, in the order in which they were written, the last of each identity."""
        records = (record for _, record in self.numbered(articles))
        if self._identity is None:
            return list(records)
        return list({self._identity(record): record for record in records}.values())

    def numbered(self, articles: Iterable[str]) -> list[tuple[int, R]]:
        """Every record of these articles with the number of its line, as the file is now: it may have been replaced."""
        articles, lines = list(articles), self.lines
        numbers = sorted(number for article in articles for number in lines.articles.of(article))
        records: list[tuple[int, R]] = []
        if numbers:
            with _readable(self.path), self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_ino != lines.inode:
                    self._lines = None
                    return self.numbered(articles)
                for number in numbers:
                    file.seek(lines.starts[number])
                    if (record := self._record_on(file.readline(), number == len(lines) - 1)) is not None:
                        records.append((number, record))
        return records

    def __iter__(self) -> Iterator[R]:
        """The records article by article, the last of each identity."""
        for article in list(self.lines.articles):
            yield from self.of([article])

    def __len__(self) -> int:
        """How many lines there are, those too that a later one replaces."""
        return len(self.lines)

    def __contains__(self, record: object) -> bool:
        return isinstance(record, self.record) and record in self.of([record.article_id])

    @property
    def lines(self) -> Lines:
        """Where the lines are; the file is read through when this is first asked for."""
        if self._lines is None:
            lines, about = Lines(self.path.stat().st_ino if self.path.exists() else 0), adapter(_About)
            for start, line, last in _content_lines(self.path):
                try:
                    lines.add(about.validate_json(line).article_id, start)
                except ValidationError as error:
                    self._refuse(line, last, error)
            self._lines = lines
        return self._lines

    @property
    def begins_with_record(self) -> bool:
        """Whether the first line that is not blank is a whole record; False where there is none."""
        first = next(_content_lines(self.path), None)
        return first is not None and self._record_on(first[1], last=True) is not None

    def append(self, records: Iterable[R]) -> None:
        """Add records at the end; they are with the operating system when this returns.

        RunFolderError where they cannot be written: the disk is full, say.
        """
        rows = [(record.article_id, self._adapter.dump_json(record) + b"\n") for record in records]
        with writable(self.path), self.path.open("ab") as file:
            start = file.tell()
            file.write(b"".join([row for _, row in rows]))
        if self._lines is not None:
            for article, row in rows:
                self._lines.add(article, start)
                start += len(row)

    def sync(self) -> None:
        """Bring what was appended down to the disk: no loss of power takes it then."""
        if self.path.exists():
            with writable(self.path), self.path.open("rb") as file:
                os.fsync(file.fileno())

    @contextmanager
    def rewriting(self) -> Iterator[Callable[[Iterable[R]], None]]:
        """Put records in place of all: they are written as they are given, and stand there once all of them are."""
        with writable(self.path), replacing(self.path) as file:
            yield lambda records: file.writelines(self._adapter.dump_json(record) + b"\n" for record in records)
        self._lines = None

    def keep(self, numbers: Iterable[int]) -> int:
        """Leave the lines with these numbers; the others move to ``superseded/`` beside the file: none is lost.

        How many moved.
        """
        kept = bytearray(len(self.lines))
        for number in numbers:
            kept[number] = 1
        if all(kept):
            return 0
        aside = self.path.parent / "superseded" / self.path.name
        with writable(aside):
            aside.parent.mkdir(exist_ok=True)
        with writable(self.path), replacing(self.path) as left, aside.open("ab") as moved:
            for number, (_, line, _) in enumerate(_content_lines(self.path)):
                (left if kept[number] else moved).write(line)
            os.fsync(moved.fileno())
        self._lines = None
        return kept.count(0)

    def repair(self) -> None:
        """End a last line that has no line break, and cut it off where it was not finished: that record is made again.

        An editor may have put a line break, and blank lines, behind a line that was never finished.
        """
        if not self.path.exists() or not self.path.stat().st_size:
            return
        with self.path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            start, line = _last_line(data)
        is_whole = _article_of(line) is not None
        if not line or (is_whole and line.endswith(b"\n")):
            return
        with writable(self.path), self.path.open("r+b") as opened:
            if is_whole:
                opened.seek(0, os.SEEK_END)
                opened.write(b"\n")
            else:
                opened.truncate(start)
        self._lines = None

    def _record_on(self, line: bytes, last: bool) -> R | None:
        """The record on a line; None where the last line is no whole record. Any other such line is an error."""
        try:
            return self._adapter.validate_json(line)
        except ValidationError as error:
            self._refuse(line, last, error)
            return None

    def _refuse(self, line: bytes, last: bool, error: ValidationError) -> None:
        """RunFolderError for a line that is no record, unless it is the last one."""
        if last:
            return
        with self.path.open("rb") as file:
            number = next((number for number, other in enumerate(file, start=1) if other == line), None)
        if number is None:
            raise RunFolderError(f"{show(self.path)} was written anew while it was read; read it again") from None
        message = (
            f"is not a whole record ({error.errors()[0]['msg']}); delete the line, and the next run makes it again"
        )
        raise RunFolderError.at(show(self.path), message, number) from None


def _article_of(line: bytes) -> str | None:
    """The article that a line is about; None where it was not finished."""
    try:
        return adapter(_About).validate_json(line).article_id
    except ValidationError:
        return None


def _last_line(data: mmap) -> tuple[int, bytes]:
    """(first byte, line with all that is behind it) of the last line that is not blank; an empty one where none is."""
    end = len(data)
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        if data[start:end].strip():
            return start, data[start:]
        end = start
    return 0, b""


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """RunFolderError where the system does not let a file of a run be written."""
    try:
        yield
    except OSError as error:
        message = (
            f"cannot be written ({error.strerror}); what was made before is kept: free some space, or see to the "
            f"folder's rights, and run the same command again"
        )
        raise RunFolderError.at(show(path), message) from None


def file_state(path: Path) -> FileState:
    """The lines of a file, and its SHA-256."""
    lines, digest = 0, hashlib.sha256()
    with _readable(path), path.open("rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
            digest.update(block)
    return FileState(lines, digest.hexdigest())


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(1-based number, line) of each line that is not blank; none where there is no file."""
    if path.exists():
        with _readable(path), path.open("rb") as file:
            yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """RunFolderError where the system does not let a file of a run be read."""
    try:
        yield
    except OSError as error:
        message = f"cannot be read ({error.strerror}); see to its rights, or put the file there again"
        raise RunFolderError.at(show(path), message) from None


def _content_lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """(first byte, line, whether it is the last) of each line that is not blank; none where there is no file."""
    if not path.exists():
        return
    previous: tuple[int, bytes] | None = None
    start = 0
    with _readable(path), path.open("rb") as file:
        for line in file:
            if line.strip():
                if previous:
                    yield *previous, False
                previous = start, line
            start += len(line)
    if previous:
        yield *previous, True
