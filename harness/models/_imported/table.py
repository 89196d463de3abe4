"""A table of our own, as JSONL or CSV: rows with an article's id, a system's name and a summary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.data.lines import csv_rows, field_fault, require_one_each
from harness.errors import DataError
from harness.files import show
from harness.models._imported.reader import Columns, Reader, Row, json_rows


def _rows(path: Path, columns: Columns) -> Iterator[Row]:
    """The rows, if the first of them has the columns; else DataError, once for all rows, with the options to set."""
    rows = _csv(path) if path.suffix.lower() == ".csv" else _jsonl(path)
    for number, row in enumerate(rows):
        if number == 0 and not row.fault:
            _require_columns(row, columns, path)
        yield row


def _require_columns(row: Row, columns: Columns, path: Path) -> None:
    options = columns.options()
    missing = [column for column in options if column not in row.values]
    if missing:
        listing = ", ".join(map(repr, row.values))
        remedy = ", ".join(f"{options[column]}: NAME" for column in missing)
        null = "; system_column: null says that all rows are of one system" if columns.system in missing else ""
        lacks = " and no ".join(map(repr, missing))
        message = f"has no {lacks} (it has {listing}); name its columns in the config: {remedy}{null}"
        raise DataError.at(show(path), message, row.line)


def _jsonl(path: Path) -> Iterator[Row]:
    for number, value, fault in json_rows(path):
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            yield Row(number, fault=fault or 'is not an object; write {"article_id": …, "system": …, "summary": …}')


def _csv(path: Path) -> Iterator[Row]:
    rows = csv_rows(path)
    first, header = next(rows, (1, []))
    require_one_each(path, first, header)
    for line, cells in rows:
        if fault := field_fault(cells, header):
            yield Row(line, fault=fault)
        else:
            yield Row(line, dict(zip(header, cells, strict=True)))


READER = Reader(Columns("article_id", "system", "summary"), _rows)
