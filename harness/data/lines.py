"""Lines of JSONL and rows of CSV files as they stand, each with its place for messages."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from harness.data.checked import Source
from harness.data.yaml.file import Key, dotted, kind_of
from harness.errors import DataError, Problem
from harness.files import read_text, show

_LONGEST = 2**31 - 1
"""Characters that a cell may have; the csv module's own limit is an article of 130,000."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a JSONL file, for the places of its problems."""

    path: Path
    line: int

    @property
    def file(self) -> str:
        return show(self.path)

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        return Problem(show(self.path), self.line, dotted(key), message)


class Place(Protocol):
    """A row, for the places of its problems."""

    @property
    def file(self) -> str:
        """The file or the data set, as the user would type it."""
        ...

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        ...


def json_lines(lines: Iterable[tuple[int, str]], path: Path) -> Iterator[tuple[Row, Callable[[], object]]]:
    """The place of each numbered line, and what decodes it; ``path`` is for the messages."""
    for number, line in lines:
        row = Row(path, number)
        yield row, partial(decoded, line.removesuffix("\n"), row, whole=line.endswith("\n"))


def decoded(line: str, row: Row, *, whole: bool) -> object:
    """What a line of JSON holds; DataError where it is none. ``whole``: whether the line has an end."""
    try:
        data: object = json.loads(line, object_pairs_hook=_once)
        if "\\u" in line:  # only an escape can bring in half of a surrogate pair, which no file can hold
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "holds half of a surrogate pair (\\ud800 to \\udfff); write the character, or remove it"
    except RecursionError:
        message = "is nested too deeply"
    except _TwiceError as error:
        message = f"gives the key {error} twice; keep one of them"
    except json.JSONDecodeError as error:
        cut_off = "is cut off: the file ends inside this line; get the file again, or remove the line"
        message = f"is not JSON: {error.msg} (column {error.colno})" if whole else cut_off
    except ValueError as error:  # a number with thousands of digits
        message = f"is not JSON: {error}"
    else:
        return data
    raise DataError.of([row.problem((), message)])


class _TwiceError(Exception):
    """A key that an object has twice: which of them counts is nowhere said."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(repr(next(name for name in names if names.count(name) > 1)))
    return mapping


def as_object(data: object, place: Source) -> dict[str, Any]:
    """The JSON object that a line holds; DataError where it holds something else."""
    if not isinstance(data, dict):
        raise DataError.of([place.problem((), f"is {kind_of(data)}; write a JSON object")])
    return data


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(1-based line on which it starts, cells) of each row that is not blank, the header first.

    DataError where the file is not UTF-8, cannot be read, or is not CSV.
    """
    csv.field_size_limit(_LONGEST)
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
    except csv.Error as error:
        message = f"is not CSV ({error}); check the quotation marks from here on"
        raise DataError.of([Problem(show(path), line, "", message)]) from None
    except UnicodeDecodeError:
        read_text(path)  # says where, and what to do
        raise
    except OSError as error:
        raise DataError.of([Problem(show(path), None, "", f"cannot be read: {error.strerror}")]) from None


def once(problems: list[Problem]) -> list[Problem]:
    """The problems, one that many rows share told once: an unknown column, say."""
    counts: dict[tuple[str, str], int] = {}
    for problem in problems:
        counts[problem.key, problem.message] = counts.get((problem.key, problem.message), 0) + 1
    distinct = []
    for problem in problems:
        count = counts.pop((problem.key, problem.message), 0)
        if count:
            more = f" (and so on {count - 1} more line{'s' * (count > 2)})" if count > 1 else ""
            distinct.append(Problem(problem.file, problem.line, problem.key, problem.message + more))
    return distinct
