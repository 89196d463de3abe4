"""Saved outputs, read from the rows of a file and grouped by system and article."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import DataError, Problem
from harness.files import show
from harness.models._imported import reader
from harness.models._imported.reader import Columns, Row
from harness.spool import Spool

_SHOWN = 20
"""Problems that one message lists; a file with more has one fault in every line."""

ONLY = ""
"""The name of the one system of a file without system names."""


@dataclass(frozen=True, slots=True)
class Output:
    """One saved summary and the line it starts on, where the file has lines; an empty or null one has an empty text."""

    text: str
    line: int | None
    reason: str = ""
    """Why it is empty, as the file says it."""


class Outputs:
    """The outputs of a file, on disk: system by system and article by article, all in the file's order."""

    def __init__(self) -> None:
        self._spool = Spool[Output]()
        self._places: dict[tuple[str, str], array[int]] = {}
        self._systems: dict[str, None] = {}

    def add(self, system: str, article: str, output: Output) -> None:
        """The next output of a system for an article."""
        self._systems[system] = None
        self._places.setdefault((system, article), array("q")).append(len(self._spool))
        self._spool.append(output)

    @property
    def systems(self) -> tuple[str, ...]:
        """In the file's order."""
        return tuple(self._systems)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each system with each article that it has outputs for, in the file's order."""
        yield from self._places

    def count(self, system: str, article: str) -> int:
        """How many outputs of a system there are for an article."""
        return len(self._places.get((system, article), ()))

    def of(self, system: str, article: str) -> list[Output]:
        """The outputs of a system for an article."""
        return [self._spool[number] for number in self._places.get((system, article), ())]


def read(path: Path, columns: Columns) -> Outputs:
    """All outputs of a file; DataError with every line that cannot be used."""
    outputs = Outputs()
    faults: list[Problem] = []
    for row in reader(path).rows(path, columns):
        try:
            outputs.add(*_output(row, columns))
        except ValueError as error:
            faults.append(Problem(show(path), row.line, row.key, str(error)))
    if not outputs.systems and not faults:
        faults = [Problem(show(path), None, "", "holds no output; give a file with a row for each summary")]
    if faults:
        rest = len(faults) - _SHOWN
        more = [Problem(show(path), None, "", f"and {rest:,} more lines like these")] if rest > 0 else []
        raise DataError.of([*faults[:_SHOWN], *more])
    return outputs


def _output(row: Row, columns: Columns) -> tuple[str, str, Output]:
    """(system, article id, output) of a row; ValueError says what is wrong with it."""
    if row.fault:
        raise ValueError(row.fault)
    for column, option in columns.options().items():
        if column not in row.values:
            listing = ", ".join(map(repr, row.values))
            raise ValueError(f"has no {column!r} (it has {listing}); add it, or name another column in {option}")
    system = ONLY if columns.system is None else _name(row, columns.system)
    article = _name(row, columns.article)
    summary = row.values[columns.summary]
    if summary is not None and not isinstance(summary, str):
        raise ValueError(f"{columns.summary!r} is {json.dumps(summary)[:40]}, which is no text; write it as a string")
    return system, article, Output(_encodable(summary or ""), row.line, _encodable(row.reason))


def _name(row: Row, column: str) -> str:
    value = row.values[column]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return _encodable(value)
    raise ValueError(f"{column!r} is {json.dumps(value)[:40]}, but must be a name; write it as a string")


def _encodable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"holds half a surrogate pair ({text[error.start]!a}); write it as UTF-8") from None
    return text
