"""Base of the models that transformers runs: prompts that fit the context, in batches that fit into memory."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from time import perf_counter
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import Field

from harness.records import Article, Generation, Message, Request
from harness.seams import Model
from harness.weights.load import Checkpoint, is_out_of_memory
from harness.weights.plugin import LoadsModel

T = TypeVar("T")
R = TypeVar("R")

# A text may be truncated after a word, or inside a long run of characters without white space (Chinese, a URL).
_PIECE = re.compile(r"\S{1,24}")


class Completion(NamedTuple):
    text: str
    """The text that a model wrote, without reasoning, end tokens and surrounding white space."""
    tokens: int
    """Number of generated tokens, including reasoning and the end token."""
    ended: bool
    """True if the model ended the text itself, before its token limit."""


class Prompt(NamedTuple):
    """The tokens to complete for a request."""

    request: Request
    tokens: list[int]
    cut: str | None
    """See ``Generation.cut``."""

    def to_generation(self, completion: Completion, seconds: float) -> Generation:
        text = completion.text
        return Generation(
            self.request.id,
            text or None,
            None if text else explain_no_text(cut=not completion.ended),
            "none" if not text else "stop" if completion.ended else "length",
            cut=self.cut,
            prompt_tokens=len(self.tokens),
            new_tokens=completion.tokens,
            seconds=seconds,
        )


def explain_no_text(cut: bool) -> str:
    """Explain why a completion has no text; ``cut`` is True if it hit its token limit."""
    return "the model wrote no summary within max_new_tokens" if cut else "the model returned no text"


class LocalModel(LoadsModel, Model):
    """A model that writes summaries in this process, in batches; subclasses implement ``encode`` and ``complete``."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})
    auto_batch: ClassVar[int]
    """Batch size for ``auto`` on a CPU."""
    memory_options: ClassVar[str]
    """The options to lower if a summary does not fit into memory."""

    batch_size: Annotated[int, Field(ge=1)] | Literal["auto"] = "auto"
    """Number of texts to process at once, halved if memory runs out; auto: 16 (hf_seq2seq: 8), and four times as many
    on a CUDA device."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Data type of the weights; auto is float32 on a CPU, elsewhere the stored type."""

    def encode(self, request: Request) -> Prompt:
        """Encode a request, truncated if it is too long; raise ValueError if the model cannot read it."""
        raise NotImplementedError

    def complete(self, prompts: Sequence[Prompt]) -> list[Completion]:
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        prompts = []
        for request in requests:
            try:
                prompts.append(self.encode(request))
            except ValueError as error:
                yield Generation(request.id, None, str(error), "none")
        # longest first, so that memory runs out in the first batch or never
        prompts.sort(key=lambda prompt: -len(prompt.tokens))
        for prompt, completion, seconds in self.runner.run(prompts, self.complete):
            if completion is not None:
                yield prompt.to_generation(completion, seconds)
            else:
                reason = (
                    f"{self.source.name} with a text of {len(prompt.tokens):,} tokens does not fit into memory; "
                    f"lower {self.memory_options}, or set dtype: bfloat16"
                )
                yield Generation(prompt.request.id, None, reason, "none", transient=True)

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

        ``compute`` returns one result per row, in order. The result is None if a row alone does not fit into memory.
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
                    torch.cuda.empty_cache()  # inside the handler, the exception would keep the batch in memory
                if len(batch) > 1:
                    self.size = len(batch) // 2
                    continue
                results = [None]
            seconds = (perf_counter() - started) / len(batch)
            for row, result in zip(batch, results, strict=True):
                yield row, result, seconds
            del waiting[: len(batch)]


# Prompts that fit the context ---------------------------------------------------------------------------------------


def fit_prompt(
    messages: Sequence[Message], article: Article, count: Callable[[Sequence[Message]], int], limit: float, remedy: str
) -> tuple[tuple[Message, ...], str | None]:
    """Shorten a prompt to ``limit`` tokens; return it, and None or a description of the cut.

    ``count`` counts the tokens of a prompt. If the longest user message contains the article or its body verbatim, that
    text is cut off at its end; otherwise the message is. The rest is never truncated: if it leaves no room, a
    ValueError says so and ends with ``remedy``.
    """
    whole = tuple(messages)
    if count(whole) <= limit:
        return whole, None
    at = max(range(len(whole)), key=lambda index: (whole[index].role == "user", len(whole[index].content)))
    content = whole[at].content
    start, end, what = _find_article(content, article)

    def cut_at(stop: int) -> tuple[Message, ...]:
        return (*whole[:at], replace(whole[at], content=content[:stop] + content[end:]), *whole[at + 1 :])

    stops = [match.end() for match in _PIECE.finditer(content, start, end)]
    fitting = bisect_left(stops, True, key=lambda stop: count(cut_at(stop)) > limit)
    if fitting == 0:
        raise ValueError(
            f"no room for {what}: without it, the prompt has {count(cut_at(start)):,} tokens already, and the model "
            f"has room for {limit:,}; {remedy}"
        )
    stop = stops[fitting - 1]
    return cut_at(stop), f"the last {end - stop:,} of {end - start:,} characters of {what}"


def _find_article(content: str, article: Article) -> tuple[int, int, str]:
    """Return the start, end and name of the part of a message that may be truncated."""
    for text, name in ((article.text, "the article"), (article.body, "the article's body")):
        if text.strip() and (start := content.find(text.strip())) >= 0:
            return start, start + len(text.strip()), name
    return 0, len(content), "the prompt"
