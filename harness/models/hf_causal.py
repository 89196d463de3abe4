"""Causal language models through transformers: from the hub, a folder, a GGUF file or the packaged list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models._causal_lm import CausalLM, Completion, Decoding
from harness.models._fit import fit
from harness.records import Generation, Message, Request
from harness.seams import GenerativeModel
from harness.weights.memory import enough_memory
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head, Named


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request as the model reads it."""

    request: Request
    tokens: list[int]
    cut: str | None


class HFCausal(LoadsModel, GenerativeModel):
    """A language model that continues a prompt with a summary.

    Prompts are batched by length. Rounding differs between batches of different shapes, so a text that hangs by
    a hair may change with its neighbours: with ``batch_size: 1`` it has none.
    """

    head: ClassVar[Head] = "causal"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    model: Named
    """A packaged model's name, a hub id (org/name), a folder that save_pretrained wrote, or a .gguf file."""
    chat: bool = True
    """Put the prompt through the model's chat template; false sends its text as it is, to a model that has none."""
    max_new_tokens: int = Field(128, ge=1)
    """Tokens after which a summary is cut, which its record then says."""
    max_context: int | None = Field(None, ge=2)
    """Tokens that prompt and summary may have together; null for as many as the model was made for."""
    temperature: float = Field(0.0, ge=0, le=10)
    """0 takes the likeliest token each time; above it tokens are drawn, the seed deciding."""
    top_p: float = Field(1.0, gt=0, le=1)
    """Draw among the likeliest tokens that together have this probability (nucleus sampling)."""
    top_k: int | None = Field(None, ge=1)
    """Draw among so many of the likeliest tokens; null for all."""
    repetition_penalty: float = Field(1.0, gt=0, le=10)
    """Divides the scores of tokens that the prompt or the summary already has; 1 for none (Keskar et al. 2019)."""
    batch_size: int = Field(8, ge=1)
    """Prompts that the model reads at once."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, elsewhere the type that they are stored in."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.samples > 1 and not self.sampled:
            raise ValueError(f"temperature 0 makes one summary {self.samples} times; set temperature, or samples: 1")
        if self.max_context is not None and self.max_context <= self.max_new_tokens:
            raise ValueError(
                f"max_context {self.max_context} leaves no room for a prompt beside max_new_tokens "
                f"{self.max_new_tokens}; raise the one or lower the other"
            )
        return self

    @property
    def sampled(self) -> bool:
        return self.temperature > 0

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        prompts = []
        for request in requests:
            prompt = self._prompt(request)
            if isinstance(prompt, Generation):
                yield prompt
            else:
                prompts.append(prompt)
        # The longest first: a batch that does not fit into memory is then the first one.
        prompts.sort(key=lambda prompt: -len(prompt.tokens))
        for start in range(0, len(prompts), self.batch_size):
            yield from self._answers(prompts[start : start + self.batch_size])

    def _prompt(self, request: Request) -> Prompt | Generation:
        """The prompt, cut where it must be, or the reason why it cannot be asked."""
        try:
            fitted = fit(request.messages, request.item.article, lambda turns: len(self._encode(turns)), self._room)
            return Prompt(request, self._encode(fitted.messages), fitted.cut)
        except ValueError as error:
            return Generation(request.id, None, str(error), "none")

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        return self._lm.encode(messages, self.chat)

    def _answers(self, batch: Sequence[Prompt]) -> Iterator[Generation]:
        start = perf_counter()
        decoding = Decoding(self.max_new_tokens, self.temperature, self.top_p, self.top_k, self.repetition_penalty)
        remedy = f"lower batch_size (now {self.batch_size}), max_new_tokens or max_context"
        with enough_memory(
            f"{self.source.name} with {len(batch)} prompts of up to {len(batch[0].tokens):,} tokens", remedy
        ):
            completions = self._lm.complete(
                [prompt.tokens for prompt in batch], decoding, [prompt.request.seed for prompt in batch]
            )
        seconds = (perf_counter() - start) / len(batch)
        for prompt, completion in zip(batch, completions, strict=True):
            yield _generation(prompt, completion, seconds)

    @cached_property
    def _lm(self) -> CausalLM:
        checkpoint = self.load(self.dtype)
        loaded = CausalLM(checkpoint.model, checkpoint.tokenizer)
        if self.chat and not loaded.chats:
            raise ModelError(
                f"{self.source.name} has no chat template; set chat: false to send it the prompt as plain text"
            )
        return loaded

    @cached_property
    def _room(self) -> float:
        """Tokens that a prompt may have."""
        context = min(self._lm.context or math.inf, self.max_context or math.inf)
        if context <= self.max_new_tokens:
            raise ModelError(
                f"max_new_tokens {self.max_new_tokens} leaves no room for a prompt in the context of "
                f"{self.source.name}, {context:,} tokens; lower it"
            )
        return context - self.max_new_tokens


def _generation(prompt: Prompt, completion: Completion, seconds: float) -> Generation:
    empty = not completion.text
    return Generation(
        prompt.request.id,
        None if empty else completion.text,
        "the model returned no text" if empty else None,
        "none" if empty else "stop" if completion.ended else "length",
        cut=prompt.cut,
        prompt_tokens=len(prompt.tokens),
        new_tokens=completion.tokens,
        seconds=seconds,
    )
