"""Read articles from rows: lines of a JSONL file, rows of CSV, Parquet and data sets.

    {"id", "text", "title"?, "language"?, "date"?, "source"?, "references"? (or "reference"), "facts"?}

To have several texts summarised together, give ``documents`` instead of ``text``: a list of texts or of mappings
``{"name"?, "text"}``, or one text that is split at ``|||||``, as in Multi-News (Fabbri et al. 2019).

References are texts, with the ids r01, r02, …. Facts are statements, or mappings with the keys of ``facts.yaml``; those
without an id get f01, f02, …. A text cell may hold a list as JSON. CSV cells are text, so the id 007 keeps its zeros.
Empty cells and nulls count as missing keys.

Articles without text are loaded too; their summaries and scores are missing for that reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from harness.data import facts
from harness.data.articles.sources import Columns, DataSet, Table, is_saved
from harness.data.articles.texts import ArticleId, ArticleMatter, find_text_fault, join_documents
from harness.data.lines import Row, RowPlace, json_lines, merge_repeats, read_csv, require_distinct
from harness.data.validation import STRICT, collect_problems, data_error, key_error, validate
from harness.errors import DataError, MissingDependencyError, Problem, first_line
from harness.files import read_text, require_safe, show, stable_path, suggest_file
from harness.records import Article, Item, Part, Reference
from harness.text import is_blank

_LIST = re.compile(r"\s*\[\s*[\"'{].*[\"'}],?\s*\]\s*", re.DOTALL)
"""Matches attempts at a list, such as ``['a', 'b']``, but not text in brackets, such as ``[deleted]``."""


class DocumentEntry(BaseModel):
    model_config = STRICT

    text: str
    name: str = ""


class RowEntry(ArticleMatter):
    id: ArticleId
    text: str
    documents: list[str | DocumentEntry] = Field(default_factory=list)
    references: list[str] = Field(default_factory=list)
    facts: list[Any] = Field(default_factory=list)


def load_rows(rows: Iterable[tuple[RowPlace, Mapping[str, Any]]]) -> Iterator[Item]:
    """Yield the articles of rows in memory, then raise DataError with all problems."""
    entries = ((place, partial(_make_entry, {key: [row[key]] for key in row}, place)) for place, row in rows)
    return _gather(entries, Problem("articles", None, "", "is empty; give at least one article"), "")


def load_table(table: Table, limit: int | None = None) -> Iterator[Item]:
    """Yield at most ``limit`` articles of a CSV, Parquet or JSONL file, then raise DataError with all problems."""
    path = table.path
    if not path.is_file():
        raise data_error(path, f"does not exist{suggest_file(path)}")
    readers = {".csv": _read_csv, ".parquet": _read_parquet, ".jsonl": _read_jsonl}
    rows = islice(readers[path.suffix.lower()](path, table.columns), *table.rows)
    return _gather(islice(rows, limit), Problem(show(path), None, "", _explain_empty(table)), stable_path(path))


def load_text_files(files: Iterable[Path]) -> Iterator[Item]:
    """Yield one article for each file, with the file's name as its id, then raise DataError with all problems."""
    problems: list[Problem] = []
    for file in files:
        with collect_problems(problems):
            text = read_text(require_safe(file, file.parent)).replace("\r\n", "\n")
            yield _build_item({"id": file.stem, "text": text}, RowPlace(show(file)), stable_path(file))
    if problems:
        raise DataError.of(problems)


def load_data_set(data_set: DataSet, limit: int | None = None) -> Iterator[Item]:
    """Yield the articles of a data set of the ``datasets`` library, at most ``limit``."""
    table = _open_data_set(data_set)
    records = _iter_records(table, data_set)
    first = list(islice(records, 1))
    names = list(first[0] if first else table.column_names or [])
    columns = data_set.columns.of_table(names, RowPlace(data_set.name))
    rows = _number_records(chain(first, records), columns, data_set.name, data_set.rows[0] + 1)
    return _gather(islice(rows, limit), Problem(data_set.name, None, "", _explain_empty(data_set)), data_set.name)


def _explain_empty(source: Table | DataSet) -> str:
    if source.slice:
        return f"has no rows in the slice {source.slice}; rows are counted from 0"
    return "holds no article; write one row for each article"


def _open_data_set(data_set: DataSet) -> Any:
    folder, name = data_set.folder, data_set.name
    if folder is not None and not folder.is_dir():
        fault = "is a file; write path: instead of dataset:" if folder.exists() else "does not exist"
        raise data_error(folder, f"{fault}{suggest_file(folder)}")
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
            raise ValueError(f"it has no split {data_set.split!r}, only {', '.join(saved)}")
        return saved[data_set.split] if isinstance(saved, dict) else saved
    except ConnectionError:
        remedy = "go online once, or save it elsewhere (datasets.load_dataset(…).save_to_disk(FOLDER)) and name it"
        message = f"cannot be reached and is not in the local cache; {remedy}: dataset: ./FOLDER"
        raise DataError.at(name, message) from None
    except Exception as error:  # noqa: BLE001  # the library does not document what it raises
        remedy = "give its owner/name on the hub, with config, split and revision, or a folder: ./FOLDER"
        raise DataError.at(name, f"cannot be loaded: {first_line(error)}; {remedy}") from None


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
    for row, decode in json_lines(path):
        yield replace(row, columns=columns.named), partial(_to_entry, decode, row, columns)


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
            batches = file.iter_batches(batch_size=256, columns=list(chain.from_iterable(wanted.values())))
            records = (record for batch in batches for record in batch.to_pylist())
            yield from _number_records(records, wanted, show(path))
    except PermissionError as error:
        raise data_error(path, f"cannot be read: {error.strerror}") from None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        message = f"is not a readable Parquet file ({first_line(error).rstrip('.')}); get the file again"
        raise data_error(path, message) from None


def _number_records(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, Sequence[str]], name: str, first: int = 1
) -> Iterator[Row]:
    for number, record in enumerate(records, start=first):
        row = RowPlace(name, number=number, columns=columns)
        yield row, partial(_to_entry, partial(dict, record), row)


def _to_entry(read: Callable[[], Mapping[str, Any]], row: RowPlace, columns: Columns | None = None) -> dict[str, Any]:
    """Read a record and map its columns to the keys of an article; with ``columns``, each record has its own columns.

    Raises DataError if a column is missing, or if a cell is text that looks like a list but is not JSON.
    """
    record = read()
    if columns is not None:
        row = replace(row, columns=columns.of_table(list(record), row, "; write null if this row has no value"))
    return _make_entry({key: [record[name] for name in names] for key, names in row.columns.items()}, row)


def _make_entry(cells: Mapping[str, Sequence[Any]], row: RowPlace) -> dict[str, Any]:
    """Make an article's entry from its cells by key; the values of a list may come from several cells."""
    entry: dict[str, Any] = {"text": ""}
    for key, given in cells.items():
        try:
            values = [value for value in map(_drop_empty, given) if value is not None]
        except RecursionError:
            raise key_error(row, (), "is nested too deeply") from None
        if key in ("documents", "reference", "references", "facts"):
            whole = entry.setdefault("references" if key == "reference" else key, [])
            whole += [each for value in values for each in _to_list(value, key, row)]
        elif values:
            entry["documents" if isinstance(values[0], list) and key == "text" else key] = values[0]
    return entry


def _to_list(cell: Any, key: str, row: RowPlace) -> list[Any]:
    """Return the values of a cell, which may be a JSON list; a single value becomes a list of one."""
    if not isinstance(cell, str):
        return cell if isinstance(cell, list) else [cell]
    if cell.lstrip().startswith("[") and cell.rstrip().endswith("]"):
        try:
            return list(json.loads(cell))
        except (ValueError, RecursionError):
            if _LIST.fullmatch(cell):
                raise key_error(row, (key,), 'must be a JSON list: ["…", "…"]') from None
    if key == "documents":
        return [text for text in cell.split("|||||") if text.strip()]
    return [cell]


def _drop_empty(value: Any) -> Any:
    """Drop empty parts (Parquet structs keep every key) and write dates as text; empty text or lists become None."""
    if isinstance(value, list):
        return [each for each in map(_drop_empty, value) if each is not None] or None
    if isinstance(value, dict):
        return {key: kept for key, each in value.items() if (kept := _drop_empty(each)) is not None}
    if isinstance(value, date):
        return value.isoformat().removesuffix("T00:00:00")  # tables store a day as its midnight
    return None if isinstance(value, str) and is_blank(value) else value


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
            if fault := find_text_fault(item.article.text):
                without_text.append(row.problem(("text",), fault))
            yield item
    if len(without_text) == len(first):
        problems = [*problems, *without_text] or [if_empty]
    if problems:
        raise DataError.of(merge_repeats(problems))


def _build_item(record: dict[str, Any], row: RowPlace, path: str) -> Item:
    entry = validate(RowEntry, record, (), row)
    text, documents = _join_documents(entry, row)
    matter = (entry.title, entry.language, entry.date, entry.source)
    article = Article(entry.id, text, *matter, path=path, documents=documents)
    references = tuple(Reference(f"r{number:02d}", each) for number, each in enumerate(entry.references, start=1))
    entries = ({"statement": fact} if isinstance(fact, str) else fact for fact in entry.facts)
    written = [
        {"id": f"f{number:02d}", **fact} if isinstance(fact, dict) else fact
        for number, fact in enumerate(entries, start=1)
    ]
    checkable, _, problems = facts.parse_entries(written, article, row)
    if problems:
        raise DataError.of(problems)
    return Item(article, references, checkable)


def _join_documents(entry: RowEntry, row: RowPlace) -> tuple[str, tuple[Part, ...]]:
    """Return the article's text, and the places of its documents."""
    if not entry.documents:
        return entry.text, ()
    if entry.text:
        raise key_error(row, ("text",), "is given together with documents; move it into documents")
    named: dict[str, str] = {}
    for number, each in enumerate(entry.documents, start=1):
        document = DocumentEntry(text=each) if isinstance(each, str) else each
        name = document.name.strip() or f"document {number}"
        if name in named:
            message = f"repeats the name {name!r}; rename one of the documents"
            raise key_error(row, ("documents", number - 1), message)
        named[name] = document.text.strip()
    return join_documents(list(named.items()))
