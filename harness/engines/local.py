"""One batch after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from harness.engines import Method
from harness.seams import Plugin

A = TypeVar("A")


class Local:
    """The engine that needs nothing."""

    def map(self, plugin: Plugin, method: Method, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Any]]:
        """Each batch with its answers, in order; the next one is taken when these have been read."""
        for batch in batches:
            yield batch, _answers(plugin, method, batch)


def _answers(plugin: Plugin, method: Method, batch: Sequence[Any]) -> Iterator[Any]:
    yield from getattr(plugin, method)(batch)
