"""Articles from a data set of the ``datasets`` library: on the hub, or in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from harness.data import datasets_library
from harness.data.articles.rows import gather
from harness.data.articles.sources import DataSet
from harness.data.articles.tables import placed
from harness.data.lines import RowPlace
from harness.data.validation import suggest_name
from harness.errors import DataError, Problem, first_line
from harness.records import Item

_SPLITS = re.compile(r"(?:Should be one of|Available splits:|its splits are) \[?([^\]]+)")
_OFFLINE = (
    "cannot be reached, and is not in the local cache; go on the network once, or fetch it elsewhere "
    "(datasets.load_dataset(…).save_to_disk(FOLDER)) and write the folder: dataset: ./FOLDER"
)


def load(data_set: DataSet, limit: int | None = None) -> Iterator[Item]:
    """The articles of a data set in order, ``limit`` at most.

    DataError where it cannot be loaded, and with the problems of all rows that are no articles.
    """
    table = _opened(data_set)
    records = _records(table, data_set)
    first = list(islice(records, 1))
    names = list(first[0] if first else table.column_names or [])
    columns = data_set.columns.of_table(names, RowPlace(data_set.name))
    rows = placed(chain(first, records), columns, data_set.name, data_set.rows[0] + 1)
    beyond = f"has no row in the slice {data_set.slice}; rows are counted from 0" if data_set.slice else "has no row"
    return gather(islice(rows, limit), Problem(data_set.name, None, "", beyond), data_set.name)


def _records(table: Any, data_set: DataSet) -> Iterator[dict[str, Any]]:
    """The rows of the slice: those of a table on disk are found by their number, those of a stream by counting."""
    start, stop = data_set.rows
    if hasattr(table, "__len__"):
        end = len(table) if stop is None else min(stop, len(table))
        yield from table.select(range(start, end)) if start < end else ()
        return
    try:
        yield from islice(table.skip(start), None if stop is None else stop - start)
    except Exception as error:  # noqa: BLE001  # the network may go at any row, and what is raised is not documented
        raise DataError.at(data_set.name, f"stopped while it was read: {first_line(error)}") from None


def _opened(data_set: DataSet) -> Any:
    """The split, as a table on disk or a stream of rows."""
    folder = data_set.folder
    if folder is not None and not folder.is_dir():
        raise DataError.at(
            data_set.name, "is a file; name it by path:" if folder.exists() else "there is no such folder"
        )
    try:
        return datasets_library.load(
            data_set.dataset, data_set.config, data_set.split, data_set.revision, data_set.streaming
        )
    except ConnectionError:
        raise DataError.at(data_set.name, _OFFLINE) from None
    except Exception as error:  # noqa: BLE001  # what the library raises is not documented; every failure is told
        raise DataError.at(data_set.name, _why(error, data_set)) from None


def _why(error: Exception, data_set: DataSet) -> str:
    if splits := _SPLITS.search(str(error)):
        names = re.findall(r"[\w.-]+", splits[1])
        return f"there is no split {data_set.split!r}; {suggest_name(data_set.split, names)}"
    return (
        f"cannot be loaded: {first_line(error)}; give owner/name of the hub with its config, split and revision, "
        "or a folder: ./FOLDER"
    )
