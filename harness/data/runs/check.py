"""Whether a run on disk is whole: ``harness doctor RUN``. Changes nothing, and reads no article."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.data.runs.record_file import RecordFile, adapter, file_state, numbered_lines
from harness.data.runs.results import RunFolder, is_being_written
from harness.errors import HarnessError, Problem
from harness.files import show
from harness.records import Manifest

_SHOWN = 5
"""Problems of one kind that are listed."""


def examine(path: Path) -> list[Problem]:
    """What is wrong with a run, and what to do about it; nothing if it is whole."""
    folder = RunFolder(path)
    try:
        manifest = folder.manifest
        if is_being_written(manifest, path):
            return [_problem(path, "is being written; look again when its run has ended")]
        return [*_check_state(folder, manifest), *_check_records(folder, manifest)]
    except HarnessError as error:
        return list(error.problems) or [_problem(path, str(error))]


def _check_state(folder: RunFolder, manifest: Manifest) -> Iterator[Problem]:
    """Whether the run ended, and its files are still those that it was closed with."""
    rescore = f"score it again: harness score {show(folder.path)}"
    if manifest.status != "complete":
        message = f"the run is {manifest.status}; run its config again to resume it"
        yield _problem(folder.path / "manifest.json", message, key="status")
    elif manifest.finished is None:
        message = f"the run's scoring was stopped, so its verdicts may mix two scorings; {rescore}"
        yield _problem(folder.path / "manifest.json", message, key="finished")
    for name, state in manifest.files.items():
        path = folder.path / name
        if not path.is_file():
            yield _problem(path, f"is missing; it had {state.lines:,} lines when the run was closed")
        elif (now := file_state(path)) != state:
            yield _problem(path, f"has {now.lines:,} lines, changed since the run was closed with {state.lines:,}")
    for name in ("report.md", "report.html"):
        if not (folder.path / name).is_file():
            yield _problem(folder.path / name, f"is missing; {rescore}")
    for part in sorted(folder.path.rglob("*.part")):
        yield _problem(part, "was left by a killed process; remove it")


def _check_records(folder: RunFolder, manifest: Manifest) -> Iterator[Problem]:
    """Whether every line is a record of the run, and every system has a summary of every article."""
    systems = {system.name for system in manifest.systems}
    places: set[tuple[str, str]] = set()
    for file in (folder.summaries, folder.checks, folder.scores):
        found = _check_lines(file, systems, manifest, places if file is folder.summaries else set())
        yield from islice(found, _SHOWN)
        if more := sum(1 for _ in found):
            yield _problem(file.path, f"has {more:,} more problems like these")
    missing = (
        _problem(folder.summaries.path, f"has no summary by {system} of {article}; run its config again")
        for system in sorted(systems)
        for article in manifest.articles
        if (system, article) not in places
    )
    yield from islice(missing, _SHOWN)


def _check_lines(
    file: RecordFile[Any], systems: set[str], manifest: Manifest, places: set[tuple[str, str]]
) -> Iterator[Problem]:
    """The bad lines of a file; adds the (system, article) of each good one to ``places``."""
    for number, line in numbered_lines(file.path):
        if not line.endswith(b"\n"):
            yield _problem(file.path, "has no line break: the file ends inside this line", number)
        try:
            record = adapter(file.record).validate_json(line)
        except ValidationError as error:
            message = f"is not a record ({error.errors()[0]['msg']}); delete the line, and the next run makes it again"
            yield _problem(file.path, message, number)
            continue
        places.add((record.system, record.article_id))
        if record.system not in systems or record.article_id not in manifest.articles:
            message = f"names {record.system} and {record.article_id}, which are not in this run"
            yield _problem(file.path, message, number)


def _problem(path: Path, message: str, line: int | None = None, key: str = "") -> Problem:
    return Problem(show(path), line, key, message)
