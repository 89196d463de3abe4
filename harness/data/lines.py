"""Read lines of JSONL and rows of CSV files, each with its place for messages."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from harness.data.validation import collect_problems, data_error, key_error
from harness.data.yaml import Key, describe, format_key
from harness.document.format import plural
from harness.errors import DataError, Problem
from harness.files import read_lines, read_text, show

T = TypeVar("T")

MOST_PROBLEMS = 50
"""Maximum number of distinct problems that a message lists. A file with more usually has one fault in every row."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A line of a text file, or a row of a table without lines, such as Parquet."""

    file: str
    line: int = 0
    """1-based line; 0 if the table has no lines."""
    number: int = 0
    """1-based number of a row in a table without lines; 0 for the table itself."""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Key → the table's columns that hold its value, usually one."""

    def problem(self, key: Key, message: str) -> Problem:
        """Make a problem at a key of the row; the problem names the table's column for that key."""
        columns = self.columns.get(str(key[0]), ()) if key else ()
        place = (*columns, *key[1:]) if len(columns) == 1 else key
        if not self.number:
            return Problem(self.file, self.line or None, format_key(place), message)
        message = message.replace("put it in quotes", "convert the column to text")  # a table's cells have no quotes
        return Problem(f"{self.file} row {self.number}", None, format_key(place), message)


Row = tuple[RowPlace, Callable[[], dict[str, Any]]]
"""The place of a row, and a function that reads the row or raises DataError."""


def json_lines(path: Path, text: str | None = None) -> Iterator[Row]:
    """Yield the rows (JSON objects) of a JSONL file, or of ``text`` if given."""
    name = show(path)
    if path.suffix.lower() in (".csv", ".tsv", ".xlsx", ".ods"):
        raise data_error(path, "is a table, not JSONL; convert it to .jsonl, with one JSON object per row")
    for number, line in read_lines(path) if text is None else enumerate(StringIO(text, newline="\n"), start=1):
        if line.strip():
            place = RowPlace(name, number)
            yield place, partial(_decode, line.removesuffix("\n"), place)


def read_csv(path: Path) -> tuple[RowPlace, list[str], Iterator[Row]]:
    """Return the place of the header, its names, and the rows: mappings from these names to text."""
    csv.field_size_limit(2**31 - 1)  # the default, about 130,000 characters, is too small for long articles
    rows = _iter_cells(path)
    line, cells = next(rows, (1, []))
    names = [cell.strip() for cell in cells]
    for sign, separator in ((";", "';'"), ("\t", "tabs")):
        if len(cells) == 1 and sign in cells[0]:
            raise data_error(path, f"separates columns with {separator}; export it with commas", line)
    require_distinct(path, line, names)
    header = RowPlace(show(path), line)

    def read(cells: list[str], place: RowPlace) -> dict[str, Any]:
        if len(cells) != len(names):
            fault = f"has {len(cells)} fields, but the header has {len(names)}"
            hint = "; put text that has commas in double quotes" if len(cells) > len(names) else ""
            raise key_error(place, (), fault + hint)
        return dict(zip(names, cells, strict=True))

    places = ((replace(header, line=number), cells) for number, cells in rows)
    return header, names, ((place, partial(read, cells, place)) for place, cells in places)


def require_distinct(path: Path, line: int | None, names: Iterable[str]) -> None:
    if repeated := [name for name, count in Counter(names).items() if count > 1 and name.strip()]:
        raise data_error(path, f"has several columns named {repeated[0]!r}; rename or remove all but one", line)


def parse_rows(rows: Iterable[Row], parse: Callable[[dict[str, Any], RowPlace], T]) -> list[T]:
    """Parse every row; a DataError lists the problems of all rows."""
    values: list[T] = []
    problems: list[Problem] = []
    for place, read in rows:
        with collect_problems(problems):
            values.append(parse(read(), place))
    if problems:
        raise DataError.of(merge_repeats(problems))
    return values


def merge_repeats(problems: Sequence[Problem]) -> list[Problem]:
    """Merge equal problems of several lines into the first one, which then says how many more lines have it."""
    counts = Counter((problem.key, problem.message) for problem in problems)
    distinct = []
    for problem in problems:
        if count := counts.pop((problem.key, problem.message), 0):
            more = f" (and on {plural(count - 1, 'more line')})" if count > 1 else ""
            distinct.append(replace(problem, message=problem.message + more))
    if (rest := len(distinct) - MOST_PROBLEMS) > 0:
        distinct[MOST_PROBLEMS:] = [Problem("", None, "", f"and {plural(rest, 'more problem')}")]
    return distinct


def _decode(line: str, place: RowPlace) -> dict[str, Any]:
    try:
        data: object = json.loads(line, object_pairs_hook=_refuse_repeats)
        if "\\u" in line:  # half of a surrogate pair can only come from an escape
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "holds half of a surrogate pair (\\ud800 to \\udfff); write the character, or remove it"
    except RecursionError:
        message = "is nested too deeply"
    except json.JSONDecodeError as error:
        fault = re.sub(r" delimiter$|( starting)? at$", "", error.msg).replace("Expecting", "expected")
        message = f"is not valid JSON: {fault[0].lower()}{fault[1:]} at column {error.colno}; write one object per line"
    except ValueError as error:  # a repeated key, or a number with thousands of digits
        message = f"is not valid JSON: {re.sub('^Exceeds.*', 'a number has over 4,300 digits; shorten it', str(error))}"
    else:
        if isinstance(data, dict):
            return data
        message = f"must be a JSON object, not {describe(data)}; write one object per line"
    raise key_error(place, (), message)


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the key {name!r} occurs twice; keep one of them")
    return mapping


def _iter_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (1-based first line, cells) for each row that is not blank; Excel writes blank ones as ``,,``."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield line, cells
                line = reader.line_num + 1
    except csv.Error as error:
        raise data_error(path, f"is not CSV ({error}); check the quotes and commas from here on", line) from None
    except (UnicodeDecodeError, OSError):
        read_text(path)  # raises a DataError that says what to do
        raise
