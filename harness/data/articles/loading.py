"""Load the articles of a config, with references and facts, and keep them on disk."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, KeysView, Sequence
from typing import overload

from harness.data.articles import rows
from harness.data.articles.folder import list_folders, list_text_files, read_folder
from harness.data.articles.sources import TABLES, ArticleSource, DataSet, Table
from harness.data.validation import collect_problems
from harness.errors import DataError, Problem
from harness.files import Spool, translate_errors
from harness.records import Item


class Articles(Sequence[Item]):
    """Articles in order, each with its own id. Memory holds only the ids, and where each article is on disk."""

    def __init__(self, spool: Spool[Item], places: dict[str, int]) -> None:
        self._spool, self._places = spool, places
        self._numbers = list(places.values())

    @classmethod
    def collect(cls, items: Iterable[Item]) -> Articles:
        """Store these articles; if several have the same id, keep the first."""
        spool, places = Spool[Item](), dict[str, int]()
        for item in items:
            if item.article.id not in places:
                places[sys.intern(item.article.id)] = len(spool)
                spool.append(item)
        return cls(spool, places)

    @property
    def ids(self) -> KeysView[str]:
        return self._places.keys()

    def select(self, names: Iterable[str]) -> Articles:
        """Select the articles with these ids, in the order of the ids."""
        return Articles(self._spool, {name: self._places[name] for name in names})

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Item]:
        return map(self._spool.__getitem__, self._numbers)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Articles: ...
    def __getitem__(self, place: int | slice) -> Item | Articles:
        if isinstance(place, slice):
            return self.select(list(self._places)[place])
        return self._spool[self._numbers[place]]


def load(*sources: ArticleSource, limit: int | None = None) -> Articles:
    """Load the articles of the sources in order, at most ``limit`` in all; folders are sorted by name.

    A DataError lists every problem. With a limit, later sources and the rest of a table or data set are not read.
    """
    problems, paths = list[Problem](), dict[str, str]()

    def iter_items() -> Iterator[Item]:
        for source in sources:
            if limit is not None and len(paths) >= limit:
                return
            with collect_problems(problems):
                for item in _load_source(source, None if limit is None else limit - len(paths)):
                    name, path = item.article.id, item.article.path
                    if name in paths:
                        message = f"{name!r} is also the id of an article in {paths[name]}; rename one of them"
                        problems.append(Problem(path, None, "id", message))
                    paths.setdefault(name, sys.intern(path))
                    yield item

    with translate_errors(DataError):
        articles = Articles.collect(iter_items())
    if problems:
        raise DataError.of(problems)
    return articles if limit is None else articles[:limit]


def _load_source(source: ArticleSource, limit: int | None) -> Iterator[Item]:
    if isinstance(source, DataSet):
        yield from rows.load_data_set(source, limit)
    elif isinstance(source, Table):
        yield from rows.load_table(source, limit)
    elif source.is_file() and source.suffix.lower() in TABLES:
        yield from rows.load_table(Table.model_construct(path=source), limit)
    elif files := list_text_files(source):
        yield from rows.load_text_files(files[:limit])
    else:
        problems: list[Problem] = []
        for folder in map(read_folder, list_folders(source)):
            problems += [*folder.problems, *folder.facts.problems]
            if folder.article is not None:
                yield Item(folder.article, folder.references, folder.facts.facts)
        if problems:
            raise DataError.of(problems)
