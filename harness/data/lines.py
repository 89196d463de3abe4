"""Read lines of JSONL and rows of CSV files, each with its place for messages."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from harness.data.validation import Locator, data_error, key_error
from harness.data.yaml import Key, describe, format_key
from harness.errors import Problem
from harness.files import read_text, show

_LONGEST = 2**31 - 1
"""Maximum characters of a cell. The csv module's default limit of about 130,000 is too small for long articles."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A line of a file, or a row of a table without lines."""

    file: str
    """The file or data set, as the user would type it."""
    line: int = 0
    """Counted from 1; 0 if there are no lines."""
    number: int = 0
    """The number of a row without a line, from 1; 0 means the table itself."""
    columns: Mapping[str, str | list[str]] = field(default_factory=dict)
    """Key → the column that holds it, if a table uses other names."""

    def problem(self, key: Key, message: str) -> Problem:
        """Make a problem at a key of the row, under the table's own name for that key."""
        column = self.columns.get(str(key[0])) if key else None
        place = (column, *key[1:]) if isinstance(column, str) else key
        file = f"{self.file} row {self.number}" if self.number else self.file
        return Problem(file, self.line or None, format_key(place), message)


def json_lines(lines: Iterable[tuple[int, str]], path: Path) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    """Yield the place of each numbered line, and a function that decodes it; ``path`` is for messages."""
    file = show(path)
    for number, line in lines:
        row = RowPlace(file, number)
        yield row, partial(_decode, line.removesuffix("\n"), row, line.endswith("\n"))


def _decode(line: str, row: RowPlace, is_whole: bool) -> object:
    try:
        data: object = json.loads(line, object_pairs_hook=_refuse_repeats)
        if "\\u" in line:  # half of a surrogate pair can only come from an escape
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "holds half of a surrogate pair (\\ud800 to \\udfff); write the character, or remove it"
    except RecursionError:
        message = "is nested too deeply"
    except _RepeatedKeyError as error:
        message = f"has the key {error} twice; keep one of them"
    except json.JSONDecodeError as error:
        said = re.sub(r" delimiter$|( starting)? at$", "", error.msg).replace("Expecting", "expected")
        message = f"is not valid JSON: {said[0].lower()}{said[1:]} at column {error.colno}"
        if not is_whole:
            message = "is unfinished because the file ends inside this line; get the file again, or remove the line"
    except ValueError as error:  # a number with thousands of digits
        message = f"is not valid JSON: {error}"
    else:
        return data
    raise key_error(row, (), message)


class _RepeatedKeyError(Exception):
    """A JSON object has a key twice."""


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _RepeatedKeyError(repr(next(name for name in counts if counts[name] > 1)))
    return mapping


def as_object(data: object, source: Locator) -> dict[str, Any]:
    """Return the JSON object on a line; DataError if the line holds something else."""
    if not isinstance(data, dict):
        raise key_error(source, (), f"is {describe(data)}; write a JSON object")
    return data


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (1-based first line, cells) for each non-blank row, the header first."""
    csv.field_size_limit(_LONGEST)
    line, is_header = 1, True
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if cells:
                    separator = {";": "';'", "\t": "tabs"}.get(next((sign for sign in ";\t" if sign in cells[0]), ""))
                    if is_header and len(cells) == 1 and separator:
                        raise data_error(path, f"separates columns by {separator}; export it with commas", line)
                    yield line, cells
                    is_header = False
                line = reader.line_num + 1
    except csv.Error as error:
        raise data_error(path, f"is not CSV ({error}); check the quotation marks from here on", line) from None
    except UnicodeDecodeError:
        read_text(path)  # raises a DataError that says where
        raise
    except OSError as error:
        raise data_error(path, f"cannot be read: {error.strerror}") from None


def field_fault(cells: Sequence[str], header: Sequence[str]) -> str:
    """Describe what is wrong with a row that has more or fewer fields than the header; '' if nothing is."""
    return "" if len(cells) == len(header) else f"has {len(cells)} fields where the header names {len(header)}"


def require_one_each(path: Path, line: int | None, header: Sequence[str]) -> None:
    """Raise DataError if two columns have the same name."""
    if twice := [name for name, count in Counter(header).items() if count > 1 and name.strip()]:
        raise data_error(path, f"has several columns named {twice[0]!r}; rename or remove all but one", line)


def merge_repeats(problems: list[Problem]) -> list[Problem]:
    """Merge equal problems into one with the number of further lines that share it."""
    counts = Counter((problem.key, problem.message) for problem in problems)
    distinct = []
    for problem in problems:
        if count := counts.pop((problem.key, problem.message), 0):
            more = f" (and on {count - 1} more line{'s' * (count > 2)})" if count > 1 else ""
            distinct.append(replace(problem, message=problem.message + more))
    return distinct
