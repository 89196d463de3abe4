"""Where articles come from, as a config says it: a path, a table and its columns, or a data set of ``datasets``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    field_validator,
)

from harness.data.datasets_library import is_saved
from harness.data.validation import Locator, key_error, suggest_name, validate
from harness.data.yaml import Key, describe
from harness.errors import DataError
from harness.files import portable, show
from harness.seams import FilePath, expanded

TABLES = (".csv", ".parquet")
ROWS = (*TABLES, ".jsonl")
"""Files whose columns can be named."""

_PATH: TypeAdapter[Path] = TypeAdapter(FilePath)
_HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
_NEEDED = ("id", "text")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _ordered(value: str) -> str:
    start, colon, stop = value.partition(":")
    if not (colon and f"{start}{stop}".isdecimal()):
        raise ValueError("write FIRST:LAST, rows counted from 0 and LAST left out, such as 0:500, 500: or :500")
    if stop and int(start or 0) >= int(stop):
        raise ValueError("holds no row; write the smaller number first")
    return value


def _placed(value: object) -> object:
    """A path as an absolute one, from the folder of the config that names it; what the hub holds as it is."""
    if not isinstance(value, str):
        return value
    path = _PATH.validate_python(value).absolute()
    return str(path) if value.startswith((".", "/", "~")) or path.exists() else value


Names = Annotated[
    list[str],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Rows = Annotated[str, AfterValidator(_ordered)]


class Columns(BaseModel):
    """What a table calls the keys of an article. Where any is named, only those are read, beside id and text."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str | None = None
    """The article's name, unique among all."""
    text: str | None = None
    """The article."""
    title: str | None = None
    """Its headline."""
    language: str | None = None
    """A language tag, such as en."""
    date: str | None = None
    """The day of publication, as 2022-02-24."""
    source: str | None = None
    """Who published it."""
    reference: str | None = None
    """A summary that a person wrote."""
    references: Names = []
    """A column that holds a list of them (in CSV a JSON list), or several columns that hold one each."""
    facts: str | None = None
    """A column that holds a list of statements, or of mappings with the keys of facts.yaml (in CSV a JSON list)."""

    @property
    def named(self) -> dict[str, str | list[str]]:
        """Key of an article → the column, or columns, that were named for it."""
        return {key: value for key, value in self if value}

    def of_table(self, present: Sequence[str], place: Locator) -> Mapping[str, str | list[str]]:
        """Key of an article → the column, or columns, that hold it.

        DataError where a column is not there or, with no column named, one is there that no key is called by.
        """
        named = self.named
        wanted = {key: key for key in (_NEEDED if named else present)} | named
        missing = [key for key in _NEEDED if key not in wanted]
        problems = [
            place.problem(("columns", key), _absent(key, column, present, key in named))
            for key, columns in (*wanted.items(), *zip(missing, missing, strict=True))
            for column in ([columns] if isinstance(columns, str) else columns)
            if column not in present
        ]
        if not missing:
            problems += [place.problem((), _unknown(key)) for key in wanted if key not in Columns.model_fields]
        if problems:
            raise DataError.of(problems)
        return wanted


class _Rows(BaseModel):
    """What a config may say of any table: its columns, and which of its rows are read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    columns: Columns = Field(default_factory=Columns)
    """Key of an article → column of the table."""
    slice: Rows | None = None
    """Only these rows: 0:500 are the first 500."""

    @property
    def rows(self) -> tuple[int, int | None]:
        """The first row, and the one after the last; None where the slice has no end."""
        start, _, stop = (self.slice or ":").partition(":")
        return int(start or 0), int(stop) if stop else None


class Table(_Rows):
    """Articles in a CSV file (comma, header line, UTF-8), a Parquet file or a JSONL file, a row each."""

    path: FilePath
    """A .csv, .parquet or .jsonl file; relative to this file."""

    @field_validator("path")
    @classmethod
    def _known_format(cls, path: Path) -> Path:
        if path.suffix.lower() not in ROWS:
            raise ValueError(f"must end in {', '.join(ROWS)}; a folder is written as its path")
        return path


class DataSet(_Rows):
    """Articles in a data set of the ``datasets`` library, a row each."""

    dataset: Annotated[str, BeforeValidator(_placed)]
    """``owner/name`` of the hub, or a folder: one that save_to_disk wrote, or one with Parquet, CSV or JSON files."""
    config: str | None = None
    """The data set's configuration, where it has several."""
    split: str = "test"
    """The split that is read."""
    revision: str | None = None
    """The commit of a data set of the hub, so that everybody reads the same rows; its newest where left out."""
    streaming: bool = False
    """Read row by row over the network, instead of fetching and keeping the whole data set first."""

    @property
    def folder(self) -> Path | None:
        """Where it lies, if it is not one of the hub."""
        path = Path(self.dataset)
        return path if path.is_absolute() else None

    @property
    def name(self) -> str:
        """Data set, configuration and split, for messages."""
        whose = show(self.folder) if self.folder else self.dataset
        return " ".join(part for part in (whose, self.config, self.split) if part)


ArticleSource = Path | Table | DataSet


def source(entry: object, key: Key, place: Locator) -> ArticleSource:
    """An entry of ``articles:``; DataError, with every problem, where it is none."""
    if isinstance(entry, str):
        try:
            return _PATH.validate_python(entry)
        except ValidationError as error:
            message = str(error.errors()[0]["ctx"]["error"])
            raise key_error(place, key, f"is {describe(entry)}; {message}") from None
    if isinstance(entry, dict) and "dataset" in entry:
        return validate(DataSet, entry, key, place)
    if isinstance(entry, dict) and "path" in entry:
        return validate(Table, entry, key, place)
    message = f"is {describe(entry)}; write a path, or a mapping with path ({', '.join(ROWS)}) or dataset"
    raise key_error(place, key, message)


def typed(name: str, options: Mapping[str, Any]) -> str | dict[str, Any]:
    """An entry of ``articles:`` from the name that a person types, with the options of its kind."""
    path = expanded(name)
    if path.suffix.lower() in ROWS:
        return {"path": name, **options} if options else name
    on_hub = not path.exists() and _HUB_NAME.fullmatch(name)
    return {"dataset": name, **options} if options or on_hub or is_saved(path) else name


def written(entry: ArticleSource, folder: Path) -> str | dict[str, Any]:
    """A source as a config in ``folder`` writes it, every option in full."""
    if isinstance(entry, Path):
        return portable(entry, folder)
    key, place = ("path", entry.path) if isinstance(entry, Table) else ("dataset", entry.folder)
    options = {**entry.model_dump(), "columns": {name: column for name, column in entry.columns if column}}
    if place is not None:
        path = portable(place, folder)
        options[key] = path if path.startswith((".", "/", "~")) else f"./{path}"
    return {name: value for name, value in options.items() if value not in (None, {})}


def _absent(key: str, column: str, present: Sequence[str], named: bool) -> str:
    if named:
        return f"there is no column {column!r}; {suggest_name(column, present)}"
    return f"no column is called {key!r}; name one: columns: {{{key}: COLUMN}} ({suggest_name(key, present)})"


def _unknown(column: str) -> str:
    if not column.strip():
        return (
            "a column has no name; name it or remove it, or say which columns to read, as columns: {id: id, text: text}"
        )
    keys = suggest_name(column, list(Columns.model_fields))
    return f"the column {column!r} is no key of an article; {keys}; say what it holds, as columns: {{KEY: {column}}}"
