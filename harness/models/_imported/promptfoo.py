"""promptfoo: what ``promptfoo eval --output`` and ``promptfoo export`` write, but for reports in HTML and JUnit's XML.

The provider's label is the system, with the prompt's where there are several prompts; the article's id is one of the
test's variables. Results as 0.117 to 0.123 write them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from harness.models._imported import promptfoo_files
from harness.models._imported.promptfoo_files import Entry
from harness.models._imported.reader import Columns, Reader, Row, value_at
from harness.servers.answers import one_line

_LABEL = 40
"""Characters up to which a prompt's label is a name: promptfoo takes the whole prompt where none is given."""
_FILE = re.compile(r"(?:(?P<id>[^:\n]{1,40}): )?(?P<file>[^\s:]{1,40}\.\w{1,4}): ")
"""What promptfoo puts before the text of a prompt that it read from a file."""


class _Column(NamedTuple):
    """What tells one provider under one prompt from the others of an evaluation."""

    place: str
    provider: str
    prompt: str
    """The prompt's own id, which it has under every provider."""
    label: str


def _rows(path: Path, columns: Columns) -> Iterator[Row]:
    entries = promptfoo_files.entries(path)
    names = _names(entries()) if columns.system is not None else {}
    for entry in entries():
        try:
            yield _row(entry, columns, names)
        except ValueError as error:
            yield Row(entry.line, fault=str(error), key=entry.key)


def _names(entries: Iterator[Entry]) -> dict[_Column, str]:
    """The system of each provider and prompt: two that promptfoo tells apart by their place alone get a number."""
    columns: dict[_Column, None] = {}
    for entry in entries:
        try:
            columns[_column(entry.result)] = None
        except ValueError:  # is told where the row is made
            continue
    prompts = list(dict.fromkeys(column.prompt for column in columns))
    names: dict[_Column, str] = {}
    taken: dict[str, int] = {}
    for column in columns:
        number = prompts.index(column.prompt)
        name = f"{column.provider}/{_label(column.label, number)}" if len(prompts) > 1 else column.provider
        taken[name] = taken.get(name, 0) + 1
        names[column] = name if taken[name] == 1 else f"{name}#{taken[name]}"
    return names


def _column(result: object) -> _Column:
    """ValueError where the result does not say by whom it is, and under which prompt."""
    provider = value_at(result, "provider")
    name = str(provider.get("label") or value_at(provider, "id")) if isinstance(provider, Mapping) else str(provider)
    label = str(value_at(result, "prompt.label"))
    prompt = str(result.get("promptId") or label) if isinstance(result, Mapping) else label
    return _Column(str(value_at(result, "promptIdx")), name, prompt, label)


def _label(label: str, number: int) -> str:
    """A name for a prompt: its label; of one in a file, its id or the file's name; else its number."""
    if len(label) <= _LABEL and "\n" not in label:
        return label
    of_file = _FILE.match(label)
    return (of_file["id"] or of_file["file"]) if of_file else f"prompt {number}"


def _row(entry: Entry, columns: Columns, names: Mapping[_Column, str]) -> Row:
    """ValueError where something is missing, or is no text."""
    if entry.fault:
        raise ValueError(entry.fault)
    result = entry.result
    variables = value_at(result, "vars")
    try:
        article = value_at(variables, columns.article)
    except ValueError as error:
        raise ValueError(f"vars: {error}; name the variable that holds the article's id in article_column") from None
    system = {} if columns.system is None else {columns.system: names[_column(result)]}
    response = result.get("response") if isinstance(result, Mapping) else None
    output = response.get("output") if isinstance(response, Mapping) else None
    reason = _error(result, response)
    if not reason:
        value_at(result, "response.output")
    if output is not None and not isinstance(output, str):
        raise ValueError(f"response.output is {json.dumps(output)[:40]}, which is no text; write it as a string")
    return Row(
        entry.line,
        {columns.article: article, columns.summary: output, **system},
        key=entry.key,
        reason="" if output else reason,
    )


def _error(result: object, response: object) -> str:
    """Why there is no output, as promptfoo says it."""
    for part in (response, result):
        if isinstance(part, Mapping) and part.get("error"):
            return one_line(str(part["error"]))
    return ""


READER = Reader(Columns("article_id", "system", "response.output"), _rows)
