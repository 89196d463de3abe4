"""Read articles with their references and facts, from folders, files and data sets.

A path is one article's folder, a folder of such folders (see ``folder.py``), or a JSONL, CSV or Parquet file (see
``rows.py``, ``tables.py``). Other sources are tables with their columns named, and data sets (see ``sources.py``,
``data_set.py``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.data.articles import data_set, rows, sources, tables
from harness.data.articles.collection import Articles
from harness.data.articles.folder import folders, read_folder
from harness.data.articles.sources import ArticleSource, DataSet, Table
from harness.data.validation import collect_problems
from harness.errors import DataError, Problem
from harness.files import naming
from harness.records import Item


def load(*origins: ArticleSource, limit: int | None = None) -> Articles:
    """The articles of the sources in order, those of a folder by name, and only the first ``limit`` of all of them.

    DataError with every problem: folders and JSONL files are read whole, of tables and data sets what is wanted.
    They are read once, and kept on disk for as long as the process lasts.
    """
    problems: list[Problem] = []
    with naming(DataError):
        articles = Articles.of(_each(origins, limit, problems))
    if problems:
        raise DataError.of(problems)
    return articles if limit is None else articles[:limit]


def _each(origins: Iterable[ArticleSource], limit: int | None, problems: list[Problem]) -> Iterator[Item]:
    """Every article, also one whose id another one has: what is wrong is added to ``problems``."""
    paths: dict[str, str] = {}
    for source in origins:
        with collect_problems(problems):
            for item in _load_one(source, None if limit is None else max(1, limit - len(paths))):
                name, path = item.article.id, item.article.path
                if name in paths:
                    message = f"{name!r} is also the id of an article in {paths[name]}; give each its own"
                    problems.append(Problem(path, None, "id", message))
                paths.setdefault(name, sys.intern(path))
                yield item


def _load_one(source: ArticleSource, limit: int | None) -> Iterator[Item]:
    if isinstance(source, DataSet):
        return data_set.load(source, limit)
    table = source if isinstance(source, Table) else None
    path = source.path if isinstance(source, Table) else source
    return _read(path, table, limit)


def _read(path: Path, table: Table | None, limit: int | None) -> Iterator[Item]:
    if table is not None or (path.is_file() and path.suffix.lower() in sources.TABLES):
        return tables.load(path, table or Table.model_construct(path=path), limit)
    return rows.load(path) if path.is_file() and path.suffix.lower() == ".jsonl" else _load_folders(path)


def _load_folders(path: Path) -> Iterator[Item]:
    problems: list[Problem] = []
    for folder in map(read_folder, folders(path)):
        problems += [*folder.problems, *folder.facts.problems]
        if folder.article is not None:
            yield Item(folder.article, folder.references, folder.facts.facts)
    if problems:
        raise DataError.of(problems)
