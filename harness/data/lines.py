"""Lines of JSONL and rows of CSV files as they stand, each with its place for messages."""

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
"""Characters that a cell may have; the csv module's own limit is an article of 130,000."""

_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
"""What Python's JSON may hold beside strings and numbers; a minus sign alone begins one of them, or a number."""
_HALF = re.compile(r"(?<=\d)(\.|[eE][+-]?)|(?<=\\)u[0-9a-fA-F]{0,3}")
"""What is left of a number or an escape that was cut off, from where it stops being one."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A line of a file, or a row of a table that has no lines, for the places of its problems."""

    file: str
    """The file or the data set, as the user would type it."""
    line: int = 0
    """Counted from 1; 0 where there are no lines."""
    number: int = 0
    """The number of a row without a line, counted from 1; 0 is the table itself."""
    columns: Mapping[str, str | list[str]] = field(default_factory=dict)
    """Key → the column that holds it, where a table calls them by other names."""

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row, named as the table calls it."""
        column = self.columns.get(str(key[0])) if key else None
        place = (column, *key[1:]) if isinstance(column, str) else key
        file = f"{self.file} row {self.number}" if self.number else self.file
        return Problem(file, self.line or None, format_key(place), message)


def json_lines(lines: Iterable[tuple[int, str]], path: Path) -> Iterator[tuple[RowPlace, Callable[[], object]]]:
    """The place of each numbered line, and what decodes it; ``path`` is for the messages."""
    file = show(path)
    for number, line in lines:
        row = RowPlace(file, number)
        yield row, partial(decoded, line.removesuffix("\n"), row, whole=line.endswith("\n"))


def decoded(line: str, row: RowPlace, *, whole: bool) -> object:
    """What a line of JSON holds; DataError where it is none. ``whole``: whether the line has an end."""
    try:
        data: object = json.loads(line, object_pairs_hook=_once)
        if "\\u" in line:  # only an escape can bring in half of a surrogate pair, which no file can hold
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "holds half of a surrogate pair (\\ud800 to \\udfff); write the character, or remove it"
    except RecursionError:
        message = "is nested too deeply"
    except _TwiceError as error:
        message = f"gives the key {error} twice; keep one of them"
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} (column {error.colno}); each line is one object"
        if not whole and _is_cut_off(line, error):
            message = "is cut off: the file ends inside this line; get the file again, or remove the line"
    except ValueError as error:  # a number with thousands of digits
        message = f"is not JSON: {error}"
    else:
        return data
    raise key_error(row, (), message)


def _is_cut_off(line: str, error: json.JSONDecodeError) -> bool:
    """Whether a fault of JSON is that the line ends too soon: between two values, or within one."""
    if error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated string"):
        return True
    rest = line[error.pos :]
    return any(word.startswith(rest) for word in _WORDS) or bool(_HALF.fullmatch(line, error.pos))


class _TwiceError(Exception):
    """A key that an object has twice: which of them counts is nowhere said."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise _TwiceError(repr(next(name for name in counts if counts[name] > 1)))
    return mapping


def as_object(data: object, source: Locator) -> dict[str, Any]:
    """The JSON object that a line holds; DataError where it holds something else."""
    if not isinstance(data, dict):
        raise key_error(source, (), f"is {describe(data)}; write a JSON object")
    return data


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(1-based line on which it starts, cells) of each row that is not blank, the header first.

    DataError where the file is not UTF-8, cannot be read, or is not CSV.
    """
    csv.field_size_limit(_LONGEST)
    line, is_header = 1, True
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                if cells:
                    if is_header:
                        _require_commas(path, line, cells)
                    yield line, cells
                    is_header = False
                line = reader.line_num + 1
    except csv.Error as error:
        raise data_error(path, f"is not CSV ({error}); check the quotation marks from here on", line) from None
    except UnicodeDecodeError:
        read_text(path)  # says where, and what to do
        raise
    except OSError as error:
        raise data_error(path, f"cannot be read: {error.strerror}") from None


def field_fault(cells: Sequence[str], header: Sequence[str]) -> str:
    """What is wrong with a row that has more fields than the header names, or fewer; empty where nothing is."""
    return "" if len(cells) == len(header) else f"has {len(cells)} fields where the header names {len(header)}"


def require_one_each(path: Path, line: int | None, header: Sequence[str]) -> None:
    """DataError where a header gives two columns one name: a row's value would be that of the last of them."""
    if twice := [name for name, count in Counter(header).items() if count > 1 and name.strip()]:
        raise data_error(
            path, f"has several columns {twice[0]!r}; give each a name of its own, or remove all but one", line
        )


def _require_commas(path: Path, line: int, header: Sequence[str]) -> None:
    """Refuse a header of one column whose name holds another separator."""
    for sign, name in ((";", "';'"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0]:
            raise data_error(path, f"its columns are separated by {name}; export it again with commas", line)


def without_repeats(problems: list[Problem]) -> list[Problem]:
    """The problems, each once; one that many rows share, an unknown column say, with the number of further lines."""
    counts = Counter((problem.key, problem.message) for problem in problems)
    distinct = []
    for problem in problems:
        if count := counts.pop((problem.key, problem.message), 0):
            more = f" (and so on {count - 1} more line{'s' * (count > 2)})" if count > 1 else ""
            distinct.append(replace(problem, message=problem.message + more))
    return distinct
