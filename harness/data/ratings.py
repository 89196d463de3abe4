"""Read people's ratings of summaries from the columns of a JSONL or CSV file.

    {"article_id", "system", "sample"?, "summary"?, "coherence": 4, "fluency": [5, 4, 5]}

A rating is a number, or a list with a number from each annotator. Further rows about the same summary add annotators.
Every column that holds only numbers is a rating; other columns are ignored.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness.data.lines import RowPlace, as_object, csv_rows, field_fault, json_lines, merge_repeats, require_one_each
from harness.data.validation import collect_problems, data_error, key_error, suggest_name
from harness.data.yaml import describe
from harness.errors import DataError, Problem
from harness.files import lines, show
from harness.records import Place

ARTICLE, SYSTEM, SAMPLE, SUMMARY = "article_id", "system", "sample", "summary"


@dataclass(slots=True)
class RatedSummary:
    """A summary with its ratings; ``text`` is None if the file does not have it."""

    place: Place
    text: str | None = None
    ratings: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Column → one rating per annotator."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """A file of ratings."""

    columns: tuple[str, ...]
    summaries: tuple[RatedSummary, ...]
    ignored: Mapping[str, str]
    """Column that holds numbers and something else → an example of the latter, with its line."""


def read_ratings(path: Path, columns: Collection[str] = ()) -> Ratings:
    """Read the ratings in a file, or in these columns of it; DataError lists every row that cannot be used."""
    rows: list[tuple[RowPlace, dict[str, object]]] = []
    problems: list[Problem] = []
    for row, read in _READERS.get(path.suffix.lower(), _refuse)(path):
        with collect_problems(problems):
            rows.append((row, as_object(read(), row)))
    rated: dict[Place, RatedSummary] = {}
    chosen, ignored = _choose_columns(path, rows, columns)
    for row, record in rows:
        with collect_problems(problems):
            place = _read_place(record, row)
            text = record.get(SUMMARY)
            summary = rated.setdefault(place, RatedSummary(place, text if isinstance(text, str) else None))
            for column in chosen:
                if _is_given(value := record.get(column)):
                    if (numbers := _read_numbers(value)) is None:
                        raise key_error(row, (column,), f"is {describe(value)}; write a number, or a list of numbers")
                    summary.ratings[column] += numbers
    if not rows and not problems:
        raise data_error(path, "has no rows; write one for each rated summary")
    if problems:
        raise DataError.of(merge_repeats(problems))
    return Ratings(chosen, tuple(rated.values()), ignored)


def _choose_columns(
    path: Path, rows: list[tuple[RowPlace, dict[str, object]]], wanted: Collection[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Choose the rating columns, and the columns that hold numbers and something else; DataError if none holds
    ratings."""
    own = (ARTICLE, SYSTEM, SAMPLE, SUMMARY)
    names = dict.fromkeys(name for _, record in rows for name in record if name not in own)
    if unknown := next((name for name in wanted if name not in names), None):
        raise data_error(path, f"has no column {unknown!r}; {suggest_name(unknown, list(names))}")
    if wanted:
        return tuple(wanted), {}
    chosen, ignored = [], {}
    for name in names:
        given = [(row, record[name]) for row, record in rows if _is_given(record.get(name))]
        other = next(((row, value) for row, value in given if _read_numbers(value) is None), None)
        if given and other is None:
            chosen.append(name)
        elif other and any(_read_numbers(value) for _, value in given):
            ignored[name] = f"{describe(other[1])} on line {other[0].line}"
    if rows and not chosen:
        found = ", ".join(names) or "none"
        raise data_error(path, f"has no column of numbers (other columns: {found}); write each rating as a number")
    return tuple(chosen), ignored


def _read_place(record: Mapping[str, object], row: RowPlace) -> Place:
    for key in (ARTICLE, SYSTEM):
        value = record.get(key)
        if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
            found = "is missing" if value is None else f"is {describe(value)}"
            raise key_error(row, (key,), f"{found}; name the {key.removesuffix('_id')} as the run does")
    sample = record.get(SAMPLE, 0)
    try:
        number = int(str(sample or 0))
    except ValueError:
        raise key_error(row, (SAMPLE,), f"is {describe(sample)}; write the sample's number, from 0") from None
    return Place(str(record[SYSTEM]), str(record[ARTICLE]), number)


def _is_given(value: object) -> bool:
    return value is not None and value != "" and value != []


def _read_numbers(value: object) -> list[float] | None:
    """Read the numbers of a cell or a list; None if it holds anything else."""
    cells = value if isinstance(value, list) else [value]
    numbers = [float(each) for each in cells if isinstance(each, int | float) and not isinstance(each, bool)]
    return numbers if len(numbers) == len(cells) and all(map(math.isfinite, numbers)) else None


def _read_jsonl(path: Path) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    return json_lines(lines(path), path)


def _read_csv(path: Path) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    rows = csv_rows(path)
    line, names = next(rows, (1, []))
    require_one_each(path, line, names)

    def read(cells: list[str], row: RowPlace) -> object:
        if fault := field_fault(cells, names):
            raise key_error(row, (), fault)
        named = zip(names, cells, strict=True)
        return {name: cell if name in (ARTICLE, SYSTEM, SUMMARY) else _read_cell(cell) for name, cell in named}

    for line, cells in rows:
        row = RowPlace(show(path), line)
        yield row, partial(read, cells, row)


def _read_cell(cell: str) -> object:
    """Parse a cell as JSON (a number or a list); otherwise return its text."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell.strip()


def _refuse(path: Path) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    raise data_error(path, "is neither .jsonl nor .csv; export the ratings as one of these")


_READERS = {".jsonl": _read_jsonl, ".csv": _read_csv}
