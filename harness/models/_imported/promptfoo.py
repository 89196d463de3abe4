"""promptfoo: the JSON that ``promptfoo eval --output results.json`` and ``promptfoo export`` write (format version 3).

A result is one test under one prompt by one provider, as 0.117 to 0.123 write it. The provider's label is the system,
with the prompt's where there are several; the article's id is one of the test's variables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from harness.errors import DataError, Problem
from harness.files import read_text, show
from harness.models._imported.tool import Columns, Row, Tool, found
from harness.servers.no_answer import shown

_VERSION = 3
_LABEL = 40
"""Characters up to which a prompt's label is a name: promptfoo takes the whole prompt where none is given."""


def _rows(path: Path, columns: Columns) -> Iterator[Row]:
    results = _results(path)
    prompts = {result.get("promptIdx") for result in results if isinstance(result, Mapping)}
    for number, result in enumerate(results):
        key = f"results.results.{number}"
        try:
            yield _row(result, key, columns, several=len(prompts) > 1)
        except ValueError as error:
            yield Row(None, fault=str(error), key=key)


def _results(path: Path) -> Sequence[object]:
    """The results of a file; DataError where it is another kind or version."""
    try:
        summary = found(json.loads(read_text(path)), "results")
        version = found(summary, "version")
        results = found(summary, "results")
    except (ValueError, RecursionError) as error:
        message = f"is not what promptfoo writes ({error}); write it with: promptfoo eval --output results.json"
        raise DataError.of([Problem(show(path), None, "", message)]) from None
    if version != _VERSION or not isinstance(results, list):
        message = (
            f"is of version {json.dumps(version)[:20]} of promptfoo's format, and version {_VERSION} is known, "
            f"which promptfoo 0.117 to 0.123 write; export it with one of them, or write its outputs as rows of JSONL"
        )
        raise DataError.of([Problem(show(path), None, "results.version", message)])
    return results


def _row(result: object, key: str, columns: Columns, several: bool) -> Row:
    """ValueError where something is missing, or is no text."""
    variables = found(result, "vars")
    try:
        article = found(variables, columns.article)
    except ValueError as error:
        raise ValueError(f"vars: {error}; name the variable that holds the article's id in article_column") from None
    system = {} if columns.system is None else {columns.system: _system(result, several)}
    response = result.get("response") if isinstance(result, Mapping) else None
    output = response.get("output") if isinstance(response, Mapping) else None
    reason = _error(result, response)
    if not reason:
        found(result, "response.output")
    if output is not None and not isinstance(output, str):
        raise ValueError(f"response.output is {json.dumps(output)[:40]}, which is no text; write it as a string")
    return Row(
        None,
        {columns.article: article, columns.summary: output, **system},
        key=key,
        reason="" if output else reason,
    )


def _system(result: object, several: bool) -> str:
    provider = found(result, "provider")
    name = str(provider.get("label") or found(provider, "id")) if isinstance(provider, Mapping) else str(provider)
    if not several:
        return name
    label = str(found(result, "prompt.label"))
    if len(label) > _LABEL or "\n" in label:
        label = f"prompt {found(result, 'promptIdx')}"
    return f"{name}/{label}"


def _error(result: object, response: object) -> str:
    """Why there is no output, as promptfoo says it."""
    for part in (response, result):
        if isinstance(part, Mapping) and part.get("error"):
            return shown(str(part["error"]))
    return ""


TOOL = Tool("promptfoo", Columns("article_id", "system", "response.output"), _rows)
