"""Completions of local language models, and batches that shrink until they fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from harness.weights.load import is_out_of_memory

T = TypeVar("T")
R = TypeVar("R")

BatchSize = Annotated[int, Field(ge=1)] | Literal["auto"]


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    """The text that a model wrote, without reasoning, end tokens and surrounding white space."""
    tokens: int
    """Number of generated tokens, including reasoning and the end token."""
    ended: bool
    """True if the model ended the text itself, before its token limit."""


def explain_no_text(cut: bool) -> str:
    """Explain why a completion has no text; ``cut`` is True if it hit its token limit."""
    return "the model wrote no summary within max_new_tokens" if cut else "the model returned no text"


@dataclass(frozen=True, slots=True)
class BatchResult(Generic[T, R]):
    row: T
    result: R | None
    """None if not even this row alone fits into memory."""
    seconds: float
    """The row's share of the wall time of its batch."""


class BatchRunner:
    """Computes rows in batches of at most ``size``, which is halved whenever memory runs out."""

    def __init__(self, size: int) -> None:
        self.size = size

    def run(self, rows: Sequence[T], compute: Callable[[Sequence[T]], Sequence[R]]) -> Iterator[BatchResult[T, R]]:
        """Yield each row with its result, batch by batch; ``compute`` returns one result per row, in order."""
        import torch

        waiting = list(rows)
        while waiting:
            batch = waiting[: self.size]
            started = perf_counter()
            results: Sequence[R | None] | None = None
            try:
                results = compute(batch)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
            if results is None:
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()  # outside the handler, where the exception would keep the batch in memory
                if len(batch) > 1:
                    self.size = len(batch) // 2
                    continue
                results = [None]
            seconds = (perf_counter() - started) / len(batch)
            for row, result in zip(batch, results, strict=True):
                yield BatchResult(row, result, seconds)
            del waiting[: len(batch)]
