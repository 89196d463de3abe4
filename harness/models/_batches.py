"""Batches that fit into memory: halved where one does not, and the size that did is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from harness.weights.device import free, ran_out

T = TypeVar("T")
R = TypeVar("R")

Size = Annotated[int, Field(ge=1)] | Literal["auto"]


@dataclass(frozen=True, slots=True)
class BatchResult(Generic[T, R]):
    """A row, its result, and its share of the wall time that its batch took."""

    row: T
    result: R | None
    """None where not even this row alone fits into memory."""
    seconds: float


class Batches:
    """Works off rows, so many at once."""

    def __init__(self, size: int) -> None:
        self.size = size
        """Rows of a batch: at most so many, halved whenever memory runs out."""

    def work(self, rows: Sequence[T], compute: Callable[[Sequence[T]], Sequence[R]]) -> Iterator[BatchResult[T, R]]:
        """Each row with its result, as its batch is done; ``compute`` gives one result a row, in order."""
        waiting = list(rows)
        while waiting:
            batch = waiting[: self.size]
            started = perf_counter()
            results = _results_or_none(batch, compute)
            if results is None and len(batch) > 1:
                self.size = len(batch) // 2
                continue
            seconds = (perf_counter() - started) / len(batch)
            answers: Sequence[R | None] = [None] if results is None else results
            yield from (BatchResult(row, result, seconds) for row, result in zip(batch, answers, strict=True))
            del waiting[: len(batch)]


def _results_or_none(batch: Sequence[T], compute: Callable[[Sequence[T]], Sequence[R]]) -> Sequence[R] | None:
    """The results; None where memory ran out."""
    try:
        return compute(batch)
    except (MemoryError, RuntimeError) as error:
        if not ran_out(error):
            raise
    free()  # only here, where the error no longer holds what the failed try had made
    return None
