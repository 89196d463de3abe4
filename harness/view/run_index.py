"""Find runs and articles by listing folders, so that a name in a request cannot lead to any other path."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Generic, TypeVar

from harness import pipeline, stale
from harness.config.trust import may_read
from harness.data import articles
from harness.data.articles import Folder
from harness.data.runs import results
from harness.data.runs.results import RunFolder
from harness.errors import DataError, HarnessError
from harness.files import show
from harness.records import Manifest, Status
from harness.report.report import Report, build_report
from harness.seams import expand_home

T = TypeVar("T")

_FRESH = 1_000_000_000
"""Nanoseconds. If a file changed this recently, do not cache: its next change could have the same time stamp."""


class NotFoundError(HarnessError):
    """No run, article or label has the requested name."""


class FileCache(Generic[T]):
    """Keeps the latest ``size`` values by key. A value is valid until one of the files that it was made from changes.

    One thread makes a value; other threads wait.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Hashable, tuple[T, dict[Path, tuple[int, ...] | None]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[T, Iterable[Path]]]) -> T:
        """Return the cached value, or make a new one. ``make`` returns a value and the files that it was made from."""
        with self._lock:
            if entry := self._entries.pop(key, None):
                value, stamps = entry
                if all(_get_stamp(path) == stamp for path, stamp in stamps.items()):
                    self._entries[key] = entry  # at the end, as the latest
                    return value
            begun = time.time_ns()
            value, files = make()
            stamps = {path: _get_stamp(path) for path in files}
            if all(stamp is None or stamp[0] < begun - _FRESH for stamp in stamps.values()):
                self._entries[key] = value, stamps
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return value


def _get_stamp(path: Path) -> tuple[int, ...] | None:
    """Return a stamp that changes with the file, or None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class RunIndex:
    """The runs of a folder and the articles of several folders. Only the contents of files are cached."""

    def __init__(self, results: Path, references: Sequence[Path]) -> None:
        """``references``: folders of articles, besides the folders that the runs name."""
        self.results = results
        self.references = references
        self._manifests: FileCache[Manifest] = FileCache(1000)
        self._changes: FileCache[tuple[str, ...]] = FileCache(1000)
        self._reports: FileCache[Report] = FileCache(3)
        self._articles: FileCache[Folder] = FileCache(5000)

    def list_runs(self) -> list[RunFolder]:
        """List the runs by name, except symbolic links that lead out of the folder."""
        here = self.results.resolve()
        return [run for run in results.list_runs(self.results) if run.path.resolve().is_relative_to(here)]

    def find_run(self, name: str) -> RunFolder:
        return self.find_runs([name])[0]

    def find_runs(self, names: Sequence[str]) -> list[RunFolder]:
        """Return the runs with these names; raise NotFoundError if one does not exist."""
        runs = {run.path.name: run for run in self.list_runs()}
        for name in names:
            if name not in runs:
                raise NotFoundError(f"there is no run {name!r} in {show(self.results)}; was it removed or renamed?")
        return [runs[name] for name in names]

    def find_runs_with(self, article: str) -> list[RunFolder]:
        """Find the runs that have an article of this name."""
        found = []
        for run in self.list_runs():
            with suppress(HarnessError):  # the manifest cannot be read
                if article in self.read_manifest(run).articles:
                    found.append(run)
        return found

    def read_manifest(self, run: RunFolder) -> Manifest:
        return self._manifests.get(run.path.name, lambda: (run.manifest, [run.path / "manifest.json"]))

    def list_changes(self, run: RunFolder) -> tuple[str, ...]:
        """List the changes since the run was scored, or none if it cannot be rescored or is being scored."""
        with suppress(HarnessError):  # an error is not cached, because the files that it depends on are unknown
            if results.is_being_written(self.read_manifest(run), run.path):
                return ()
            return self._changes.get(run.path.name, partial(_find_changes, run))
        return ()

    def read_report(self, name: str) -> Report:
        """Report the run as it is on disk, with the current articles and facts."""
        folder = self.find_run(name)
        status = results.find_status(folder.manifest, folder.path)
        return self._reports.get((name, status), partial(_make_report, folder, status))

    def list_folders(self) -> list[Path]:
        """List the folders with articles: those given at start-up, then those of runs, if harness may read them."""
        folders = {path.resolve(): path for path in self.references}
        for run in self.list_runs():
            with suppress(HarnessError):  # the manifest cannot be read
                sources: Any = self.read_manifest(run).config.get("articles", [])
                for path in (run.path / expand_home(each) for each in sources if isinstance(each, str)):
                    if may_read(path, run.path) and path.is_dir():
                        folders.setdefault(path.resolve(), path.resolve())
        return list(folders.values())

    def list_articles(self) -> list[Path]:
        """List the folders of all articles, sorted by name. If two articles share a name, list only the first."""
        by_name: dict[str, Path] = {}
        for folder in self.list_folders():
            with suppress(DataError):  # the folder does not exist or has no article
                by_name = {path.name: path for path in articles.list_folders(folder)} | by_name
        return sorted(by_name.values(), key=lambda path: path.name)

    def read_articles(self) -> list[Folder]:
        return list(map(self.read_article, self.list_articles()))

    def find_article(self, name: str) -> Folder:
        """Read the article with this name; raise NotFoundError if it does not exist."""
        path = next((path for path in self.list_articles() if path.name == name), None)
        if path is None:
            folders = ", ".join(map(show, self.list_folders()))
            raise NotFoundError(f"there is no article {name!r} in {folders}; was it removed or renamed?")
        return self.read_article(path)

    def read_article(self, path: Path) -> Folder:
        """Read the article in a folder that ``list_articles`` lists."""
        return self._articles.get(path, lambda: (articles.read_folder(path), _list_article_files(path)))


def list_record_files(run: RunFolder) -> list[Path]:
    return [run.path / "manifest.json", *(record.path for record in run.records)]


def _find_changes(run: RunFolder) -> tuple[tuple[str, ...], Iterable[Path]]:
    """Return the changes since the run was scored, and the files that they depend on."""
    changes, files = stale.find_changes(run)
    return changes, _list_run_files(run, files)


def _make_report(run: RunFolder, status: Status) -> tuple[Report, Iterable[Path]]:
    """Return the report, and the files that it was made from."""
    read = pipeline.read(run.path)
    files = stale.list_files(read.items, Path(read.labels_file) if read.labels_file else None)
    return build_report(replace(read, manifest=replace(read.manifest, status=status))), _list_run_files(run, files)


def _list_run_files(run: RunFolder, files: Collection[Path]) -> Iterable[Path]:
    """List the records of a run, the ``files`` of its articles and labels, and all files in the articles' folders."""
    folders = {path.parent for path in files if path.name == "article.md"}
    return chain(list_record_files(run), files, *map(_list_article_files, folders))


def _list_article_files(folder: Path) -> Iterator[Path]:
    """Yield an article's files, and the folder, whose time stamp changes if a file is added or removed."""
    yield folder
    yield from folder.rglob("*")
