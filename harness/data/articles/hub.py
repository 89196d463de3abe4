"""Articles from a data set of the ``datasets`` library: on the hub, or in a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from harness.data.articles import tables
from harness.data.articles.rows import gather
from harness.data.articles.sources import DataSet
from harness.data.checked import nearest
from harness.errors import DataError, Problem, first_line
from harness.records import Item

_SPLITS = re.compile(r"(?:Should be one of|Available splits:) \[(.*?)\]", re.DOTALL)
_OFFLINE = (
    "cannot be reached, and is not in the local cache; go on the network once, or fetch it elsewhere "
    "(datasets.load_dataset(…).save_to_disk(FOLDER)) and write the folder: dataset: ./FOLDER"
)


def load(wanted: DataSet, limit: int | None = None) -> Iterator[Item]:
    """The articles of a data set in order, ``limit`` at most.

    DataError where it cannot be loaded, and with the problems of all rows that are no articles.
    """
    table = _opened(wanted)
    start, stop = wanted.rows
    records = _records(table, wanted, start, stop)
    first = next(records, None)
    names = list(first) if first is not None else list(table.column_names or [])
    columns = wanted.columns.among(names, tables.Numbered(wanted.name, 0))
    everything = chain([first] if first is not None else [], records)
    rows = tables.placed(everything, columns, wanted.name, start + 1)
    beyond = f"has no row in the slice {wanted.slice}; rows are counted from 0" if wanted.slice else "has no row"
    return gather(islice(rows, limit), _problem(wanted, beyond))


def _records(table: Any, wanted: DataSet, start: int, stop: int | None) -> Iterator[dict[str, Any]]:
    """The rows of the slice: those of a table on disk are found by their number, those of a stream by counting."""
    if hasattr(table, "__len__"):
        end = len(table) if stop is None else min(stop, len(table))
        yield from table.select(range(start, end)) if start < end else ()
        return
    try:
        yield from islice(table.skip(start), None if stop is None else stop - start)
    except Exception as error:  # noqa: BLE001  # the network may go at any row, and what is raised is not documented
        raise DataError.of([_problem(wanted, f"stopped while it was read: {first_line(error)}")]) from None


def _opened(wanted: DataSet) -> Any:
    """The split, as a table on disk or a stream of rows."""
    import datasets

    datasets.disable_progress_bars()
    folder = wanted.folder
    if folder is not None and not folder.is_dir():
        fault = "is a file; name it by path:" if folder.exists() else "there is no such folder"
        raise DataError.of([_problem(wanted, fault)])
    try:
        if folder is not None and (folder / "dataset_dict.json").is_file():
            return _split(datasets.load_from_disk(str(folder)), wanted)
        if folder is not None and (folder / "state.json").is_file():
            return datasets.load_from_disk(str(folder))
        return datasets.load_dataset(
            wanted.dataset,
            wanted.config,
            split=wanted.split,
            revision=wanted.revision,
            streaming=wanted.streaming,
        )
    except DataError:
        raise
    except ConnectionError:
        raise DataError.of([_problem(wanted, _OFFLINE)]) from None
    except Exception as error:  # noqa: BLE001  # what the library raises is not documented; every failure is told
        raise DataError.of([_problem(wanted, _why(error, wanted))]) from None


def _split(splits: Any, wanted: DataSet) -> Any:
    if wanted.split not in splits:
        raise DataError.of([_problem(wanted, _no_split(wanted, list(splits)))])
    return splits[wanted.split]


def _why(error: Exception, wanted: DataSet) -> str:
    if splits := _SPLITS.search(str(error)):
        return _no_split(wanted, re.findall(r"[\w.-]+", splits[1]))
    return (
        f"cannot be loaded: {first_line(error)}; give owner/name of the hub with its config, split and revision, "
        "or a folder: ./FOLDER"
    )


def _no_split(wanted: DataSet, splits: list[str]) -> str:
    return f"there is no split {wanted.split!r}; {nearest(wanted.split, splits)}"


def _problem(wanted: DataSet, message: str) -> Problem:
    return Problem(wanted.name, None, "", message)
