"""Articles from rows: lines of a JSONL file here, rows of tables and data sets in ``tables.py`` and ``data_set.py``.

    {"id", "text", "title"?, "language"?, "date"?, "source"?, "references"? (or "reference"), "facts"?}

References are texts and get the ids r01, r02, …. Facts are statements, which get the ids f01, f02, …, or mappings with
the keys of ``facts.yaml``.

A row with an article that cannot be summarised, an empty one say, is an article all the same: nobody who reads 20,000
rows of others can mend one of them. Its summaries and scores say why they are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from harness.data import facts
from harness.data.articles.texts import Date, Language, Name, article_fault, name_fault, reference_fault
from harness.data.lines import RowPlace, as_object, json_lines, without_repeats
from harness.data.validation import collect_problems, key_error, validate
from harness.data.yaml import Key, describe
from harness.errors import DataError, Problem
from harness.files import lines, named, show
from harness.records import Article, Item, Reference

_SHOWN = 50
"""Problems that one message lists; a file with more has one fault in every row."""


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


Written = tuple[RowPlace, Callable[[], object]]
"""A row, and what reads it: a mapping with the keys above, or DataError."""


def load(path: Path) -> Iterator[Item]:
    """The articles of a JSONL file in order; at the end DataError with the problems of all lines, if there are any."""
    nothing = Problem(show(path), None, "", "holds no article; write one JSON object a line")
    return gather(json_lines(lines(path), path), nothing, named(path))


def gather(rows: Iterable[Written], nothing: Problem, path: str) -> Iterator[Item]:
    """The articles of the rows in order, each as it is read; ``path`` is the file, or the data set, that they are of.

    At the end DataError with the problems of all of them, if there are any, or ``nothing`` for no row.
    """
    first: dict[str, RowPlace] = {}
    problems: list[Problem] = []
    unfit: list[Problem] = []
    for row, read in rows:
        with collect_problems(problems):
            item = _item(read(), row, path)
            name = item.article.id
            if earlier := first.get(name):
                where = f"on line {earlier.line}" if earlier.line else f"of {earlier.problem((), '').file}"
                message = f"{name!r} is already the id of the article {where}; give each its own"
                raise key_error(row, ("id",), message)
            first[name] = row
            if fault := article_fault(item.article.text):
                unfit.append(row.problem(("text",), fault))
            yield item
    if not first and not problems:
        problems.append(nothing)
    if problems or len(unfit) == len(first):
        raise DataError.of(_listed([*problems, *unfit]))


def _item(data: object, row: RowPlace, path: str) -> Item:
    entry = validate(RowEntry, as_object(data, row), (), row)
    problems: list[Problem] = []
    article = Article(
        id=entry.id,
        text=entry.text,
        title=entry.title,
        language=entry.language,
        date=entry.date,
        source=entry.source,
        path=path,
    )
    if fault := name_fault(article.id):
        what = describe(article.id) if article.id.strip() else "empty"
        problems.append(row.problem(("id",), f"is {what}; {fault}"))
    references = _references(entry, row, problems)
    written = [
        {"id": f"f{number:02d}", "statement": fact} if isinstance(fact, str) else fact
        for number, fact in enumerate(entry.facts, start=1)
    ]
    checkable, _, faults = facts.entries(written, article, row)
    if problems or faults:
        raise DataError.of([*problems, *faults])
    return Item(article, references, checkable)


def _references(entry: RowEntry, row: RowPlace, problems: list[Problem]) -> tuple[Reference, ...]:
    texts = [*([] if entry.reference is None else [entry.reference]), *entry.references]
    if entry.reference is not None and entry.references:
        problems.append(row.problem(("reference",), "stands beside references; put all of them there"))
    for index, text in enumerate(texts):
        if fault := reference_fault(text):
            key: Key = ("reference",) if entry.reference is not None else ("references", index)
            problems.append(row.problem(key, fault))
    return tuple(Reference(id=f"r{number:02d}", text=text) for number, text in enumerate(texts, start=1))


def _listed(problems: list[Problem]) -> list[Problem]:
    """The problems, shared ones once, and no more than a person will read."""
    distinct = without_repeats(problems)
    if rest := distinct[_SHOWN:]:
        return [*distinct[:_SHOWN], Problem(distinct[0].file, None, "", f"and {len(rest):,} more problems")]
    return distinct
