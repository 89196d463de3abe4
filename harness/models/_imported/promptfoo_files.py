"""The files that promptfoo exports, each as results of one shape: .json, .jsonl, .yaml, .yml, .txt, .csv and .xml.

A result is one test under one prompt by one provider. The JSON Lines have a result a line, the table has a row a test
and a group of columns a provider and prompt; the others hold a whole evaluation, in version 3 of promptfoo's format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.data.lines import csv_rows, field_fault
from harness.errors import DataError
from harness.files import read_text, show
from harness.models._imported.reader import first_object, json_rows, value_at

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

VERSION = 3
WRITE = "promptfoo eval --output results.jsonl"
"""The command that writes a file which is read, for messages."""

_COLUMN = re.compile(r"(?:\[(?P<provider>.+?)\] )?(?P<label>.*)", re.DOTALL)
"""Heading of a column of outputs in a table."""
_ESCAPED = re.compile(r"'(?=[\s\u200b-\u200d]*[=@+-])")
"""What a table puts before a cell that a spreadsheet would take for a formula."""


class Entry(NamedTuple):
    """A result as it came, and where it stands; or what is wrong there."""

    result: object
    line: int | None = None
    key: str = ""
    fault: str = ""


Entries = Callable[[], Iterator[Entry]]
"""The results of a file, which may be gone through more than once."""


def entries(path: Path) -> Entries:
    """The results of a file; DataError where it is of another kind or version."""
    match path.suffix.lower():
        case ".jsonl":
            return partial(_of_lines, path)
        case ".csv":
            return partial(_of_table, path)
        case _:
            return partial(_of_list, _whole(path))


def wrote(path: Path) -> bool:
    """Whether a .jsonl or a .csv file begins as promptfoo's do."""
    if path.suffix.lower() != ".csv":
        return {"vars", "provider", "promptIdx"} <= first_object(path).keys()
    try:
        _, header = next(csv_rows(path), (1, []))
    except DataError:
        return False
    return bool(_outputs(header))


def _of_list(results: list[object]) -> Iterator[Entry]:
    for number, result in enumerate(results):
        yield Entry(result, key=f"results.results.{number}")


def _of_lines(path: Path) -> Iterator[Entry]:
    return (Entry(value, number, fault=fault) for number, value, fault in json_rows(path))


def _whole(path: Path) -> list[object]:
    """The list of results of a file that holds a whole evaluation; DataError where it holds something else."""
    try:
        summary = value_at(_READERS.get(path.suffix.lower(), json.loads)(read_text(path)), "results")
        version, results = value_at(summary, "version"), value_at(summary, "results")
    except (ValueError, RecursionError) as error:
        message = f"is not what promptfoo writes ({error}); write it with: {WRITE}"
        raise DataError.at(show(path), message) from None
    if version != VERSION or not isinstance(results, list):
        message = (
            f"is of version {json.dumps(version)[:20]} of promptfoo's format, and version {VERSION} is known, "
            f"which promptfoo 0.117 to 0.123 write; export it with one of them, or write its outputs as rows of JSONL"
        )
        raise DataError.at(show(path), message, key="results.version")
    return results


def _yaml(text: str) -> object:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ValueError(f"it is not YAML: {str(error).splitlines()[0]}") from None


def _xml(text: str) -> object:
    """The evaluation in XML, in which every value is text and each result an element of its own."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(f"it is not XML: {error!r}") from None
    if root.tag == "testsuites":
        raise ValueError("it is a JUnit report, which holds no outputs")
    summary = root.find("results")
    if summary is None:
        raise ValueError("it has no element results")
    version = summary.findtext("version", "")
    results = [_value(each) for each in summary.findall("results")]
    return {"results": {"version": int(version) if version.isdecimal() else version, "results": results}}


def _value(element: Element) -> object:
    return {child.tag: _value(child) for child in element} if len(element) else element.text or ""


_READERS: Mapping[str, Callable[[str], Any]] = {".yaml": _yaml, ".yml": _yaml, ".txt": _yaml, ".xml": _xml}


def _of_table(path: Path) -> Iterator[Entry]:
    try:
        rows = csv_rows(path)
        _, header = next(rows, (1, []))
        outputs = _outputs(header)
        for line, cells in rows:
            if fault := field_fault(cells, header):
                yield Entry(None, line, fault=fault)
            else:
                for number, at in enumerate(outputs):
                    yield Entry(_cell_result(header, cells, outputs[0], at, number), line)
    except DataError as error:
        yield from (Entry(None, problem.line, fault=problem.message) for problem in error.problems)


def _outputs(header: list[str]) -> list[int]:
    """Where the columns of outputs stand: each has its status and its score behind it."""
    return [at for at in range(len(header)) if header[at + 1 : at + 3] == ["Status", "Score"]]


def _cell_result(header: list[str], cells: list[str], first: int, at: int, number: int) -> dict[str, object]:
    """The result that a group of columns tells of, in the shape of the other formats."""
    cells = [_ESCAPED.sub("", cell, count=1) if _ESCAPED.match(cell) else cell for cell in cells]
    heading = _COLUMN.fullmatch(header[at])
    provider, label = heading.group("provider", "label") if heading else (None, header[at])
    failed = cells[at + 1] == "ERROR"
    return {
        "vars": dict(zip(header[:first], cells[:first], strict=True)),
        "provider": provider or "promptfoo",
        "prompt": {"label": label},
        "promptIdx": number,
        "response": {"error": "promptfoo marks it ERROR"} if failed else {"output": cells[at]},
    }
