"""Read people's ratings of summaries from the columns of a JSONL or CSV file.

    {"article_id", "system", "sample"?, "summary"?, "coherence": 4, "fluency": [5, 4, 5]}

A rating is a number, or a list with a number from each annotator. Several rows about one summary are several
annotators. A column is a rating if it holds only numbers; other columns are ignored.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import starmap
from pathlib import Path
from typing import Any

from harness.data.lines import RowPlace, json_lines, merge_repeats, parse_rows, read_csv
from harness.data.validation import collect_problems, data_error, key_error, suggest_name
from harness.data.yaml import describe
from harness.errors import DataError, Problem
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
    """Column that is ignored because some of its cells are not numbers → one of these cells, with its line."""


def read_ratings(path: Path, columns: Collection[str] = ()) -> Ratings:
    """Read the ratings in a file, or in these columns of it; DataError lists every row that cannot be used."""
    form = path.suffix.lower()
    if form not in (".jsonl", ".csv"):
        raise data_error(path, "is neither .jsonl nor .csv; export the ratings as one of these")
    rows = parse_rows(
        json_lines(path) if form == ".jsonl" else read_csv(path)[2],
        lambda record, row: (record if form == ".jsonl" else dict(starmap(_parse_cell, record.items())), row),
    )
    if not rows:
        raise data_error(path, "has no rows; write one for each rated summary")
    rated: dict[Place, RatedSummary] = {}
    chosen, ignored = _choose_columns(path, rows, columns)
    problems: list[Problem] = []
    for record, row in rows:
        with collect_problems(problems):
            place, text = _read_place(record, row), record.get(SUMMARY)
            summary = rated.setdefault(place, RatedSummary(place, text if isinstance(text, str) else None))
            for column in chosen:
                if _is_given(value := record.get(column)):
                    if (numbers := _read_numbers(value)) is None:
                        raise key_error(row, (column,), f"must be a number or a list of numbers, not {describe(value)}")
                    summary.ratings[column] += numbers
    if problems:
        raise DataError.of(merge_repeats(problems))
    return Ratings(chosen, tuple(rated.values()), ignored)


def _choose_columns(
    path: Path, rows: list[tuple[dict[str, Any], RowPlace]], wanted: Collection[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the columns of ratings, and the ignored columns (see ``Ratings``); DataError if no column has ratings."""
    own = (ARTICLE, SYSTEM, SAMPLE, SUMMARY)
    names = dict.fromkeys(name for record, _ in rows for name in record if name not in own)
    if unknown := next((name for name in wanted if name not in names), None):
        raise data_error(path, f"has no column {unknown!r}; {suggest_name(unknown, list(names))}")
    if wanted:
        return tuple(wanted), {}
    chosen, ignored = [], {}
    for name in names:
        given = [(row, record[name]) for record, row in rows if _is_given(record.get(name))]
        other = next(((row, value) for row, value in given if _read_numbers(value) is None), None)
        if given and other is None:
            chosen.append(name)
        elif other and any(_read_numbers(value) for _, value in given):
            ignored[name] = f"{describe(other[1])} on line {other[0].line}"
    if not chosen:
        texts = {name: f" has {example}" for name, example in ignored.items()}
        found = ", ".join(f"{name}{texts.get(name, '')}" for name in names) or "none"
        raise data_error(path, f"has no column of numbers (other columns: {found}); write each rating as a number")
    return tuple(chosen), ignored


def _read_place(record: Mapping[str, object], row: RowPlace) -> Place:
    for key in (ARTICLE, SYSTEM):
        value = record.get(key)
        if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
            found = f"is missing; keys found: {', '.join(record)}" if value is None else f"is {describe(value)}"
            raise key_error(row, (key,), f"{found}; name the {key.removesuffix('_id')} as the run does")
    sample = record.get(SAMPLE, 0)
    try:
        number = int(str(sample or 0))
    except ValueError:
        raise key_error(row, (SAMPLE,), f"must be the sample's number, from 0, not {describe(sample)}") from None
    return Place(str(record[SYSTEM]), str(record[ARTICLE]), number)


def _is_given(value: object) -> bool:
    return value is not None and value != "" and value != []


def _read_numbers(value: object) -> list[float] | None:
    """Read the numbers of a cell or a list; None if it holds anything else."""
    cells = value if isinstance(value, list) else [value]
    numbers = [float(each) for each in cells if isinstance(each, int | float) and not isinstance(each, bool)]
    return numbers if len(numbers) == len(cells) and all(map(math.isfinite, numbers)) else None


def _parse_cell(name: str, cell: str) -> tuple[str, object]:
    """Parse a cell of CSV as JSON (a number or a list) if possible; ids and summaries stay text."""
    if name not in (ARTICLE, SYSTEM, SUMMARY):
        with suppress(ValueError, RecursionError):
            return name, json.loads(cell)
    return name, cell.strip()
