"""Parse the sources of articles in a config: a path, a table and its columns, or a data set of ``datasets``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic.json_schema import WithJsonSchema

from harness.data.validation import Locator, key_error, suggest_name, validate
from harness.data.yaml import Key, describe
from harness.errors import DataError
from harness.files import portable_path, show
from harness.seams import FilePath, expand_home, resolve_path

TABLES = (".csv", ".parquet", ".jsonl")
"""Suffixes of files with one article per row."""

_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
USUAL_COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("id", "article_id", "doc_id"),
    "text": ("text", "article", "document", "documents", "dialogue", "source"),
    "references": ("references", "reference", "highlights", "summary", "target"),
}
"""Key of an article → names of columns that often hold it, likeliest first."""

Names = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Columns(BaseModel):
    """The table's column for each key of an article. If you name any, only these columns, id and text are read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str | None = None
    """The article's id, unique among all articles."""
    text: str | None = None
    """The article's text."""
    documents: str | None = None
    """Instead of the text: a column that holds a list of texts, or texts separated by |||||."""
    title: str | None = None
    """Its headline."""
    language: str | None = None
    """A language tag, such as en."""
    date: str | None = None
    """The day of publication, e.g. 2022-02-24."""
    source: str | None = None
    """The publisher."""
    reference: str | None = None
    """A summary that a person wrote."""
    references: Names = []
    """A column that holds a list of references (in CSV a JSON list), or several columns that hold one each."""
    facts: str | None = None
    """A column that holds a list of statements, or of mappings with the keys of facts.yaml (in CSV a JSON list)."""

    @property
    def named(self) -> dict[str, list[str]]:
        """Key of an article → the columns named for it."""
        return {key: [value] if isinstance(value, str) else value for key, value in self if value}

    def of_table(self, present: Sequence[str], place: Locator, hint: str = "") -> Mapping[str, Sequence[str]]:
        """Return a mapping: key of an article → the columns with its value.

        Raises DataError if a column is missing (``hint`` ends the message) or, if the config names none, unknown.
        """
        named = self.named
        needed = ("id", "documents" if "documents" in (named or present) else "text")
        problems = [
            place.problem(("columns", key), f"there is no column {column!r}; {suggest_name(column, present)}{hint}")
            for key, columns in named.items()
            for column in columns
            if column not in present
        ]
        missing = [key for key in needed if key not in named and key not in present]
        for key in missing:
            usual = next((name for name in USUAL_COLUMNS.get(key, ()) if name in present), "COLUMN")
            only = f", only {shorten(', '.join(present), 200, placeholder=' …')}" if present else ""
            message = f"there is no column {key!r}{only}; name the right one in a config: columns: {{{key}: {usual}}}"
            problems.append(place.problem((), message))
        if not named and not missing:
            unknown = dict.fromkeys(name for name in present if name not in Columns.model_fields)
            problems += [place.problem((), _explain_unknown(name)) for name in unknown]
        if problems:
            raise DataError.of(problems)
        return {key: [key] for key in (needed if named else present)} | named


def _explain_unknown(column: str) -> str:
    if not column.strip():
        return "a column has no name; name or remove it, or choose columns: {id: id, text: text}"
    hint = suggest_name(column, list(Columns.model_fields))
    key = next((key for key, names in USUAL_COLUMNS.items() if column in names), "")
    remedy = f"to map it: columns: {{{key}: {column}}}" if key else "to ignore it: columns: {text: text}"
    return f"the column {column!r} is not a key of an article; {hint}; {remedy} in a config"


class _Rows(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    columns: Columns = Field(default_factory=Columns)
    """Key of an article → column of the table."""
    slice: str | None = None
    """Only these rows: 0:500 is the first 500."""

    @field_validator("slice")
    @classmethod
    def _check_slice(cls, value: str | None) -> str | None:
        start, colon, stop = (value or ":1").partition(":")
        if not (colon and f"{start}{stop}".isdecimal()):
            message = "write FIRST:LAST, e.g. 0:500, 500: or :500; rows are counted from 0, and row LAST is left out"
            raise ValueError(message)
        if stop and int(start or 0) >= int(stop):
            raise ValueError("selects no rows; write the smaller number first")
        return value

    @property
    def rows(self) -> tuple[int, int | None]:
        """The first row, and the row after the last (None if the slice has no end)."""
        start, _, stop = (self.slice or ":").partition(":")
        return int(start or 0), int(stop) if stop else None


class Table(_Rows):
    """Articles in a CSV file (comma, header line, UTF-8), a Parquet file or a JSONL file: one per row."""

    path: FilePath
    """A .csv, .parquet or .jsonl file; relative to this file."""

    @field_validator("path")
    @classmethod
    def _check_format(cls, path: Path) -> Path:
        if path.suffix.lower() not in TABLES:
            raise ValueError(f"must end in {', '.join(TABLES)}; for a folder, write just its path")
        return path


class DataSet(_Rows):
    """Articles in a data set of the ``datasets`` library: one per row."""

    dataset: str
    """``owner/name`` on the hub, or a folder from save_to_disk or with Parquet, CSV or JSON files."""
    config: str | None = None
    """The data set's configuration, if it has several."""
    split: str = "test"
    """The split to read."""
    revision: str | None = None
    """The commit of a data set on the hub, so that everyone reads the same rows (default: the newest)."""
    streaming: bool = False
    """Read row by row over the network, instead of downloading the whole data set first."""

    @field_validator("dataset", mode="before")  # pydantic would drop the folder of a Located text
    @classmethod
    def _resolve_folder(cls, value: object) -> object:
        """Make a folder's path absolute; a name on the hub stays unchanged."""
        if not isinstance(value, str):
            return value
        path = resolve_path(value).absolute()
        return str(path) if value.startswith((".", "/", "~")) or path.exists() else value

    @property
    def folder(self) -> Path | None:
        """The data set's folder, if it is not on the hub."""
        path = Path(self.dataset)
        return path if path.is_absolute() else None

    @property
    def name(self) -> str:
        """Data set, configuration and split, for messages."""
        whose = show(self.folder) if self.folder else self.dataset
        return " ".join(part for part in (whose, self.config, self.split) if part)


ArticleSource = Path | Table | DataSet


def parse_source(entry: object, key: Key, place: Locator) -> ArticleSource:
    """Parse an entry of ``articles:``; raise DataError with every problem if it is invalid."""
    if isinstance(entry, Path):
        return entry
    if isinstance(entry, str):
        try:
            return resolve_path(entry)
        except ValueError as error:
            raise key_error(place, key, f"is {describe(entry)}; {error}") from None
    if isinstance(entry, dict) and "dataset" in entry:
        return validate(DataSet, entry, key, place)
    if isinstance(entry, dict) and "path" in entry:
        return validate(Table, entry, key, place)
    found = f"a mapping with {', '.join(entry)}" if entry and isinstance(entry, dict) else describe(entry)
    message = f"must be a path, or a mapping with path ({', '.join(TABLES)}) or dataset, not {found}"
    raise key_error(place, key, message)


def parse_name(name: str) -> str | dict[str, Any]:
    """Make the entry of ``articles:`` for a path or data set on the command line."""
    path = expand_home(name)
    if path.suffix.lower() in TABLES:
        return name
    on_hub = not path.exists() and not path.parent.is_dir() and _HUB_NAME.fullmatch(name)
    return {"dataset": name} if on_hub or is_saved(path) else name


def dump_source(entry: ArticleSource, folder: Path) -> str | dict[str, Any]:
    """Write a source for a config in ``folder``, with every option."""
    if isinstance(entry, Path):
        return portable_path(entry, folder)
    key, place = ("path", entry.path) if isinstance(entry, Table) else ("dataset", entry.folder)
    options = {**entry.model_dump(), "columns": {name: column for name, column in entry.columns if column}}
    if place is not None:
        path = portable_path(place, folder)
        options[key] = path if path.startswith((".", "/", "~")) else f"./{path}"
    return {name: value for name, value in options.items() if value not in (None, {})}


def is_saved(folder: Path) -> bool:
    """True if ``save_to_disk`` of ``datasets`` wrote the folder."""
    return any((folder / file).is_file() for file in ("dataset_dict.json", "state.json"))
