"""Base of the models that transformers runs, and batches that shrink until they fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from time import perf_counter
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import Field

from harness.seams import Model
from harness.weights.load import Checkpoint, is_out_of_memory
from harness.weights.plugin import LoadsModel

T = TypeVar("T")
R = TypeVar("R")


class Completion(NamedTuple):
    text: str
    """The text that a model wrote, without reasoning, end tokens and surrounding white space."""
    tokens: int
    """Number of generated tokens, including reasoning and the end token."""
    ended: bool
    """True if the model ended the text itself, before its token limit."""


class LocalModel(LoadsModel, Model):
    """A model that writes summaries in this process, in batches."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})
    auto_batch: ClassVar[int]
    """Batch size for ``auto`` on a CPU."""

    batch_size: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    """Number of texts to process at once, halved if memory runs out; auto: 16 (hf_seq2seq: 8), and four times as many
    on a CUDA device."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on a CPU, elsewhere the stored type."""

    @cached_property
    def checkpoint(self) -> Checkpoint:
        return self.load(self.dtype)

    @cached_property
    def runner(self) -> BatchRunner:
        if self.batch_size != "auto":
            return BatchRunner(self.batch_size)
        return BatchRunner(self.auto_batch * (4 if self.checkpoint.model.device.type == "cuda" else 1))


def explain_no_text(cut: bool) -> str:
    """Explain why a completion has no text; ``cut`` is True if it hit its token limit."""
    return "the model wrote no summary within max_new_tokens" if cut else "the model returned no text"


class BatchRunner:
    """Computes rows in batches of at most ``size``, which is halved whenever memory runs out."""

    def __init__(self, size: int) -> None:
        self.size = size

    def run(
        self, rows: Sequence[T], compute: Callable[[Sequence[T]], Sequence[R]]
    ) -> Iterator[tuple[T, R | None, float]]:
        """Yield each row, its result and its share of the batch's seconds.

        ``compute`` returns one result per row, in order. The result is None if not even the row alone fits into memory.
        """
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
                yield row, result, seconds
            del waiting[: len(batch)]
