"""Read articles from rows: lines of a JSONL file, rows of CSV, Parquet and data sets.

    {"id", "text", "title"?, "language"?, "date"?, "source"?, "references"? (or "reference"), "facts"?}

``documents`` instead of ``text`` holds several texts, or mappings ``{"name"?, "text"}``, to summarise together. In a
cell of text, documents are a JSON list or separated by ``|||||`` as in Multi-News (Fabbri et al. 2019).

References are texts, with the ids r01, r02, …. Facts are statements, with the ids f01, f02, …, or mappings with the
keys of ``facts.yaml``. CSV cells are text, so the id 007 keeps its zeros. Empty cells and nulls are missing keys.

An empty article is loaded too, so that its summaries and scores can say why they are missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from harness.data import facts
from harness.data.articles.sources import Columns, DataSet, Table, is_saved
from harness.data.articles.texts import Date, Language, Name, article_fault, join_documents, name_fault, reference_fault
from harness.data.lines import Row, RowPlace, json_lines, merge_repeats, read_csv, require_distinct
from harness.data.validation import collect_problems, data_error, key_error, suggest_name, validate
from harness.data.yaml import Key, describe
from harness.errors import DataError, MissingDependencyError, Problem, first_line
from harness.files import show, stable_path, suggest_file
from harness.records import Article, Item, Part, Reference
from harness.text import is_blank

_BATCH = 256
"""Number of rows of a Parquet file in memory at a time."""
_SEPARATOR = "|||||"
_SHOWN = 50
"""Maximum number of problems that one message lists. A file with more usually has the same fault in every row."""
_SPLITS = re.compile(r"(?:Should be one of|Available splits:|its splits are) \[?([^\]]+)")


class DocumentEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: str
    name: str = ""


class RowEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Name
    text: str
    documents: list[str | DocumentEntry] = []
    title: str = ""
    language: Language = "en"
    date: Date | None = None
    source: str = ""
    reference: str | None = None
    references: list[str] = []
    facts: list[Any] = []


def load_jsonl(path: Path) -> Iterator[Item]:
    """Yield the articles of a JSONL file, then raise DataError with the problems of all lines."""
    if_empty = Problem(show(path), None, "", "holds no article; write one JSON object per line")
    return _gather(json_lines(path), if_empty, stable_path(path))


def load_rows(rows: Iterable[tuple[RowPlace, Mapping[str, Any]]], name: str) -> Iterator[Item]:
    """Yield the articles of rows in memory, which have the keys above, then raise DataError with all problems."""
    filled = ((place, {"text": "", **_drop_empty(dict(row))}) for place, row in rows)
    return _gather(
        ((place, partial(dict, row)) for place, row in filled),
        Problem(name, None, "", "is empty; give at least one article"),
        "",
    )


def load_table(table: Table, limit: int | None = None) -> Iterator[Item]:
    """Yield at most ``limit`` articles of a CSV, Parquet or JSONL file, then raise DataError with all problems."""
    path = table.path
    if not path.is_file():
        raise data_error(path, f"does not exist{suggest_file(path)}")
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".jsonl": _read_jsonl}
    rows = islice(readers[path.suffix.lower()](path, table.columns), *table.rows)
    if_empty = "holds no article; write one row for each article"
    if table.slice:
        if_empty = f"has no rows in the slice {table.slice}; rows are counted from 0"
    return _gather(islice(rows, limit), Problem(show(path), None, "", if_empty), stable_path(path))


def load_data_set(data_set: DataSet, limit: int | None = None) -> Iterator[Item]:
    """Yield the articles of a data set of the ``datasets`` library, at most ``limit``."""
    table = _open_data_set(data_set)
    records = _iter_records(table, data_set)
    first = list(islice(records, 1))
    names = list(first[0] if first else table.column_names or [])
    columns = data_set.columns.of_table(names, RowPlace(data_set.name))
    rows = _number_records(chain(first, records), columns, data_set.name, data_set.rows[0] + 1)
    if_empty = (
        f"has no rows in the slice {data_set.slice}; rows are counted from 0" if data_set.slice else "has no rows"
    )
    return _gather(islice(rows, limit), Problem(data_set.name, None, "", if_empty), data_set.name)


def _open_data_set(data_set: DataSet) -> Any:
    folder, name = data_set.folder, data_set.name
    if folder is not None and not folder.is_dir():
        raise DataError.at(name, "is a file; write path: instead of dataset:" if folder.exists() else "does not exist")
    try:
        import datasets
    except ImportError as error:
        raise MissingDependencyError(f"{name} needs a package: pip install 'fact-harness[datasets]'") from error
    datasets.disable_progress_bars()
    try:
        if folder is None or not is_saved(folder):
            options = {"revision": data_set.revision, "streaming": data_set.streaming}
            return datasets.load_dataset(data_set.dataset, data_set.config, split=data_set.split, **options)
        saved = datasets.load_from_disk(data_set.dataset)
        if isinstance(saved, dict) and data_set.split not in saved:
            raise ValueError(f"its splits are {', '.join(saved)}")
        return saved[data_set.split] if isinstance(saved, dict) else saved
    except ConnectionError:
        message = (
            "cannot be reached and is not in the local cache; go online once, or save it elsewhere "
            "(datasets.load_dataset(…).save_to_disk(FOLDER)) and name the folder: dataset: ./FOLDER"
        )
        raise DataError.at(name, message) from None
    except Exception as error:  # noqa: BLE001  # the library does not document what it raises
        message = (
            f"cannot be loaded: {first_line(error)}; give owner/name of the hub with its config, split and revision, "
            "or a folder: ./FOLDER"
        )
        if splits := _SPLITS.search(str(error)):
            names = re.findall(r"[\w.-]+", splits[1])
            message = f"has no split {data_set.split!r}; {suggest_name(data_set.split, names)}"
        raise DataError.at(name, message) from None


def _iter_records(table: Any, data_set: DataSet) -> Iterator[dict[str, Any]]:
    start, stop = data_set.rows
    if hasattr(table, "__len__"):
        end = len(table) if stop is None else min(stop, len(table))
        yield from table.select(range(start, end)) if start < end else ()
        return
    try:
        yield from islice(table.skip(start), None if stop is None else stop - start)
    except Exception as error:  # noqa: BLE001  # the network may fail at any row
        raise DataError.at(data_set.name, f"failed while it was being read: {first_line(error)}") from None


def _read_csv(path: Path, columns: Columns) -> Iterator[Row]:
    header, names, rows = read_csv(path)
    wanted = columns.of_table(names, header) if names else {}
    for row, read in rows:
        row = replace(row, columns=wanted)
        yield row, partial(_to_entry, read, row)


def _read_jsonl(path: Path, columns: Columns) -> Iterator[Row]:
    def read(decode: Callable[[], dict[str, Any]], row: RowPlace) -> dict[str, Any]:
        record = decode()
        return _to_entry(lambda: record, replace(row, columns=columns.of_table(list(record), row)))

    for row, decode in json_lines(path):
        yield replace(row, columns=columns.named), partial(read, decode, row)


def _read_parquet(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingDependencyError(f"{show(path)} needs a package: pip install 'fact-harness[datasets]'") from error

    try:
        with path.open("rb") as opened, pq.ParquetFile(opened) as file:
            require_distinct(path, None, file.schema_arrow.names)
            wanted = columns.of_table(file.schema_arrow.names, RowPlace(show(path)))
            names = [name for each in wanted.values() for name in ([each] if isinstance(each, str) else each)]
            batches = file.iter_batches(_BATCH, columns=names)
            records = (record for batch in batches for record in batch.to_pylist())
            yield from _number_records(records, wanted, show(path))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        message = f"is not a readable Parquet file ({first_line(error).rstrip('.')}); get the file again"
        raise data_error(path, message) from None


def _number_records(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, str | list[str]], name: str, first: int = 1
) -> Iterator[Row]:
    for number, record in enumerate(records, start=first):
        row = RowPlace(name, number=number, columns=columns)
        yield row, partial(_to_entry, partial(dict, record), row)


def _to_entry(read: Callable[[], Mapping[str, Any]], row: RowPlace) -> dict[str, Any]:
    """Read a record and map its columns to the keys of an article; DataError if a list is text that is not JSON."""
    record = read()
    entry: dict[str, Any] = {"text": ""}
    for key, columns in row.columns.items():
        value = _select_value(record, columns)
        if key == "documents" and isinstance(value, str) and not value.lstrip().startswith("["):
            value = [text.strip() for text in value.split(_SEPARATOR) if text.strip()]
        if key in ("references", "facts", "documents") and isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise key_error(row, (key,), 'must be a JSON list: ["…", "…"]') from None
        if value is not None:
            entry[key] = value
    return entry


def _select_value(record: Mapping[str, Any], columns: str | list[str]) -> Any:
    """Return the cell of a column, or one list with the cells of several columns."""
    if isinstance(columns, str):
        return _drop_empty(record[columns])
    values = [value for column in columns if (value := _drop_empty(record[column])) is not None]
    if len(columns) == 1 and values and isinstance(values[0], str) and values[0].lstrip().startswith("["):
        return values[0]
    return [text for value in values for text in (value if isinstance(value, list) else [value])] or None


def _drop_empty(value: Any) -> Any:
    """Drop the empty parts of a value (a struct of Parquet has all keys), and write dates as text; None if empty."""
    if isinstance(value, list):
        return [each for each in map(_drop_empty, value) if each is not None] or None
    if isinstance(value, dict):
        return {key: kept for key, each in value.items() if (kept := _drop_empty(each)) is not None}
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, str) and not value.strip() else value


def _gather(rows: Iterable[Row], if_empty: Problem, path: str) -> Iterator[Item]:
    """Yield the articles of the rows, then raise DataError with all problems, or with ``if_empty`` if there is no row.

    Articles without text are problems only if no article has text.
    """
    first: dict[str, RowPlace] = {}
    problems: list[Problem] = []
    without_text: list[Problem] = []
    for row, read in rows:
        with collect_problems(problems):
            item = _build_item(read(), row, path)
            name = item.article.id
            if earlier := first.get(name):
                where = f"on line {earlier.line}" if earlier.line else f"in {earlier.problem((), '').file}"
                message = f"{name!r} is already the id of the article {where}; give each article its own id"
                raise key_error(row, ("id",), message)
            first[name] = row
            if fault := article_fault(item.article.text):
                without_text.append(row.problem(("text",), fault))
            yield item
    if not first and not problems:
        problems.append(if_empty)
    if problems or len(without_text) == len(first):
        distinct = merge_repeats([*problems, *without_text])
        rest = len(distinct) - _SHOWN
        more = [Problem(distinct[0].file, None, "", f"and {rest:,} more problems")] if rest > 0 else []
        raise DataError.of([*distinct[:_SHOWN], *more])


def _build_item(record: dict[str, Any], row: RowPlace, path: str) -> Item:
    entry = validate(RowEntry, {"text": "", **record} if "documents" in record else record, (), row)
    problems: list[Problem] = []
    text, documents = _join_documents(entry, row, problems)
    if fault := name_fault(entry.id):
        problems.append(row.problem(("id",), f"is {describe(entry.id) if entry.id.strip() else 'empty'}; {fault}"))
    references = _build_references(entry, row, problems)
    matter = (entry.title, entry.language, entry.date, entry.source)
    article = Article(entry.id, text, *matter, path=path, documents=documents)
    written = [
        {"id": f"f{number:02d}", "statement": fact} if isinstance(fact, str) else fact
        for number, fact in enumerate(entry.facts, start=1)
    ]
    checkable, _, faults = facts.parse_entries(written, article, row)
    if problems or faults:
        raise DataError.of([*problems, *faults])
    return Item(article, references, checkable)


def _join_documents(entry: RowEntry, row: RowPlace, problems: list[Problem]) -> tuple[str, tuple[Part, ...]]:
    """Return the article's text, and the places of its documents."""
    if not entry.documents:
        return entry.text, ()
    if entry.text:
        problems.append(row.problem(("text",), "is given together with documents; move it into documents"))
    named: dict[str, str] = {}
    for number, each in enumerate(entry.documents, start=1):
        document = DocumentEntry(text=each) if isinstance(each, str) else each
        name = document.name.strip() or f"document {number}"
        if is_blank(document.text):
            problems.append(row.problem(("documents", number - 1), "is empty; put its text here, or remove it"))
        if name in named:
            message = f"repeats the name {name!r}; rename one of the documents"
            problems.append(row.problem(("documents", number - 1), message))
        named[name] = document.text
    return join_documents(list(named.items()))


def _build_references(entry: RowEntry, row: RowPlace, problems: list[Problem]) -> tuple[Reference, ...]:
    texts = [*([] if entry.reference is None else [entry.reference]), *entry.references]
    if entry.reference is not None and entry.references:
        problems.append(row.problem(("reference",), "is set together with references; move it into references"))
    for index, text in enumerate(texts):
        if fault := reference_fault(text):
            key: Key = ("reference",) if entry.reference is not None else ("references", index)
            problems.append(row.problem(key, fault))
    return tuple(Reference(f"r{number:02d}", text) for number, text in enumerate(texts, start=1))
