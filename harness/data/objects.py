"""Read articles and summaries from Python: texts, mappings, lists, a pandas DataFrame, a ``datasets.Dataset``.

This module imports neither pandas nor datasets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.data.articles.rows import load_rows
from harness.data.articles.sources import USUAL_COLUMNS
from harness.data.lines import MOST_PROBLEMS, RowPlace, merge_repeats
from harness.data.validation import key_error, suggest_name
from harness.data.yaml import describe
from harness.document.format import plural
from harness.errors import DataError, Problem
from harness.records import Item
from harness.text import replace_surrogates

_ColumnNames = Mapping[str, Sequence[str]]
"""Key → the names of columns that may hold its value, most likely first. Each column is used for one key."""
_ARTICLE_COLUMNS: _ColumnNames = {
    **USUAL_COLUMNS,
    **{name: (name,) for name in ("documents", "facts", "title", "language", "date", "source")},
}
_SUMMARY_COLUMNS: _ColumnNames = {
    "id": ("article_id", "id", "doc_id"),
    "system": ("system", "model"),
    "text": ("prediction", "generated", "summary", "output", "text", "highlights", "target"),
}

_Row = tuple[RowPlace, dict[str, Any]]
"""A row with our keys; its place has the table's own column names."""


def read_articles(articles: object, facts: object = None, references: object = None) -> list[Item]:
    """Read articles with their facts and references; articles without ids are numbered from 1.

    ``facts`` and ``references``, in order or by article id, replace these columns. A DataError lists all problems.
    """
    rows = _read_rows(articles, "articles", _ARTICLE_COLUMNS)
    rows = [(place, {"id": str(number), **row}) for number, (place, row) in enumerate(rows, start=1)]
    ids = [str(row["id"]) for _, row in rows]
    for key, given in (("facts", facts), ("references", references)):
        if given is not None:
            for (_, row), value in zip(rows, _match_articles(given, ids, key), strict=True):
                row[key] = value
    return list(load_rows(rows))


def read_summaries(summaries: object, ids: Sequence[str]) -> list[dict[str, str | None]]:
    """Return summaries as lines of a ``replay`` file: article_id, system and summary. A DataError lists all problems.

    A mapping has the summaries of each system by name, unless its keys are the columns of a table.
    """
    known = frozenset(ids)
    named = summaries if isinstance(summaries, Mapping) and not _is_table(summaries) else None
    systems = {"summaries": summaries} if named is None else named
    if not systems:
        raise DataError.at("summaries", "is empty; give the summaries of at least one system")
    lines, problems = list[dict[str, str | None]](), list[Problem]()
    if len({str(name) for name in systems if str(name).strip()}) < len(systems):
        raise DataError.at("summaries", "a system's name is empty, or used twice (1 and '1' are the same); rename it")
    for name, given in systems.items():
        where = "summaries" if named is None else f"summaries[{name!r}]"
        rows = _assign_articles(_read_rows(given, where, _SUMMARY_COLUMNS), ids, where)
        has_names = any(row.get("system") not in (None, "") for _, row in rows)
        for place, row in rows:
            texts = (row["text"] or [None]) if isinstance(row["text"], list) else [row["text"]]
            article = str(row.get("id"))
            if article not in known:
                message = f"must be the id of an article, not {_describe(row.get('id'))}"
                if len(problems) < MOST_PROBLEMS:  # finding a similar id among many is slow
                    message += f"; {suggest_name(article, ids)}"
                problems.append(place.problem(("id",), message))
            if wrong := [describe(text) for text in texts if not isinstance(text, str | None)]:
                problems.append(place.problem(("text",), f"must be text, not {wrong[0]}"))
            system = row.get("system") if has_names else name
            if system in (None, ""):
                problems.append(place.problem(("system",), "is empty; name the system of this summary"))
            lines += [{"article_id": article, "system": str(system), "summary": text} for text in texts]
    if problems:
        raise DataError.of(merge_repeats(problems))
    return lines


def _is_table(summaries: Mapping[Any, object]) -> bool:
    has = {key: any(column in summaries for column in names) for key, names in _SUMMARY_COLUMNS.items()}
    return has["id"] or (has["system"] and has["text"])


def _assign_articles(rows: Sequence[_Row], ids: Sequence[str], where: str) -> Sequence[_Row]:
    """Assign the articles' ids to rows without ids, in order and separately for each system."""
    if not rows:
        raise DataError.at(where, "is empty; give a summary for each article")
    if any("id" in row for _, row in rows):
        return rows
    by_system: dict[object, list[dict[str, Any]]] = {}
    for _, row in rows:
        by_system.setdefault(row.get("system"), []).append(row)
    for system, outputs in by_system.items():
        if len(outputs) != len(ids):
            whose = f" of {system}" if len(by_system) > 1 else ""
            message = (
                f"has {plural(len(outputs), 'summary')}{whose} for {plural(len(ids), 'article')}; give one for each "
                "article in order (None for a missing one), or name the article of each row in a column article_id"
            )
            raise DataError.at(where, message)
        for row, article in zip(outputs, ids, strict=True):
            row["id"] = article
    return rows


def _match_articles(given: object, ids: Sequence[str], name: str) -> list[object]:
    """Match facts or references to the articles: by id, in order, or all of them to the only article."""
    if isinstance(given, Mapping):
        by_id, known = {str(key): _to_plain(value) for key, value in given.items()}, frozenset(ids)
        if unknown := next((key for key in by_id if key not in known), None):
            raise DataError.at(name, f"{unknown!r} is not the id of an article; {suggest_name(unknown, ids)}")
        return [by_id.get(article) for article in ids]
    if hasattr(given, "columns"):  # a DataFrame would be read as a list of its column names
        raise DataError.at(name, "must be a list for each article, in order or by article id, not a DataFrame")
    values = [given] if isinstance(given, str) else _list_values(given, name)
    if len(ids) == 1 and not any(isinstance(value, list) for value in values):
        return [values]
    if len(values) != len(ids):
        message = f"has {plural(len(values), 'entry')} for {plural(len(ids), 'article')}; give a list for each article"
        raise DataError.at(name, message)
    return values


def _read_rows(given: object, name: str, columns: _ColumnNames) -> list[_Row]:
    """Read the rows of any supported container, and rename their columns to the keys of ``columns``."""
    rows: list[_Row] = []
    for number, row in enumerate(_list_rows(given, name, columns), start=1):
        place = RowPlace(name, number=number)
        if isinstance(row, str | list | None):
            rows.append((place, {"text": row}))
            continue
        if not isinstance(row, dict):
            raise key_error(place, (), f"must be a text or a row with named columns, not {describe(row)}")
        used: dict[str, str] = {}
        for key, names in columns.items():
            if column := next((each for each in names if each in row and each not in used.values()), None):
                used[key] = column
        if "text" not in used:
            raise _missing_text_error(row, RowPlace(name) if number == 1 else place, columns)
        if used["text"] == "documents":
            used["documents"] = used.pop("text")
        place = replace(place, columns={key: [column] for key, column in used.items()})
        rows.append((place, {key: row[column] for key, column in used.items()}))
    return rows


def _list_rows(given: object, name: str, columns: _ColumnNames) -> list[Any]:
    if isinstance(given, str):
        return [_to_plain(given)]
    if hasattr(given, "to_dict") and hasattr(given, "columns"):  # a DataFrame
        return _list_values(given.to_dict("records"), name)
    if hasattr(given, "to_dict") and hasattr(given, "index") and any(each in given.index for each in columns["text"]):
        given = given.to_dict()  # a row of a DataFrame
    if not isinstance(given, Mapping):
        return _list_values(given, name)
    if any(hasattr(value, "column_names") for value in given.values()):  # a DatasetDict
        splits = [str(key) for key in given]
        raise DataError.at(name, f"has the splits {', '.join(splits)}; pass one of them: {name}[{splits[0]!r}]")
    table = {str(key): _to_plain(value) for key, value in given.items()}
    texts = next((table[column] for column in columns["text"] if column in table), None)
    if texts is None:
        raise _missing_text_error(table, RowPlace(name), columns)
    if not isinstance(texts, list):
        return [table]
    if wrong := next((key for key, each in table.items() if not isinstance(each, list) or len(each) != len(texts)), ""):
        raise DataError.at(name, f"the column {wrong!r} does not have a cell for each of {plural(len(texts), 'text')}")
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def _missing_text_error(row: Mapping[str, Any], place: RowPlace, columns: _ColumnNames) -> DataError:
    found = f"its columns are {', '.join(map(repr, row))}" if row else "it has no columns"
    *names, last = columns["text"]
    message = f"no column holds the text; {found}; rename the right one to {', '.join(names)} or {last}"
    return key_error(place, (), message)


def _list_values(given: object, name: str) -> list[Any]:
    if not isinstance(given, Iterable) or isinstance(given, bytes) or getattr(given, "shape", None) == ():
        raise DataError.at(name, f"must be texts, mappings, a DataFrame or a Dataset, not {_describe(given)}")
    return [_to_plain(value) for value in given]


def _describe(value: object) -> str:
    return "None" if value is None else describe(value)


def _to_plain(value: Any) -> Any:
    """Convert types of numpy and pandas to plain Python; NaN, NaT and NA become None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, Mapping):
        return {str(key): _to_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_to_plain(each) for each in value]
    is_missing = type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    return None if is_missing else value
