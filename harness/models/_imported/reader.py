"""What the readers of outputs share: rows, the names of their columns, and ways through nested JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.data.lines import json_lines
from harness.errors import DataError
from harness.files import lines


@dataclass(frozen=True, slots=True)
class Columns:
    """What the file calls the three things that a row says."""

    article: str
    system: str | None
    """None: the file holds one system's outputs and does not name it."""
    summary: str

    def options(self) -> dict[str, str]:
        """Column → the option of a config that names it."""
        options = (("article_column", self.article), ("system_column", self.system), ("summary_column", self.summary))
        return {column: option for option, column in options if column is not None}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file as it came: column → value, or what is wrong with it."""

    line: int | None
    """None in a file that is no list of lines: ``key`` says where."""
    values: Mapping[str, object] = field(default_factory=dict)
    fault: str = ""
    key: str = ""
    reason: str = ""
    """Why it has no summary, in the words of who wrote it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of one kind are read."""

    columns: Columns
    """What they call things, unless the config says otherwise."""
    rows: Callable[[Path, Columns], Iterator[Row]]


def json_rows(path: Path) -> Iterator[tuple[int, object, str]]:
    """(1-based number, value, fault) of each line of a JSONL file that is not blank; one with a fault has no value."""
    for row, decode in json_lines(lines(path), path):
        try:
            yield row.line, decode(), ""
        except DataError as error:
            yield row.line, None, error.problems[0].message


def first_object(path: Path) -> dict[str, object]:
    """The JSON object on the first line of a file that is not blank; empty where there is none."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = json.loads(next((line for line in file if line.strip()), ""))
    except (OSError, ValueError, RecursionError):
        return {}
    return first if isinstance(first, dict) else {}


def value_at(value: object, path: str) -> object:
    """What stands in nested objects under a dotted name; ValueError says what is there instead."""
    at = ""
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            contents = f"it has {', '.join(map(repr, value))}" if isinstance(value, Mapping) else "it is no object"
            raise ValueError(f"{at or 'the row'} has no {name!r} ({contents})")
        value, at = value[name], f"{at}.{name}".lstrip(".")
    return value
