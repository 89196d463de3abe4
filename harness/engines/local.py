"""One batch after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from harness.engines import Work

A = TypeVar("A")


class Local:
    """The engine that needs nothing."""

    def map(self, work: Work, batches: Iterable[Sequence[A]]) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers, in order; the next one is taken when these have been read."""
        for batch in batches:
            yield batch, _answers(work, batch)


def _answers(work: Work, batch: Sequence[Any]) -> Iterator[Any]:
    yield from getattr(work.worker, work.method)(batch)
