"""Read articles from a JSONL file, one a line.

    {"id", "text", "title"?, "language"?, "date"?, "source"?, "references"? (or "reference"), "facts"?}

References are texts and get the ids r01, r02, …. Facts are statements, which get the ids f01, f02, …, or mappings with
the keys of ``facts.yaml``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from harness.data import facts
from harness.data.checked import gathered, validated
from harness.data.texts import Date, Language, article_fault, reference_fault
from harness.data.yaml_file import Key, dotted, kind_of
from harness.errors import DataError, Problem
from harness.files import read_text, show
from harness.records import Article, Item, Reference


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


class RowEntry(BaseModel):
    """One article with what people wrote about it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, BeforeValidator(_number_as_text)]
    text: str
    title: str = ""
    language: Language = "en"
    date: Date | None = None
    source: str = ""
    reference: str | None = None
    references: list[str] = []
    facts: list[Any] = []


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a JSONL file, for the places of its problems."""

    path: Path
    line: int

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        return Problem(show(self.path), self.line, dotted(key), message)


def load(path: Path) -> list[Item]:
    """The articles of a JSONL file in order; DataError with every problem of every line."""
    text = read_text(path)
    ends = text.endswith("\n")
    lines = text.split("\n")
    items: list[Item] = []
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = Row(path, number)
        with gathered(problems):
            data = decoded(line, row, whole=ends or number < len(lines))
            item = _item(data, row)
            if item.article.id in first:
                earlier = first[item.article.id]
                message = f"{item.article.id!r} is already the id of the article on line {earlier}; give each its own"
                raise DataError.of([row.problem(("id",), message)])
            first[item.article.id] = number
            items.append(item)
    if not first and not problems:
        problems.append(Problem(show(path), None, "", "holds no article; write one JSON object a line"))
    if problems:
        raise DataError.of(once(problems))
    return items


def decoded(line: str, row: Row, *, whole: bool) -> object:
    """What a line of JSON holds; DataError where it is none. ``whole``: whether the line has an end."""
    try:
        data: object = json.loads(line)
        if "\\u" in line:  # only an escape can bring in half of a surrogate pair, which no file can hold
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        message = "holds half of a surrogate pair (\\ud800 to \\udfff); write the character, or remove it"
    except RecursionError:
        message = "is nested too deeply"
    except json.JSONDecodeError as error:
        cut_off = "is cut off: the file ends inside this line; get the file again, or remove the line"
        message = f"is not JSON: {error.msg} (column {error.colno})" if whole else cut_off
    except ValueError as error:  # a number with thousands of digits
        message = f"is not JSON: {error}"
    else:
        return data
    raise DataError.of([row.problem((), message)])


def _item(data: object, row: Row) -> Item:
    if not isinstance(data, dict):
        raise DataError.of([row.problem((), f"is {kind_of(data)}; write a JSON object")])
    entry = validated(RowEntry, data, (), row)
    problems: list[Problem] = []
    article = Article(
        id=entry.id,
        text=entry.text,
        title=entry.title,
        language=entry.language,
        date=entry.date,
        source=entry.source,
        path=show(row.path),
    )
    if fault := article_fault(article.text):
        problems.append(row.problem(("text",), fault))
    if not article.id.strip():
        problems.append(row.problem(("id",), "is empty; give the article a name"))
    references = _references(entry, row, problems)
    written = [_mapping(fact, number) for number, fact in enumerate(entry.facts, start=1)]
    found, _, faults = facts.entries(written, article, row)
    if problems or faults:
        raise DataError.of([*problems, *faults])
    return Item(article, references, found)


def _references(entry: RowEntry, row: Row, problems: list[Problem]) -> tuple[Reference, ...]:
    texts = [*([] if entry.reference is None else [entry.reference]), *entry.references]
    if entry.reference is not None and entry.references:
        problems.append(row.problem(("reference",), "stands beside references; put all of them there"))
    for index, text in enumerate(texts):
        if fault := reference_fault(text):
            key: Key = ("reference",) if entry.reference is not None else ("references", index)
            problems.append(row.problem(key, fault))
    return tuple(Reference(id=f"r{number:02d}", text=text) for number, text in enumerate(texts, start=1))


def _mapping(fact: object, number: int) -> object:
    return {"id": f"f{number:02d}", "statement": fact} if isinstance(fact, str) else fact


def once(problems: list[Problem]) -> list[Problem]:
    """The problems, one that many rows share told once: an unknown column, say."""
    counts: dict[tuple[str, str], int] = {}
    for problem in problems:
        counts[problem.key, problem.message] = counts.get((problem.key, problem.message), 0) + 1
    told = []
    for problem in problems:
        count = counts.pop((problem.key, problem.message), 0)
        if count:
            more = f" (and so on {count - 1} more line{'s' * (count > 2)})" if count > 1 else ""
            told.append(Problem(problem.file, problem.line, problem.key, problem.message + more))
    return told
