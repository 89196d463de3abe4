"""Rows of CSV and Parquet files, and what the columns of any table say of an article.

CSV is read as text, by the standard library: a reader that guesses types would make 7 of the id 007, and nothing of an
article whose text is NA. An empty cell, and a null, is a key that the row does not have; of the article, it is an
empty text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from harness.data.articles.rows import Written, gather
from harness.data.articles.sources import Columns, Table
from harness.data.lines import Place, Row, csv_rows
from harness.data.yaml.file import Key, dotted
from harness.errors import DataError, Problem
from harness.files import show
from harness.records import Item

_BATCH = 256
"""Rows of a Parquet file in memory at a time."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row, counted from 1, of a table that has no lines; row 0 is the table itself."""

    name: str
    number: int

    @property
    def file(self) -> str:
        return self.name

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        return Problem(f"{self.name} row {self.number}" if self.number else self.name, None, dotted(key), message)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row whose problems name its columns as the table calls them."""

    row: Place
    columns: Mapping[str, str | list[str]]

    @property
    def file(self) -> str:
        return self.row.file

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the article."""
        column = self.columns.get(str(key[0])) if key else None
        return self.row.problem((column, *key[1:]) if isinstance(column, str) else key, message)


def load(path: Path, table: Table, limit: int | None = None) -> Iterator[Item]:
    """The articles of a CSV or Parquet file in order, ``limit`` at most; DataError with the problems of all rows.

    ``path`` opens the file that ``table`` describes.
    """
    if not path.is_file():
        raise DataError.of([Problem(show(path), None, "", "there is no such file")])
    rows = _READERS[path.suffix.lower()](path, table.columns)
    start, stop = table.rows
    chosen = islice(rows, start, stop)
    nothing = "holds no article; give a file with a row for each"
    if table.slice:
        nothing = f"holds no row of the slice {table.slice}; rows are counted from 0"
    return gather(islice(chosen, limit), Problem(show(path), None, "", nothing))


def article(row: Mapping[str, Any], columns: Mapping[str, str | list[str]], place: Place) -> dict[str, Any]:
    """What a row says, by the keys of an article; DataError where a list is written as text that is no JSON."""
    entry: dict[str, Any] = {}
    for key, column in columns.items():
        value = _value(row, column)
        if key in ("references", "facts") and isinstance(value, str) and isinstance(column, str):
            value = _decoded(value, key, place)
        if value is not None:
            entry[key] = value
    return {**entry, "text": entry.get("text", "")}


def _value(row: Mapping[str, Any], columns: str | list[str]) -> Any:
    """A cell without its nulls and empty ends; of several columns, or of a list of one, all that they hold."""
    if isinstance(columns, str):
        return _present(row[columns])
    values = [value for column in columns if (value := _present(row[column])) is not None]
    if len(columns) == 1 and values and isinstance(values[0], str) and values[0].lstrip().startswith("["):
        return values[0]
    return [text for value in values for text in (value if isinstance(value, list) else [value])] or None


def _present(value: Any) -> Any:
    """The value; None where it is empty. A struct of Parquet has every key: those without a value are left out."""
    if isinstance(value, list):
        return [each for each in map(_present, value) if each is not None] or None
    if isinstance(value, dict):
        return {key: present for key, each in value.items() if (present := _present(each)) is not None}
    return None if isinstance(value, str) and not value.strip() else value


def _decoded(text: str, key: str, place: Place) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DataError.of([place.problem((key,), 'is no JSON list; write ["…", "…"]')]) from None


def _csv(path: Path, columns: Columns) -> Iterator[Written]:
    rows = csv_rows(path)
    line, names = next(rows, (1, []))
    wanted = columns.among(names, Row(path, line)) if names else {}
    for line, cells in rows:
        place = Mapped(Row(path, line), wanted)
        yield place, partial(_from_cells, names, cells, place)


def _from_cells(names: Sequence[str], cells: Sequence[str], place: Mapped) -> object:
    if len(cells) != len(names):
        message = f"has {len(cells)} fields where the header names {len(names)}"
        raise DataError.of([place.problem((), message)])
    return article(dict(zip(names, cells, strict=True)), place.columns, place)


def _parquet(path: Path, columns: Columns) -> Iterator[Written]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as opened, pq.ParquetFile(opened) as file:
            wanted = columns.among(file.schema_arrow.names, Numbered(show(path), 0))
            yield from placed(_records(file, wanted), wanted, show(path))
    except pa.ArrowInvalid as error:
        message = f"is not a Parquet file that can be read: {str(error).splitlines()[0]}; get the file again"
        raise DataError.of([Problem(show(path), None, "", message)]) from None


def _records(file: Any, wanted: Mapping[str, str | list[str]]) -> Iterator[Mapping[str, Any]]:
    names = [name for each in wanted.values() for name in ([each] if isinstance(each, str) else each)]
    for batch in file.iter_batches(_BATCH, columns=names):
        yield from batch.to_pylist()


def placed(
    records: Iterator[Mapping[str, Any]], columns: Mapping[str, str | list[str]], name: str, first: int = 1
) -> Iterator[Written]:
    """Records of a table without lines, each with its number."""
    for number, record in enumerate(records, start=first):
        place = Mapped(Numbered(name, number), columns)
        yield place, partial(article, record, columns, place)


_READERS: Mapping[str, Callable[[Path, Columns], Iterator[Written]]] = {".csv": _csv, ".parquet": _parquet}
