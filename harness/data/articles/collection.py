"""The articles of a run, as many as there may be: in a file, and in memory no more than their ids and places."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, KeysView, Sequence
from typing import overload

from harness.records import Item
from harness.spool import Spool


class Articles(Sequence[Item]):
    """Articles in order, each with an id of its own. Each is read from disk when it is asked for."""

    def __init__(self, spool: Spool[Item], places: dict[str, int]) -> None:
        self._spool, self._places = spool, places
        self._numbers = array("q", places.values())

    @classmethod
    def of(cls, items: Iterable[Item]) -> Articles:
        """These articles, the first of each id."""
        spool = Spool[Item]()
        places: dict[str, int] = {}
        for item in items:
            if item.article.id not in places:
                places[sys.intern(item.article.id)] = len(spool)
                spool.append(item)
        return cls(spool, places)

    @property
    def ids(self) -> KeysView[str]:
        """The ids of the articles, in order."""
        return self._places.keys()

    def chosen(self, names: Iterable[str]) -> Articles:
        """The articles of these ids, in the order of the ids."""
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
            return self.chosen(list(self._places)[place])
        return self._spool[self._numbers[place]]
