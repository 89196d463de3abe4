"""Whether a run on disk is whole: ``harness doctor RUN``. Nothing is changed, and no article is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.data.runs.record_file import RecordFile, adapter, file_state, numbered_lines
from harness.data.runs.results import RunFolder, being_written
from harness.errors import HarnessError, Problem
from harness.files import show
from harness.records import FileState, Manifest, Place

_SHOWN = 5
"""Problems of one kind that are told one by one."""


def examine(path: Path) -> list[Problem]:
    """What is wrong with a run, and what to do about it; nothing where it is whole."""
    folder = RunFolder(path)
    try:
        manifest = folder.manifest
        if being_written(manifest, path):
            return [_problem(path, "is being written; look again when its run has ended")]
        return [*_state(folder, manifest), *_records(folder, manifest), *_leftovers(path)]
    except HarnessError as error:
        return list(error.problems) or [_problem(path, str(error))]


def _state(folder: RunFolder, manifest: Manifest) -> Iterator[Problem]:
    """Whether the run ended, and its files are those that it was closed with."""
    if manifest.status != "complete":
        message = f"the run is {manifest.status}; run its config again and it goes on"
        yield _problem(folder.path / "manifest.json", message, key="status")
    elif manifest.finished is None:
        message = f"the run's scoring was stopped, so its verdicts may be of two scorings; {_again(folder)}"
        yield _problem(folder.path / "manifest.json", message, key="finished")
    for name, state in manifest.files.items():
        yield from _changed(folder.path / name, state)
    for name in ("report.md", "report.html"):
        if not (folder.path / name).is_file():
            yield _problem(folder.path / name, f"is missing; {_again(folder)}")


def _changed(path: Path, state: FileState) -> Iterator[Problem]:
    if not path.is_file():
        yield _problem(path, f"is missing; it had {state.lines:,} lines when the run was closed")
        return
    now = file_state(path)
    if now.lines != state.lines:
        message = f"has {now.lines:,} lines and had {state.lines:,} when the run was closed: it was cut or added to"
        yield _problem(path, message)
    elif now != state:
        yield _problem(path, "was edited since the run was closed: its checksum is another one")


def _records(folder: RunFolder, manifest: Manifest) -> Iterator[Problem]:
    """Whether every line is a record of the run, and every record that the run must have is there, once."""
    systems, articles = {system.name for system in manifest.systems}, manifest.articles
    for file in (folder.summaries, folder.checks, folder.scores):
        yield from _first_few(_bad_lines(file, systems, articles))
    summaries = Counter(each.place for each in _readable_records(folder.summaries) if not each.generation.transient)
    checks = Counter(each.identity for each in _readable_records(folder.checks) if not each.verdict.transient)
    scores = Counter(
        (Place(each.system, each.article_id, each.sample), each.metric) for each in _readable_records(folder.scores)
    )
    for file, counts in ((folder.summaries, summaries), (folder.checks, checks), (folder.scores, scores)):
        yield from _first_few(_repeated(file.path, counts))
    places = {each.place for each in _readable_records(folder.summaries)}
    summarised = {(place.system, place.article_id) for place in places}
    yield from _first_few(
        _problem(folder.summaries.path, f"has no summary by {system} of {article}; run its config again")
        for system in systems
        for article in articles
        if (system, article) not in summarised
    )
    strays = {place for place, _, _ in checks} - places
    message = f"of which there is no summary; {_again(folder)}"
    yield from _first_few(
        _problem(folder.checks.path, f"has verdicts on {_in_words(place)}, {message}") for place in strays
    )
    metrics = {metric for _, metric in scores}
    yield from _first_few(
        _problem(folder.scores.path, f"has no {metric} of {_in_words(place)}; {_again(folder)}")
        for place in places
        for metric in metrics
        if (place, metric) not in scores
    )


def _bad_lines(file: RecordFile[Any], systems: Container[str], articles: Container[str]) -> Iterator[Problem]:
    for number, line in numbered_lines(file.path):
        if not line.endswith(b"\n"):
            yield _problem(file.path, "has no line break: the file ends inside this line", number)
        try:
            record = adapter(file.record).validate_json(line)
        except ValidationError as error:
            message = f"is no record ({error.errors()[0]['msg']}); delete the line, and the next run makes it again"
            yield _problem(file.path, message, number)
            continue
        if record.system not in systems or record.article_id not in articles:
            message = f"is of {record.system} and {record.article_id}, which the run does not have"
            yield _problem(file.path, message, number)


def _readable_records(file: RecordFile[Any]) -> Iterator[Any]:
    """The records of the lines that are some."""
    for _, line in numbered_lines(file.path):
        with suppress(ValidationError):  # told before
            yield adapter(file.record).validate_json(line)


def _repeated(path: Path, counts: Counter[Any]) -> Iterator[Problem]:
    for what, count in counts.items():
        if count > 1:
            yield _problem(path, f"has {count} records of {_in_words(what)}; the last one counts")


def _in_words(what: Any) -> str:
    """A place, or what stands at one, in words."""
    if isinstance(what, Place):
        return f"{what.system} on {what.article_id}" + (f", sample {what.sample}" if what.sample else "")
    place, *rest = what
    return f"{_in_words(place)} ({' '.join(map(str, rest))})"


def _leftovers(path: Path) -> Iterator[Problem]:
    for part in sorted(path.rglob("*.part")):
        yield _problem(part, "was left by a process that was killed; remove it")


def _first_few(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The first of the problems, and how many more there are."""
    yield from islice(problems, _SHOWN)
    if last := next(problems, None):
        more = 1 + sum(1 for _ in problems)
        yield Problem(last.file, None, "", f"and {more:,} more like these")


def _problem(path: Path, message: str, line: int | None = None, key: str = "") -> Problem:
    return Problem(show(path), line, key, message)


def _again(folder: RunFolder) -> str:
    return f"score it again: harness score {show(folder.path)}"
