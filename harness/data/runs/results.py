"""A run on disk: ``manifest.json`` and one JSONL file for each stage, appended as records are made.

A killed process may leave an unfinished last line. The next run removes the line and makes its record again.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, StringConstraints, ValidationError

from harness.data.runs.record_file import RecordFile, adapter, report_errors
from harness.data.yaml import describe
from harness.document.format import shorten_list
from harness.errors import HarnessError, RunFolderError, explain_invalid
from harness.files import find_unsafe, read_text, show, stable_path, write_text
from harness.records import Check, FileState, Judgement, Manifest, Score, Status, Summary

FORMAT = 1
"""Version of the files; other versions are refused."""
_LOCK_SECONDS = 1.0
"""Seconds to wait for a run's folder: a command that checks whether the run was killed locks it for a moment."""

_FOREIGN = ("manifest.json", "*.md", "report.html", "references", "*/article.md", "*.yaml", "*.yml")
"""Names of reports, articles, facts and configs. harness starts no new run in a folder with these."""


class NewerFormatError(RunFolderError):
    """A newer harness made the run."""


_Path = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]  # no path can hold a null byte


class _UsedConfig(BaseModel):
    """The keys of a manifest's config that commands use without further checks."""

    articles: list[_Path | dict[str, Any]] = []
    scorers: list[Any] = []
    labels: _Path | None = None
    limit: int | None = None
    name: str = ""


class RunFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.summaries = RecordFile(path / "summaries.jsonl", Summary, lambda summary: summary.place)
        self.checks = RecordFile(path / "verdicts.jsonl", Check, lambda check: check.identity)
        self.judgements = RecordFile(path / "judgements.jsonl", Judgement, lambda judgement: judgement.key)
        self.scores = RecordFile(path / "scores.jsonl", Score, lambda score: (score.place, score.metric))

    @property
    def records(self) -> tuple[RecordFile[Any], ...]:
        """The record files, in the order in which a run makes them."""
        return self.summaries, self.checks, self.judgements, self.scores

    @property
    def manifest(self) -> Manifest:
        """The manifest; raise RunFolderError if there is no run, or if the manifest cannot be read safely."""
        path = self.path / "manifest.json"
        _refuse_unsafe(self.path)
        if not path.is_file():
            raise RunFolderError(_explain_no_run(self.path))
        try:
            data = json.loads(read_text(path))
            _check_format(data, path)
            manifest: Manifest = adapter(Manifest).validate_python(data)
            _UsedConfig.model_validate(manifest.config, strict=True)
        except (ValueError, RecursionError) as error:
            fault = f"cannot be read: {explain_invalid(error) if isinstance(error, ValidationError) else error}"
            if isinstance(error, json.JSONDecodeError):
                fault = f"is not valid JSON (line {error.lineno})"
            raise RunFolderError(f"{show(path)} {fault}; run the config again to rewrite it") from None
        return manifest

    @property
    def complete_manifest(self) -> Manifest | None:
        """The manifest of a finished run, or None if it is missing or unreadable.

        Raises NewerFormatError if a newer harness made the run.
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
        """True if the scores and reports exist."""
        return all((self.path / name).is_file() for name in ("scores.jsonl", "report.md", "report.html"))

    def write_manifest(self, manifest: Manifest) -> None:
        with report_errors(self.path / "manifest.json", "written"):
            write_text(self.path / "manifest.json", adapter(Manifest).dump_json(manifest, indent=2).decode() + "\n")

    def require_records(self, manifest: Manifest, only: str = "") -> None:
        """Raise RunFolderError if a record file has fewer lines than when the run ended; check one file, or all."""
        for file in self.records if manifest.status == "complete" else ():
            name = file.path.name
            if only not in ("", name) or name not in manifest.files:
                continue
            wanted, lines = manifest.files[name].lines, file.state().lines if file.path.is_file() else None
            if (lines or 0) < wanted:
                fault = "is missing" if lines is None else f"has only {lines:,} of its {wanted:,} lines"
                rescore = shlex.join(["harness", "score", stable_path(self.path)])
                command = format_rerun_command(manifest, self.path) if file is self.summaries else rescore
                message = f"{fault}; restore the file, or make its records again: {command}"
                raise RunFolderError.at(show(file.path), message)

    def states(self) -> dict[str, FileState]:
        """Return the current state of each record file, by name."""
        return {each.path.name: each.state() for each in self.records if each.path.is_file()}


@contextmanager
def begin_run(path: Path) -> Iterator[RunFolder]:
    """Lock a folder for a run that starts or resumes there; raise RunFolderError if the folder has other files."""
    _refuse_unsafe(path)
    _refuse_other_files(RunFolder(path))
    with lock_run(path, ", or choose another folder with -o") as folder:
        yield folder


@contextmanager
def lock_run(path: Path, alternative: str = "") -> Iterator[RunFolder]:
    """Lock a run's folder for writing, and create it if needed; raise RunFolderError if it is read-only or locked.

    The lock ends with the process. Error messages end with ``alternative``, which says what else the user can do.
    """
    lock = FileLock(path / ".lock", timeout=_LOCK_SECONDS)
    _refuse_unsafe(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise RunFolderError(f"{show(path)} is being written by another command; wait for it{alternative}") from None
    except OSError as error:
        if path.is_file():
            fault = "is a file, not a folder; choose another folder with -o"
        else:
            fault = f"cannot be written ({error.strerror}); make it writable{alternative}"
        raise RunFolderError(f"{show(path)} {fault}") from None
    try:
        yield RunFolder(path)
    finally:
        lock.release()


def list_runs(folder: Path) -> list[RunFolder]:
    return [RunFolder(path.parent) for path in sorted(folder.glob("*/manifest.json"))]


def find_status(manifest: Manifest, folder: Path) -> Status:
    """Return a run's status, which is interrupted if the command that ran or scored it was killed."""
    is_unfinished = manifest.status == "running" or manifest.finished is None
    return "interrupted" if is_unfinished and not _is_locked(folder) else manifest.status


def is_being_written(manifest: Manifest, folder: Path) -> bool:
    """True if a command is running or scoring the run right now."""
    return (manifest.status == "running" or manifest.finished is None) and _is_locked(folder)


def format_rerun_command(manifest: Manifest, folder: Path) -> str:
    """Return the command that makes the run again in its folder."""
    options = [word for override in manifest.overrides for word in ("--set", override)]
    return shlex.join(["harness", "run", manifest.config_file or "CONFIG", *options, "-o", stable_path(folder)])


def _is_locked(folder: Path) -> bool:
    """True if a command holds the folder's lock, or if that is unknown because the folder is another user's."""
    try:
        with FileLock(folder / ".lock", timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _refuse_unsafe(folder: Path) -> None:
    """Raise RunFolderError if a run's folder has a pipe, a device or a link that leads out of the folder."""
    with suppress(OSError):  # reported when the folder is used
        for path in (*folder.glob("*"), *folder.glob(".lock"), *folder.glob("superseded/*")):
            if fault := find_unsafe(path, folder):
                raise RunFolderError(f"{show(folder)}/{path.relative_to(folder)} {fault}")


def _explain_no_run(path: Path) -> str:
    """Explain why a path without a manifest is not a run, and name a run near it."""
    names = [show(run.path) for run in list_runs(path) or list_runs(path.parent) or list_runs(Path("results"))]
    known = [show(run) for run in [Path("results", path), path.parent] if (run / "manifest.json").is_file()]
    near = known[:1] or get_close_matches(show(path), names, n=1) or names[:1] or ["results/base"]
    fault = f"{show(path)} is not a run's folder (it has no manifest.json)"
    if not path.is_dir():
        fault = f"{show(path)} is a file" if path.exists() else f"there is no folder {show(path)}"
    return f"{fault}; name a run's folder, such as {near[0]} (harness ls lists them)"


def _refuse_other_files(folder: RunFolder) -> None:
    """Raise RunFolderError if a folder without a run has articles, configs or files with the names of a run's files."""
    with suppress(HarnessError):  # no manifest, or not text
        if '"config_file"' in read_text(folder.path / "manifest.json"):  # the manifest of a run, even if damaged
            return
    patterns = (*_FOREIGN, *(file.path.name for file in folder.records))
    others = sorted({str(path.relative_to(folder.path)) for name in patterns for path in folder.path.glob(name)})
    if others and not any(file.begins_with_record for file in folder.records):
        fault = f"holds files that harness did not make ({shorten_list(others, 3)})"
        raise RunFolderError(f"{show(folder.path)} {fault}; choose another folder with -o")


def _check_format(data: Any, path: Path) -> None:
    version = data.get("format") if isinstance(data, dict) else FORMAT
    if version != FORMAT:
        fault = f"{show(path)} has format {describe(version)}, but this harness reads format {FORMAT}"
        if isinstance(version, int) and version > FORMAT:
            raise NewerFormatError(f"{fault}; update harness")
        raise RunFolderError(f"{fault}; run the config again to rewrite it")
