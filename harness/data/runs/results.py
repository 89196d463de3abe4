"""A run on disk: manifest.json and one JSONL file a stage, appended as records are made.

A half-written last line, as a killed process leaves it, is cut off when the run is opened for writing; the record is
made again. Where a record stands twice (a failure, then a later try), the last one counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from harness.data.runs import hashes
from harness.data.runs.record_file import RecordFile, adapter, file_state, writable
from harness.data.yaml import format_key
from harness.errors import HarnessError, RunFolderError
from harness.files import read_text, show, write_text
from harness.records import Check, FileState, Manifest, Score, Summary
from harness.seams import expanded

FORMAT = 1
"""Version of the files; a reader refuses another one."""
_LOCK_SECONDS = 1.0
"""Seconds that a run waits for its folder: who asks whether a run was killed holds the lock for a moment."""

_CLOSING = ("manifest.json", "report.md", "report.html")
"""The files of a run that hold no records."""
_INPUTS = ("article.md", "facts.yaml", "references", "*/article.md", "*.yaml", "*.yml")
"""Articles with what belongs to them, and configs: a run is made from them and does not lie among them."""
_SHOWN = 3
"""Files that a refusal names."""

R = TypeVar("R")


class NewerFormatError(RunFolderError):
    """A run that a newer harness made."""


class _FollowedConfig(BaseModel):
    """The parts of a manifest's config that commands read without checking them further."""

    articles: list[Any] = []
    scorers: list[Any] = []
    labels: str | None = None
    limit: int | None = None
    name: str = ""


class RunFolder:
    """The files of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.summaries = RecordFile(path / "summaries.jsonl", Summary, lambda summary: summary.place)
        self.checks = RecordFile(path / "verdicts.jsonl", Check, lambda check: check.identity)
        self.scores = RecordFile(path / "scores.jsonl", Score)

    @property
    def manifest(self) -> Manifest:
        """The manifest; RunFolderError where this is no run, or a run of a newer harness."""
        path = self.path / "manifest.json"
        _refuse_escapes(self.path)
        if not path.is_file():
            raise RunFolderError(f"{show(self.path)} is not a run: it has no manifest.json{_runs_nearby(self.path)}")
        try:
            data = json.loads(read_text(path))
            if isinstance(data, dict):
                _check_format(data.get("format"), path)
            manifest = adapter(Manifest).validate_python(data)
            _FollowedConfig.model_validate(manifest.config, strict=True)
        except (ValueError, RecursionError) as error:
            raise RunFolderError(
                f"{show(path)} cannot be read: {_first_fault(error)}; run the config again to make it anew"
            ) from None
        if not manifest.hashes:
            return manifest
        return replace(manifest, **hashes.read(self.path, manifest.hashes)._asdict())

    @property
    def complete_manifest(self) -> Manifest | None:
        """The manifest of a run that has ended here; None where none has, or where it cannot be read.

        NewerFormatError where a newer harness made the run.
        """
        try:
            manifest = self.manifest
        except NewerFormatError:
            raise
        except HarnessError:
            return None
        return manifest if manifest.status == "complete" else None

    @property
    def is_reported(self) -> bool:
        """Whether scores and reports lie here."""
        return all((self.path / name).is_file() for name in ("scores.jsonl", "report.md", "report.html"))

    def write_manifest(self, manifest: Manifest) -> None:
        """Write the manifest in one step, and before it the hashes of the articles where these are many."""
        with writable(self.path / "manifest.json"):
            if len(manifest.articles) > hashes.MANY:
                data = hashes.Data(manifest.articles, manifest.references, manifest.facts)
                manifest = replace(manifest, hashes=hashes.write(self.path, data), articles={}, references={}, facts={})
            else:
                manifest = replace(manifest, hashes="")
            write_text(self.path / "manifest.json", adapter(Manifest).dump_json(manifest, indent=2).decode() + "\n")

    def states(self) -> dict[str, FileState]:
        """The files of records as they are now, by name."""
        files = [each.path for each in (self.summaries, self.checks, self.scores) if each.path.is_file()]
        return {path.name: file_state(path) for path in files}


@contextmanager
def locked(path: Path, elsewhere: str = "") -> Iterator[RunFolder]:
    """A run's folder for writing, made where there is none; RunFolderError where another command writes it or it is
    read-only. The lock goes with the process, however that ends. ``elsewhere``: what else can be done then."""
    lock = FileLock(path / ".lock", timeout=_LOCK_SECONDS)
    _refuse_escapes(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise RunFolderError(f"{show(path)} is being written by another command; wait for it{elsewhere}") from None
    except OSError as error:
        fault = f"cannot be written ({error.strerror}); make it writable{elsewhere}"
        raise RunFolderError(f"{show(path)} {fault}") from None
    try:
        yield RunFolder(path)
    finally:
        lock.release()


@contextmanager
def begun(path: Path) -> Iterator[RunFolder]:
    """As ``locked``, for a run that begins or goes on here; RunFolderError where it would write over other files."""
    _refuse_escapes(path)
    _refuse_others(RunFolder(path))
    with locked(path, ", or choose another folder with -o") as folder:
        yield folder


def _refuse_others(folder: RunFolder) -> None:
    """RunFolderError for files that have the names of a run's files, and for what runs are made from, in a folder where
    no run of harness lies."""
    with suppress(HarnessError):  # no manifest, or one that is no text
        if is_manifest(read_text(folder.path / "manifest.json")):
            return
    records = (folder.summaries, folder.checks, folder.scores)
    own = [file for file in records if file.begins_with_record]
    others = [file.path for file in records if file not in own and file.path.is_file() and file.path.stat().st_size]
    if not own:  # a damaged manifest beside records is of a run, and is made anew
        others += [path for name in _CLOSING if (path := folder.path / name).exists()]
        others += _inputs(folder.path)
    if others:
        names = ", ".join(str(path.relative_to(folder.path)) for path in others[:_SHOWN])
        names += f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        raise RunFolderError(
            f"{show(folder.path)} holds files that no run of harness made ({names}); choose another folder with -o"
        )


def is_manifest(text: str) -> bool:
    """Whether a text is the manifest of a run, be it damaged."""
    return '"config_file"' in text


def _inputs(folder: Path) -> list[Path]:
    """The articles, references and configs in a folder."""
    place = folder.resolve()
    of_article = place.name == "references" and (place.parent / "article.md").is_file()
    patterns = (*_INPUTS, "*.md") if of_article else _INPUTS
    return sorted({path for pattern in patterns for path in folder.glob(pattern)})


def runs(folder: Path) -> list[RunFolder]:
    """The runs in a folder, by name."""
    return [RunFolder(path.parent) for path in sorted(folder.glob("*/manifest.json"))]


def with_article(runs: Iterable[RunFolder], article: Path) -> list[RunFolder]:
    """The finished runs whose articles are read from where the folder of this one lies, the last one first."""
    having = [run for run in runs if _is_of_article(run, article)]
    return sorted(having, key=lambda run: (run.path / "manifest.json").stat().st_mtime, reverse=True)


def _is_of_article(run: RunFolder, article: Path) -> bool:
    """Whether a run has ended and read the article in this folder."""
    try:
        manifest = run.manifest
    except HarnessError:
        return False
    sources = {path.resolve() for path in article_paths(run.path, manifest)}
    places = (article.resolve(), article.parent.resolve() / article.name)  # where it lies, and where a link to it does
    return manifest.status != "running" and any(
        place.name in manifest.articles and sources & {place.resolve(), place, place.parent} for place in places
    )


def article_paths(folder: Path, manifest: Manifest) -> list[Path]:
    """The sources of articles that are paths; a run names them relative to its folder."""
    given = manifest.config.get("articles")
    paths = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    return [folder / expanded(each) for each in paths]


def interrupted(manifest: Manifest, folder: Path) -> bool:
    """Whether a run was interrupted; one that says it is running has been killed where nobody holds its lock."""
    if manifest.status != "running":
        return manifest.status == "interrupted"
    return not _is_held(folder)


def being_written(manifest: Manifest, folder: Path) -> bool:
    """Whether a command runs or scores a run at this moment: it is not closed, and its lock is held."""
    return (manifest.status == "running" or manifest.finished is None) and _is_held(folder)


def _is_held(folder: Path) -> bool:
    """Whether the lock of a folder is held, or cannot be asked for."""
    try:
        with FileLock(folder / ".lock", timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # it cannot be opened for writing
        return _is_held_by_others(folder / ".lock")


def _is_held_by_others(lock: Path) -> bool:
    """Whether a lock that this user may not take is held; one that nobody made is not."""
    try:
        import fcntl

        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except (ImportError, OSError):
        return True
    return False


def last(records: Sequence[R], identity: Callable[[R], object]) -> list[R]:
    """One record for each identity, the last that was written, at the place of the first."""
    return list({identity(record): record for record in records}.values())


def _first_fault(error: ValueError | RecursionError) -> str:
    """The first of what is wrong with a manifest, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{format_key(first['loc']) or 'it'}: {first['msg']}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)


def _refuse_escapes(folder: Path) -> None:
    """RunFolderError for a link that leads out of a run's folder, and for a pipe or a device in it.

    What is written through such a link, and what a report shows of it, would be another file of the user's; whoever
    reads a pipe waits for ever.
    """
    try:
        entries = list(os.scandir(folder))
    except OSError:  # whoever needs the folder says so
        return
    for entry in entries:
        if not (entry.is_symlink() or entry.is_file() or entry.is_dir()) and Path(entry).exists():
            raise RunFolderError(f"{show(folder)}/{entry.name} is a pipe or a device; remove it")
    for entry in (entry for entry in entries if entry.is_symlink()):
        target = Path(os.path.realpath(entry))
        if not target.is_relative_to(os.path.realpath(folder)):
            raise RunFolderError(
                f"{show(folder)}/{entry.name} is a link that leads out of the run's folder, and is not followed; put "
                f"the file itself there, or remove it"
            )


def _check_format(version: object, path: Path) -> None:
    if isinstance(version, int) and version > FORMAT:
        fault = f"has format {version} and this harness reads up to {FORMAT}; update harness"
        raise NewerFormatError(f"{show(path)} {fault}")
    if not isinstance(version, int) or version < FORMAT:
        given = version if isinstance(version, int) else "none is given"
        fault = f"is of an older format ({given}; this harness reads {FORMAT})"
        raise RunFolderError(f"{show(path)} {fault}; run the config again to make it anew")


def _runs_nearby(path: Path) -> str:
    names = [run.path.name for run in runs(path)] or [run.path.name for run in runs(path.parent)]
    return f" (runs there: {', '.join(names)})" if names else ""
