"""Labelled rows from a data set of the ``datasets`` library: on the hub, in a folder, or in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from harness.data import datasets_library
from harness.data.lines import RowPlace
from harness.data.pairs.labelled import Corpus, corpus_of
from harness.data.validation import suggest_name
from harness.errors import UsageError, first_line

KEYS = ("premise", "hypothesis", "label", "group", "system", "kind")


@dataclass(frozen=True, slots=True)
class HubSet:
    """Which rows to read, and the names of their columns and labels."""

    name: str
    """``owner/name`` or ``owner/name:config`` on the hub, a folder, or a file (.jsonl, .csv, .parquet)."""
    split: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our key → column (default: the key's own name)."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The data set's label, number or name → our label."""


def read(data_set: HubSet) -> Corpus:
    """The labelled rows; UsageError if the data set cannot be loaded, DataError if a row is bad."""
    if unknown := next((key for key in data_set.columns if key not in KEYS), None):
        raise UsageError(
            f"--map {unknown}={data_set.columns[unknown]}: {unknown!r} is not a key; {suggest_name(unknown, KEYS)}"
        )
    return corpus_of(f"{data_set.name} ({data_set.split})", _rows(_loaded(data_set), data_set))


def _loaded(data_set: HubSet) -> Any:
    name, _, config = (data_set.name, "", "") if Path(data_set.name).exists() else data_set.name.partition(":")
    try:
        return datasets_library.load(name, config or None, data_set.split)
    except Exception as error:  # noqa: BLE001  # the library does not document what it raises
        raise UsageError(
            f"the data set {data_set.name!r} (split {data_set.split!r}) cannot be loaded: {first_line(error)}\n"
            "give owner/name or owner/name:config of the hub, a folder, or a .jsonl, .csv or .parquet file; and --split"
        ) from None


def _rows(table: Any, data_set: HubSet) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    """The place of each row, and a function that returns it under our keys."""
    columns = {key: data_set.columns.get(key, key) for key in KEYS}
    for key, column in columns.items():
        if column not in table.column_names and (key in data_set.columns or key in KEYS[:3]):
            hint = suggest_name(column, table.column_names)
            message = (
                f"the data set {data_set.name!r} has no column {column!r}; {hint}; name it with --map {key}=COLUMN"
            )
            raise UsageError(message)
    names = getattr(table.features[columns["label"]], "names", None)
    for number, row in enumerate(table, start=1):
        data = {key: row[column] for key, column in columns.items() if row.get(column) is not None}
        data["label"] = _word(data.get("label"), names, data_set)
        yield RowPlace(data_set.name, number=number), partial(dict, data)


def _word(label: object, names: list[str] | None, data_set: HubSet) -> object:
    """The label's name, translated by ``words``."""
    if names is not None and type(label) is int and 0 <= label < len(names):
        label = names[label]
    if str(label) in data_set.words:
        return data_set.words[str(label)]
    if type(label) is int:
        message = f"the data set {data_set.name!r} has the label {label}, and only its card says what that means"
        raise UsageError(f"{message}; name it with --labels, e.g. --labels 1=supported,0=unsupported")
    return label
