"""People's labels of premises and hypotheses: ``labels.jsonl`` beside an article, appended and never rewritten.

    references/<article-id>/labels.jsonl    of an article in a folder
    articles.jsonl.labels.jsonl             beside a JSONL, CSV or Parquet file, of all of its articles
    labels: FILE in the config              of articles that come from elsewhere, a data set say, or of all of them

A line takes an earlier one back or replaces it by naming its id, so that the whole history of labels stays readable.
Lines are added under a lock: any number of people and windows may write at once. No byte of a file is ever cut: a line
that is no label is named, and stays.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from harness.data.articles.sources import TABLES
from harness.data.validation import collect_problems, data_error
from harness.data.yaml import format_key
from harness.errors import DataError, Problem
from harness.files import replacing, show
from harness.records import Annotation, Article, Item, Results
from harness.signature import digest

_LINE = TypeAdapter(Annotation)
_WAIT = 30.0
"""Seconds that a writer waits for others, each of which needs some milliseconds."""


def path_of(article: Article, labels_file: Path | None = None) -> Path | None:
    """The file that holds the labels of an article; None where it comes from no file and none is ``labels_file``."""
    path = Path(article.path)
    if labels_file is not None:
        return labels_file
    if path.name == "article.md":
        return path.with_name("labels.jsonl")
    if path.suffix.lower() in (".jsonl", *TABLES):
        return path.with_name(f"{path.name}.labels.jsonl")
    return None


def require_path(article: Article, labels_file: Path | None = None) -> Path:
    """The file that holds the labels of an article; DataError, with what to do, where there is none."""
    path = path_of(article, labels_file)
    if path is None:
        message = "comes from no file beside which labels could be kept; name one in the config: labels: FILE.jsonl"
        raise DataError.at(article.path, f"the article {article.id!r} {message}")
    return path


def of(items: Iterable[Item], labels_file: Path | None = None) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """The labels that hold in the files of these articles, and what is wrong with other lines of them."""
    labels: list[Annotation] = []
    problems: list[Problem] = []
    for path in dict.fromkeys(filter(None, (path_of(item.article, labels_file) for item in items))):
        with collect_problems(problems):
            lines, faults = _lines(path)
            labels += holding(lines)
            problems += faults
    return tuple(labels), tuple(problems)


def digest_of(labels: Iterable[Annotation]) -> str:
    """What estimates and agreement depend on: the labels that hold, in whatever order."""
    return digest(sorted(label.id for label in labels))


def faults(results: Results) -> tuple[Problem, ...]:
    """The lines of a run's label files that are no labels."""
    return of(results.items, Path(results.labels_file) if results.labels_file else None)[1]


def read(path: Path) -> list[Annotation]:
    """All lines in order, also those that no longer hold; none where there is no file.

    DataError with every line that is no annotation.
    """
    labels, problems = _lines(path)
    if problems:
        raise DataError.of(problems)
    return labels


def holding(lines: Sequence[Annotation]) -> list[Annotation]:
    """What holds: of each annotator and question the last label that no later line took back or replaced.

    A line that takes back one which took back, or replaced, another lets that other hold again.
    """
    replaced: set[str] = set()
    latest: dict[tuple[object, ...], Annotation] = {}
    for line in reversed(lines):
        if line.id in replaced:
            continue
        if line.replaces is not None:
            replaced.add(line.replaces)
        if line.label is not None:
            latest.setdefault((line.annotator, *line.question), line)
    return list(reversed(latest.values()))


def append(path: Path, lines: Sequence[Annotation]) -> None:
    """Add lines in one step, on disk when this returns; a last line without a line break gets one before.

    DataError where the file cannot be written.
    """
    with _writing([path]), path.open("a+b") as file:
        file.write(_break(path) + _encoded(lines))
        file.flush()
        os.fsync(file.fileno())


def append_all(lines: Mapping[Path, Sequence[Annotation]]) -> None:
    """Add lines to several files, to all of them or to none: each is written anew beside itself, and only then put in
    its place. DataError where one cannot be written."""
    by_target: dict[Path, list[Annotation]] = {}
    for path, added in lines.items():
        by_target.setdefault(path.resolve(), []).extend(added)  # a link stays one
    with _writing(by_target), ExitStack() as places:
        for target, every in by_target.items():
            before = target.read_bytes() if target.exists() else b""
            file = places.enter_context(replacing(target))
            file.write(before + _break(target) + _encoded(every))
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _writing(paths: Iterable[Path]) -> Iterator[None]:
    """Hold the locks of label files, in one order for everybody; what the system refuses is a DataError.

    A lock lies beside the file itself, so that whoever comes to it by a link waits for the same one.
    """
    at = Path()
    try:
        with ExitStack() as locks:
            for at in sorted({path.resolve() for path in paths}):
                locks.enter_context(FileLock(at.with_name(f".{at.name}.lock"), timeout=_WAIT))
            yield
    except Timeout:
        message = f"has been held by another program for {_WAIT:.0f} seconds; close it, and give the label again"
        raise data_error(at, message) from None
    except OSError as error:
        message = f"cannot be written ({error.strerror}); name another file in the config: labels: FILE.jsonl"
        raise data_error(at, message) from None


def _encoded(lines: Iterable[Annotation]) -> bytes:
    return b"".join(_LINE.dump_json(line) + b"\n" for line in lines)


def _break(path: Path) -> bytes:
    """The line break that the last line of a file lacks, whatever that line is: nothing of it is cut."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return b"" if file.read() in (b"", b"\n") else b"\n"


def _lines(path: Path) -> tuple[list[Annotation], list[Problem]]:
    """The labels of a file, and its lines that are none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], []
    except OSError as error:
        raise data_error(path, f"cannot be read: {error.strerror}") from None
    labels: list[Annotation] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        try:
            labels += [_LINE.validate_json(line)] if line.strip() else []
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            message = f"is no label: {first['msg'].lower()}; mend the line, or delete it: what it said is lost then"
            problems.append(Problem(show(path), number, format_key(first["loc"]), message))
    return labels, problems
