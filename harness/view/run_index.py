"""The runs and articles that the app shows, found by listing its folders: a name from a request picks among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from harness import pipeline, stale
from harness.compare.result import Comparison
from harness.data import articles
from harness.data.articles import Folder
from harness.data.runs import results, upkeep
from harness.data.runs.results import RunFolder
from harness.errors import DataError, HarnessError
from harness.files import show
from harness.records import Results, Status
from harness.report.report import Report, report
from harness.stale import Change
from harness.view import live, overview
from harness.view.file_cache import FileCache
from harness.view.live import Follower


class NotThereError(HarnessError):
    """No run or article has the name that was asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenedRun:
    """A run that was read, and its report."""

    folder: RunFolder
    results: Results
    report: Report
    articles: tuple[str, ...]
    """The ids of all its articles, in order."""


@dataclass(frozen=True, slots=True)
class Staleness:
    """What changed since a run was scored."""

    changes: tuple[Change, ...]
    files: tuple[Path, ...]
    """The files that would change it."""

    @classmethod
    def of(cls, run: RunFolder) -> Staleness:
        """Nothing for a run that cannot be scored again, for a reason that its own page tells."""
        try:
            changes, now = stale.looked_at(run)
        except HarnessError:
            return cls((), ())
        folders = {path.parent for path in now.files if path.name == "article.md"}
        return cls(changes, (*now.files, *(file for folder in folders for file in _around(folder))))


class RunIndex:
    """What lies in the two folders now: they are listed anew each time, and a run is read anew once it has changed."""

    def __init__(self, results: Path, references: Sequence[Path]) -> None:
        self.results = results
        self.references = tuple(references)
        self._lines: FileCache[overview.RunRow] = FileCache(most=1000)
        self._stale: FileCache[Staleness] = FileCache(most=1000)
        self.compared: FileCache[Comparison] = FileCache(most=5)
        self._opened: FileCache[OpenedRun] = FileCache(most=3)
        self._articles: FileCache[Folder] = FileCache(most=5000)
        self._followers: dict[Path, Follower] = {}

    def runs(self) -> list[RunFolder]:
        """All runs by name; those that a link leads to from elsewhere are not of this folder."""
        here = self.results.resolve()
        return [run for run in results.runs(self.results) if run.path.resolve().is_relative_to(here)]

    def stale(self, run: RunFolder) -> Staleness:
        """What changed since the run was scored."""
        return self._stale.get(
            run.path.name, partial(Staleness.of, run), lambda staleness: [*records(run), *staleness.files]
        )

    def line(self, run: RunFolder) -> overview.RunRow:
        """The run as the list of runs shows it."""
        return self._lines.get(
            run.path.name, partial(overview.line, run), lambda _: [*records(run), run.path / upkeep.NOTE]
        )

    def lines(self) -> list[overview.RunRow]:
        """All runs by name, as the list of runs shows them."""
        return [self.line(run) for run in self.runs()]

    def run(self, name: str) -> RunFolder:
        """The run of this name; NotThereError where there is none (any more)."""
        return self.named([name])[0]

    def named(self, names: Sequence[str]) -> list[RunFolder]:
        """The runs of these names; NotThereError where one of them is not there (any more)."""
        runs = {run.path.name: run for run in self.runs()}
        for name in names:
            if name not in runs:
                raise NotThereError(
                    f"there is no run {name!r} in {show(self.results)}; it may have been removed or renamed"
                )
        return [runs[name] for name in names]

    def opened(self, name: str) -> OpenedRun:
        """The run as it lies on disk now, with its articles and facts of today."""
        folder = self.run(name)
        state = live.state(folder)
        return self._opened.get((name, state), lambda: _open(folder, state), _files)

    def follower(self, name: str) -> Follower:
        """What reads on in a run that still goes on."""
        run = self.run(name)
        return self._followers.setdefault(run.path, Follower(run))

    def folders(self) -> list[Path]:
        """The folders that articles are in: those that were named, then those that the runs name, each once."""
        folders: dict[Path, Path] = {}
        of_runs = (path for line in self.lines() for path in line.sources if path.is_dir())
        for path in (*self.references, *of_runs):
            folders.setdefault(path.resolve(), path)
        return list(folders.values())

    def articles(self) -> list[Path]:
        """The folders of the articles by name, of equal names the first; none where there is no folder of articles."""
        return sorted(self._by_name()[0].values(), key=lambda path: path.name)

    def left_out(self) -> list[Path]:
        """The folders of articles whose name another one has, and which only that one is found by."""
        return self._by_name()[1]

    def _by_name(self) -> tuple[dict[str, Path], list[Path]]:
        by_name: dict[str, Path] = {}
        others: list[Path] = []
        for folder in self.folders():
            with suppress(DataError):  # no folder, or none of articles
                here = articles.folders(folder)
                others += [path for path in here if path.name in by_name and not path.samefile(by_name[path.name])]
                by_name = {path.name: path for path in here} | by_name
        return by_name, others

    def all_articles(self) -> list[Folder]:
        """Every article with all that is wrong with it, by name."""
        return [self.article_at(path) for path in self.articles()]

    def article(self, name: str) -> Folder:
        """The article of this name with all that is wrong with it; NotThereError where there is none (any more)."""
        path = next((path for path in self.articles() if path.name == name), None)
        if path is None:
            raise NotThereError(
                f"there is no article {name!r} in {', '.join(map(show, self.folders()))}; it may have been removed or "
                f"renamed"
            )
        return self.article_at(path)

    def article_at(self, path: Path) -> Folder:
        """The article in one of the folders of ``articles``."""
        return self._articles.get(path, lambda: articles.read_folder(path), lambda _: _around(path))


def _open(folder: RunFolder, state: Status) -> OpenedRun:
    read = pipeline.read(folder.path)
    read = replace(read, manifest=replace(read.manifest, status=state))  # a run that was killed could not say so
    return OpenedRun(folder, read, report(read), tuple(item.article.id for item in read.items))


def _files(opened: OpenedRun) -> Iterator[Path]:
    """What a run was read from: its own files, and those of its articles."""
    yield from records(opened.folder)
    if opened.results.labels_file:
        yield Path(opened.results.labels_file)
    for path in {Path(item.article.path) for item in opened.results.items if item.article.path}:
        if path.name == "article.md":
            yield from _around(path.parent)
        else:
            yield from (path, path.with_name(f"{path.name}.labels.jsonl"))


def records(run: RunFolder) -> list[Path]:
    """The files of a run that pages are made from."""
    return [run.path / "manifest.json", run.summaries.path, run.checks.path, run.scores.path]


def _around(folder: Path) -> Iterator[Path]:
    """The files of an article's folder, and the folder itself: it changes when a file comes or goes."""
    yield folder
    yield from folder.rglob("*")
