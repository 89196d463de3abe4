"""Articles from rows: the lines of a JSONL file here, the rows of tables and data sets in ``tables.py``, ``hub.py``.

    {"id", "text", "title"?, "language"?, "date"?, "source"?, "references"? (or "reference"), "facts"?}

References are texts and get the ids r01, r02, …. Facts are statements, which get the ids f01, f02, …, or mappings with
the keys of ``facts.yaml``.

A row with an article that cannot be summarised, an empty one say, is an article all the same: nobody who reads 20,000
rows of others can mend one of them. Its summaries and scores say why they are missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict

from harness.data import facts
from harness.data.checked import gathered, validated
from harness.data.texts import Date, Language, article_fault, name_fault, reference_fault
from harness.data.yaml_file import Key, dotted, kind_of
from harness.errors import DataError, Problem
from harness.files import read_text, show
from harness.records import Article, Item, Reference

_SHOWN = 50
"""Problems that one message lists; a file with more has one fault in every row."""


def _number_as_text(value: object) -> object:
    return str(value) if type(value) is int else value


Name = Annotated[str, BeforeValidator(_number_as_text)]
"""Text, or a whole number as people write ids."""


class RowEntry(BaseModel):
    """One article with what people wrote about it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Name
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

    @property
    def file(self) -> str:
        return show(self.path)

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        return Problem(show(self.path), self.line, dotted(key), message)


class Place(Protocol):
    """A row, for the places of its problems."""

    @property
    def file(self) -> str:
        """The file or the data set, as the user would type it."""
        ...

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at a key of the row."""
        ...


Written = tuple[Place, Callable[[], object]]
"""A row, and what reads it: a mapping with the keys above, or DataError."""


def load(path: Path) -> Iterator[Item]:
    """The articles of a JSONL file in order; at the end DataError with the problems of all lines, if there are any."""
    return gather(_lines(path), Problem(show(path), None, "", "holds no article; write one JSON object a line"))


def gather(rows: Iterable[Written], nothing: Problem) -> Iterator[Item]:
    """The articles of the rows in order, each as it is read.

    At the end DataError with the problems of all of them, if there are any, or ``nothing`` for no row.
    """
    first: dict[str, Place] = {}
    problems: list[Problem] = []
    unfit: list[Problem] = []
    for place, read in rows:
        with gathered(problems):
            item = _item(read(), place)
            if earlier := first.get(item.article.id):
                raise DataError.of([place.problem(("id",), _twice(item.article.id, earlier.problem((), "")))])
            first[item.article.id] = place
            if fault := article_fault(item.article.text):
                unfit.append(place.problem(("text",), fault))
            yield item
    if not first and not problems:
        problems.append(nothing)
    if problems or len(unfit) == len(first):
        raise DataError.of(_told([*problems, *unfit]))


def _twice(name: str, earlier: Problem) -> str:
    where = f"on line {earlier.line}" if earlier.line else f"of {earlier.file}"
    return f"{name!r} is already the id of the article {where}; give each its own"


def _lines(path: Path) -> Iterator[Written]:
    """The lines that are not blank, one in memory at a time."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                line = data.decode("utf-8-sig" if number == 1 else "utf-8")
                if line.strip():
                    row = Row(path, number)
                    yield row, partial(decoded, line.removesuffix("\n"), row, whole=line.endswith("\n"))
    except (UnicodeDecodeError, OSError):
        read_text(path)  # says where, and what to do
        raise


def json_lines(text: str, path: Path) -> Iterator[tuple[Row, Callable[[], object]]]:
    """The lines of a JSONL text that are not blank, each with what decodes it; ``path`` is for the messages."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = Row(path, number)
            yield row, partial(decoded, line, row, whole=number < len(lines))


def decoded(line: str, row: Row, *, whole: bool) -> object:
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
        cut_off = "is cut off: the file ends inside this line; get the file again, or remove the line"
        message = f"is not JSON: {error.msg} (column {error.colno})" if whole else cut_off
    except ValueError as error:  # a number with thousands of digits
        message = f"is not JSON: {error}"
    else:
        return data
    raise DataError.of([row.problem((), message)])


class _TwiceError(Exception):
    """A key that an object has twice: which of them counts is nowhere said."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(repr(next(name for name in names if names.count(name) > 1)))
    return mapping


def _item(data: object, row: Place) -> Item:
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
        path=row.file,
    )
    if fault := name_fault(article.id):
        what = kind_of(article.id) if article.id.strip() else "empty"
        problems.append(row.problem(("id",), f"is {what}; {fault}"))
    references = _references(entry, row, problems)
    written = [_mapping(fact, number) for number, fact in enumerate(entry.facts, start=1)]
    checkable, _, faults = facts.entries(written, article, row)
    if problems or faults:
        raise DataError.of([*problems, *faults])
    return Item(article, references, checkable)


def _references(entry: RowEntry, row: Place, problems: list[Problem]) -> tuple[Reference, ...]:
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


def _told(problems: list[Problem]) -> list[Problem]:
    """The problems, shared ones once, and no more than a person will read."""
    distinct = once(problems)
    rest = len(distinct) - _SHOWN
    return (
        distinct
        if rest <= 0
        else [*distinct[:_SHOWN], Problem(distinct[0].file, None, "", f"and {rest:,} more problems")]
    )


def once(problems: list[Problem]) -> list[Problem]:
    """The problems, one that many rows share told once: an unknown column, say."""
    counts: dict[tuple[str, str], int] = {}
    for problem in problems:
        counts[problem.key, problem.message] = counts.get((problem.key, problem.message), 0) + 1
    distinct = []
    for problem in problems:
        count = counts.pop((problem.key, problem.message), 0)
        if count:
            more = f" (and so on {count - 1} more line{'s' * (count > 2)})" if count > 1 else ""
            distinct.append(Problem(problem.file, problem.line, problem.key, problem.message + more))
    return distinct
