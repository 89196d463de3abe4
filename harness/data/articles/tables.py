"""Rows of CSV, Parquet and JSONL files, and what the columns of any table say of an article.

CSV is read as text, by the standard library: a reader that guesses types would make 7 of the id 007, and nothing of an
article whose text is NA. An empty cell, and a null, is a key that the row does not have; of the article, it is an
empty text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from harness.data.articles.rows import Written, gather
from harness.data.articles.sources import Columns, Table
from harness.data.lines import RowPlace, as_object, csv_rows, field_fault, json_lines, require_one_each
from harness.data.validation import data_error, key_error
from harness.errors import Problem
from harness.files import lines, named, show
from harness.records import Item

_BATCH = 256
"""Rows of a Parquet file in memory at a time."""


def load(path: Path, table: Table, limit: int | None = None) -> Iterator[Item]:
    """The articles of a file of rows in order, ``limit`` at most; DataError with the problems of all rows.

    ``path`` opens the file that ``table`` describes.
    """
    if not path.is_file():
        raise data_error(path, "there is no such file")
    rows = islice(_READERS[path.suffix.lower()](path, table.columns), *table.rows)
    nothing = "holds no article; give a file with a row for each"
    if table.slice:
        nothing = f"holds no row of the slice {table.slice}; rows are counted from 0"
    return gather(islice(rows, limit), Problem(show(path), None, "", nothing), named(path))


def article(record: Mapping[str, Any], row: RowPlace) -> dict[str, Any]:
    """What a record says, by the keys of an article; DataError where a list is written as text that is no JSON."""
    entry = {key: _decoded(_value(record, column), key, row) for key, column in row.columns.items()}
    return {"text": ""} | {key: value for key, value in entry.items() if value is not None}


def _value(record: Mapping[str, Any], columns: str | list[str]) -> Any:
    """A cell without its nulls and empty ends; of several columns, or of a list of one, all that they hold."""
    if isinstance(columns, str):
        return _present(record[columns])
    values = [value for column in columns if (value := _present(record[column])) is not None]
    if len(columns) == 1 and values and isinstance(values[0], str) and values[0].lstrip().startswith("["):
        return values[0]
    return [text for value in values for text in (value if isinstance(value, list) else [value])] or None


def _present(value: Any) -> Any:
    """The value, a date as text; None where it is empty. A struct of Parquet has every key: those without a value are
    left out."""
    if isinstance(value, list):
        return [each for each in map(_present, value) if each is not None] or None
    if isinstance(value, dict):
        return {key: present for key, each in value.items() if (present := _present(each)) is not None}
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, str) and not value.strip() else value


def _decoded(value: Any, key: str, row: RowPlace) -> Any:
    """The list that a cell of text holds as JSON, where the key takes a list."""
    if key not in ("references", "facts") or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise key_error(row, (key,), 'is no JSON list; write ["…", "…"]') from None


def _csv(path: Path, columns: Columns) -> Iterator[Written]:
    rows, file = csv_rows(path), show(path)
    line, names = next(rows, (1, []))
    require_one_each(path, line, names)
    wanted = columns.of_table(names, RowPlace(file, line)) if names else {}
    for line, cells in rows:
        row = RowPlace(file, line, columns=wanted)
        yield row, partial(_from_cells, names, cells, row)


def _from_cells(names: Sequence[str], cells: Sequence[str], row: RowPlace) -> object:
    if fault := field_fault(cells, names):
        raise key_error(row, (), fault)
    return article(dict(zip(names, cells, strict=True)), row)


def _jsonl(path: Path, columns: Columns) -> Iterator[Written]:
    for row, read in json_lines(lines(path), path):
        yield replace(row, columns=columns.named), partial(_from_object, read, columns, row)


def _from_object(read: Callable[[], object], columns: Columns, row: RowPlace) -> object:
    record = as_object(read(), row)
    return article(record, replace(row, columns=columns.of_table(list(record), row)))


def _parquet(path: Path, columns: Columns) -> Iterator[Written]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as opened, pq.ParquetFile(opened) as file:
            require_one_each(path, None, file.schema_arrow.names)
            wanted = columns.of_table(file.schema_arrow.names, RowPlace(show(path)))
            names = [name for each in wanted.values() for name in ([each] if isinstance(each, str) else each)]
            batches = file.iter_batches(_BATCH, columns=names)
            yield from placed((record for batch in batches for record in batch.to_pylist()), wanted, show(path))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        message = f"is not a Parquet file that can be read: {str(error).splitlines()[0]}; get the file again"
        raise data_error(path, message) from None


_READERS = {".csv": _csv, ".parquet": _parquet, ".jsonl": _jsonl}


def placed(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, str | list[str]], name: str, first: int = 1
) -> Iterator[Written]:
    """Records of a table without lines, each with its number."""
    for number, record in enumerate(records, start=first):
        row = RowPlace(name, number=number, columns=columns)
        yield row, partial(article, record, row)
