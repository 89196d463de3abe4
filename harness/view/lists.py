"""Long lists: so many rows a page, which each heading sorts by its column, or the other way round."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list."""

    titles: Mapping[str, str]
    """Column → heading."""
    falling: Collection[str]
    """Those whose largest values come first."""
    default: str
    """How the list is sorted unless it is asked otherwise: a column, after a minus in falling order."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """A list sorted by a column."""

    columns: Columns
    order: str
    """A column, after a minus in falling order."""
    kept: Mapping[str, str]
    """What else the address of the list says."""
    path: str

    @classmethod
    def of(cls, request: Request, columns: Columns, kept: Collection[str] = ("q",)) -> Sorting:
        """The list as ``?sort=`` asks for it, with the parameters to keep."""
        given = request.query_params
        order = given.get("sort", "")
        order = order if order.removeprefix("-") in columns.titles else columns.default
        return cls(columns, order, {key: given[key].strip() for key in kept if given.get(key)}, request.url.path)

    @property
    def column(self) -> str:
        return self.order.removeprefix("-")

    @property
    def headings(self) -> list[tuple[str, str, str]]:
        """(heading, the address that sorts by it, how it sorts the list now in the words of aria-sort) by column."""
        return [
            (title, self._address(self._turned(name)), self._now(name)) for name, title in self.columns.titles.items()
        ]

    @property
    def address(self) -> str:
        """The list as it is."""
        return self._address(self.order)

    def rows(self, rows: Sequence[R], value: Callable[[R, str], Any]) -> list[R]:
        """The rows in order; those without a value, None, stand last in either order."""
        has = [row for row in rows if value(row, self.column) is not None]
        has.sort(key=lambda row: value(row, self.column), reverse=self.order.startswith("-"))
        return [*has, *(row for row in rows if value(row, self.column) is None)]

    def _turned(self, column: str) -> str:
        falls = self.order == column if column == self.column else column in self.columns.falling
        return f"-{column}" if falls else column

    def _now(self, column: str) -> str:
        return "" if column != self.column else "descending" if self.order.startswith("-") else "ascending"

    def _address(self, order: str) -> str:
        return f"{self.path}?{urlencode({'sort': order, **self.kept}, errors='replace')}"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that are shown: those of page ``number``, counted from 1, of ``last``."""

    number: int
    last: int
    rows: slice

    @classmethod
    def of(cls, request: Request, count: int, most: int) -> Part:
        """The page that ``?page=`` asks for, or the nearest that there is, of ``count`` rows at ``most`` a page."""
        asked = request.query_params.get("page", "1")
        last = max(1, -(-count // most))
        number = min(last, max(1, int(asked))) if asked.isdecimal() and len(asked) < 9 else 1
        return cls(number, last, slice(most * (number - 1), min(count, most * number)))
