"""Base of the models that transformers runs, and batches that shrink until they fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import Field

from harness.records import Generation, Request
from harness.seams import Model
from harness.text import is_ended, sentences
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


@dataclass
class Draft:
    """A summary in progress."""

    request: Request
    parts: list[list[int]]
    """The token ids of each text to complete: the prompt, or the parts of an article in order."""
    cut: str | None = None
    """See ``Generation.cut``."""
    written: list[Completion] = field(default_factory=list)
    """The completions so far, in the order of the parts."""
    seconds: float = 0.0

    def to_generation(self) -> Generation:
        language = self.request.item.article.language
        *first, last = self.written
        # drop unfinished sentences: with the next summary after them, they would look complete
        texts = [part.text if part.ended else _drop_cut_sentence(part.text, language) for part in first]
        shortened = sum(text != part.text for text, part in zip(texts, first, strict=True))
        lost = f"; {shortened} unfinished sentence{'s' * (shortened > 1)} left out" if shortened else ""
        text = "\n".join(text for text in [*texts, last.text] if text)
        ended = all(part.ended for part in self.written)
        return Generation(
            self.request.id,
            text or None,
            None if text else explain_no_text(cut=not ended),
            "none" if not text else "stop" if ended else "length",
            cut=self.cut,
            composition=f"read in {len(self.parts)} parts, whose summaries are joined{lost}" if first else None,
            prompt_tokens=sum(map(len, self.parts)),
            new_tokens=sum(part.tokens for part in self.written),
            seconds=self.seconds,
        )


def explain_no_text(cut: bool) -> str:
    """Explain why a completion has no text; ``cut`` is True if it hit its token limit."""
    return "the model wrote no summary within max_new_tokens" if cut else "the model returned no text"


def _drop_cut_sentence(text: str, language: str) -> str:
    """Drop the last sentence if the token limit left it unfinished, unless it is the only one."""
    spans = sentences(text, language)
    return text if len(spans) < 2 or is_ended(spans[-1].text) else text[: spans[-2].end]


Row = tuple[Draft, list[int]]
"""A draft, and one of its parts."""


class LocalModel(LoadsModel, Model):
    """A model that writes summaries in this process, in batches; subclasses implement ``draft`` and ``complete``."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})
    auto_batch: ClassVar[int]
    """Batch size for ``auto`` on a CPU."""
    memory_options: ClassVar[str]
    """The options to lower if a summary does not fit into memory."""

    batch_size: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    """Number of texts to process at once, halved if memory runs out; auto: 16 (hf_seq2seq: 8), and four times as many
    on a CUDA device."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on a CPU, elsewhere the stored type."""

    def draft(self, request: Request) -> Draft:
        """Encode the text to complete, truncated if it is too long; raise ValueError if the model cannot read it."""
        raise NotImplementedError

    def complete(self, rows: Sequence[Row]) -> list[Completion]:
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        drafts = []
        for request in requests:
            try:
                drafts.append(self.draft(request))
            except ValueError as error:
                yield Generation(request.id, None, str(error), "none")
        # longest first, so that memory runs out in the first batch or never
        drafts.sort(key=lambda draft: -max(map(len, draft.parts)))
        rows = [(draft, part) for draft in drafts for part in draft.parts]
        for (draft, part), completion, seconds in self.runner.run(rows, self.complete):
            draft.seconds += seconds
            if completion is not None:
                draft.written.append(completion)
                if len(draft.written) == len(draft.parts):
                    yield draft.to_generation()
            elif draft.parts:  # otherwise, an earlier part of this article did not fit either
                draft.parts = []
                reason = (
                    f"{self.source.name} with a text of {len(part):,} tokens does not fit into memory; "
                    f"lower {self.memory_options}, or set dtype: bfloat16"
                )
                yield Generation(draft.request.id, None, reason, "none", transient=True)

    @cached_property
    def checkpoint(self) -> Checkpoint:
        return self.load(self.dtype)

    @cached_property
    def runner(self) -> BatchRunner:
        if self.batch_size != "auto":
            return BatchRunner(self.batch_size)
        return BatchRunner(self.auto_batch * (4 if self.checkpoint.model.device.type == "cuda" else 1))


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
