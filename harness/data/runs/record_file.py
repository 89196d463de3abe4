"""A JSONL file of one kind of record: appended as records are made, and read article by article.

Memory holds 16 bytes a line and the ids of the articles, so a file may be larger than memory.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError, with_config

from harness.errors import RunFolderError, explain_invalid
from harness.files import open_to_append, replace_file, show
from harness.records import FileState


class Record(Protocol):
    @property
    def article_id(self) -> str: ...


R = TypeVar("R", bound=Record)
A = TypeVar("A")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(record: type[A]) -> TypeAdapter[A]:
    """Return the adapter that reads, checks and writes a record as JSON."""
    if record not in _ADAPTERS:
        _ADAPTERS[record] = TypeAdapter(with_config(allow_inf_nan=False)(record))
    return _ADAPTERS[record]


@dataclass(frozen=True, slots=True)
class _ArticleOnly:
    article_id: str


@dataclass(slots=True)
class _Index:
    """The places of each article's lines in a file."""

    inode: int = 0
    """The inode of the file that was read; a file that replaced it has another inode."""
    starts: array[int] = field(default_factory=lambda: array("q"))
    """First byte of each line."""
    numbers: dict[str, array[int]] = field(default_factory=dict)
    """Article → the numbers of its lines, from 0."""

    def add(self, article: str, start: int) -> None:
        self.numbers.setdefault(article, array("q")).append(len(self.starts))
        self.starts.append(start)


class RecordFile(Collection[R], Generic[R]):
    """A JSONL file of one kind of record. An unfinished last line is skipped; any other bad line is an error.

    If several records have the same ``identity``, e.g. a failure and a retry, the last one counts.
    """

    def __init__(self, path: Path, record: type[R], identity: Callable[[R], object]) -> None:
        self.path, self.record, self._identity = path, record, identity
        self._read_index: _Index | None = None

    def read_articles(self, articles: Iterable[str]) -> list[R]:
        """Read the last record of each identity for these articles, in the order of the file."""
        return list({self._identity(record): record for _, record in self.read_numbered(articles)}.values())

    def read_numbered(self, articles: Iterable[str]) -> list[tuple[int, R]]:
        """Read (line number from 0, record) for every record of these articles."""
        articles, index = list(articles), self._index
        numbers = sorted(number for article in articles for number in index.numbers.get(article, ()))
        records: list[tuple[int, R]] = []
        if numbers:
            with report_errors(self.path, "read"), self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_ino != index.inode:  # another process replaced it
                    self._read_index = None
                    return self.read_numbered(articles)
                for number in numbers:
                    file.seek(index.starts[number])
                    if (record := self._parse(file.readline(), number == len(index.starts) - 1)) is not None:
                        records.append((number, record))
        return records

    def __iter__(self) -> Iterator[R]:
        """Yield the last record of each identity, article by article."""
        for article in list(self._index.numbers):
            yield from self.read_articles([article])

    def __len__(self) -> int:
        """Count the lines, including records that a later record replaces."""
        return len(self._index.starts)

    def __contains__(self, record: object) -> bool:
        return isinstance(record, self.record) and record in self.read_articles([record.article_id])

    @property
    def begins_with_record(self) -> bool:
        """True if the first line that is not blank is a whole record."""
        first = next(_iter_lines(self.path), None)
        return first is not None and self._parse(first[1].rstrip(b"\n"), last=True) is not None

    def append(self, records: Iterable[R]) -> None:
        """Add records at the end. Once this returns, they survive even if the process is killed."""
        rows = [(record.article_id, adapter(self.record).dump_json(record) + b"\n") for record in records]
        index, self._read_index = self._read_index, None  # Ctrl-C may come after the write
        with report_errors(self.path, "written"), open_to_append(self.path) as file:
            start = file.seek(0, os.SEEK_END)
            file.write(b"".join([row for _, row in rows]))
        if index is not None:
            for article, row in rows:
                index.add(article, start)
                start += len(row)
        self._read_index = index

    def state(self) -> FileState:
        """Return the number of lines, and the SHA-256 of the file."""
        lines, digest = 0, hashlib.sha256()
        with report_errors(self.path, "read"), self.path.open("rb") as file:
            while block := file.read(1 << 20):
                lines += block.count(b"\n")
                digest.update(block)
        return FileState(lines, digest.hexdigest())

    def sync(self) -> None:
        """Write the file's data to the disk, so that a power failure loses none of it."""
        if self.path.exists():
            with report_errors(self.path, "written"), self.path.open("rb") as file:
                os.fsync(file.fileno())

    @contextmanager
    def rewrite(self) -> Iterator[Callable[[Iterable[R]], None]]:
        """Yield a function that writes new records. They replace the old ones once all are written."""
        with report_errors(self.path, "written"), replace_file(self.path) as file:
            yield lambda records: file.writelines(adapter(self.record).dump_json(record) + b"\n" for record in records)
        self._read_index = None

    def keep(self, numbers: Iterable[int]) -> int:
        """Keep the lines with these numbers, and move the others to ``superseded/``; return how many moved.

        If a process is killed while it moves lines, the next one may move them again.
        """
        kept = bytearray(len(self))
        for number in numbers:
            kept[number] = 1
        if all(kept):
            return 0
        aside = RecordFile(self.path.parent / "superseded" / self.path.name, self.record, self._identity)
        with report_errors(aside.path, "written"):
            aside.path.parent.mkdir(exist_ok=True)
        aside.repair()
        with report_errors(self.path, "written"), replace_file(self.path) as left, open_to_append(aside.path) as moved:
            for number, (_, line, _) in enumerate(_iter_lines(self.path)):
                (left if kept[number] else moved).write(line)
            moved.flush()
            os.fsync(moved.fileno())
        self._read_index = None
        return kept.count(0)

    def repair(self) -> None:
        """Remove the last line if it is unfinished, or add its missing line break. Blank lines may follow it."""
        last = deque(_iter_lines(self.path), maxlen=1)
        if not last:
            return
        start, line, _ = last[0]
        try:
            is_whole = bool(adapter(_ArticleOnly).validate_json(line))  # any kind of record counts
        except ValidationError:
            is_whole = False
        if is_whole and line.endswith(b"\n"):
            return
        with report_errors(self.path, "written"), self.path.open("r+b") as file:
            if is_whole:
                file.seek(0, os.SEEK_END)
                file.write(b"\n")
            else:
                file.truncate(start)
        self._read_index = None

    @property
    def _index(self) -> _Index:
        if self._read_index is None:
            index, article_of = _Index(self.path.stat().st_ino if self.path.exists() else 0), adapter(_ArticleOnly)
            for start, line, last in _iter_lines(self.path):
                try:
                    index.add(article_of.validate_json(line).article_id, start)
                except ValidationError as error:
                    self._refuse(line, last, error)
            self._read_index = index
        return self._read_index

    def _parse(self, line: bytes, last: bool) -> R | None:
        """Parse a line; return None for an unfinished last line, even if an editor ended it with a line break."""
        try:
            return adapter(self.record).validate_json(line)
        except ValidationError as error:
            self._refuse(line, last, error)
            return None

    def _refuse(self, line: bytes, last: bool, error: ValidationError) -> None:
        """Raise RunFolderError, unless the line is an unfinished last line."""
        if last and (not line.endswith(b"\n") or "EOF while parsing" in str(error)):
            return
        with report_errors(self.path, "read"), self.path.open("rb") as file:
            number = next((number for number, each in enumerate(file, start=1) if each == line), None)
        remedy = "delete the line, and the next run makes the record again"
        message = f"is not a valid record ({explain_invalid(error)}); {remedy}"
        raise RunFolderError.at(show(self.path), message, number) from None


@contextmanager
def report_errors(path: Path, what: Literal["read", "written"]) -> Iterator[None]:
    """Turn a system error into RunFolderError: the file of a run cannot be read or written."""
    try:
        yield
    except OSError as error:
        remedy = "fix its permissions, or restore the file"
        if what == "written":
            remedy = "the records so far are kept: free some space or fix permissions, and run the same command again"
        raise RunFolderError.at(show(path), f"cannot be {what} ({error.strerror}); {remedy}") from None


def _iter_lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """Yield (first byte, line, True if it is the last) for each non-blank line, or nothing if there is no file."""
    if not path.exists():
        return
    previous: tuple[int, bytes] | None = None
    start = 0
    with report_errors(path, "read"), path.open("rb") as file:
        for line in file:
            if line.strip():
                if previous:
                    yield *previous, False
                previous = start, line
            start += len(line)
    if previous:
        yield *previous, True
