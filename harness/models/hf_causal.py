"""Causal language models through transformers: from the hub, a folder, a GGUF file or the packaged list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models._batches import Size
from harness.models._causal_lm import CausalLM
from harness.models._completion import Completion, no_text
from harness.models._context import fit
from harness.models._decoding import Decoding
from harness.records import Generation, Message, Request
from harness.seams import GenerativeModel
from harness.weights.device import multiplies_bfloat16, place
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head, Named

_AT_ONCE = {"cpu": 16, "cuda": 64, "mps": 16}
"""Device → summaries that are written at once where the config leaves it open, as far as memory goes."""

_REMEDY = "shorten the instruction, lower max_new_tokens, or take a model with a longer context"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request as the model reads it."""

    request: Request
    tokens: list[int]
    cut: str | None


class HFCausal(LoadsModel, GenerativeModel):
    """A language model that continues a prompt with a summary.

    Thoughts before an answer are no part of the summary. A summary that is finished makes room for the next, and what
    prompts begin with in common (an article that several prompts put first) is read once: how many are written at once,
    and what is shared, changes no summary.
    """

    head: ClassVar[Head] = "causal"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    model: Named
    """A packaged model's name, a hub id (org/name), a folder that save_pretrained wrote, or a .gguf file."""
    chat: bool = True
    """Put the prompt through the model's chat template; false sends its text as it is, to a model that has none."""
    max_new_tokens: int = Field(128, ge=1, le=1_000_000)
    """Tokens after which a summary is cut, which its record then says; a model that thinks first needs many more."""
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
    batch_size: Size = "auto"
    """Summaries that are written at once, fewer where memory runs out; auto: 16, on a CUDA device 64."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is bfloat16 on a CPU that has instructions for it, float32 on another, elsewhere
    the type that they are stored in."""

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

    def depends(self) -> Mapping[str, str]:
        depends = super().depends()
        may_be_cpu = self.device in ("auto", "cpu") and "gpu" not in depends
        return {**depends, **({"cpu": self._number} if self.dtype == "auto" and may_be_cpu else {})}

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
        yield from self._answers(prompts)

    def _prompt(self, request: Request) -> Prompt | Generation:
        """The prompt, cut where it must be, or the reason why it cannot be asked."""
        try:
            fitted = fit(
                request.messages, request.item.article, lambda turns: len(self._encode(turns)), self._room, _REMEDY
            )
            return Prompt(request, self._encode(fitted.messages), fitted.cut)
        except ValueError as error:
            return Generation(request.id, None, str(error), "none")

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        return self._lm.encode(messages, self.chat)

    def _answers(self, prompts: Sequence[Prompt]) -> Iterator[Generation]:
        decoding = Decoding(self.max_new_tokens, self.temperature, self.top_p, self.top_k, self.repetition_penalty)
        tokens, seeds = [prompt.tokens for prompt in prompts], [prompt.request.seed for prompt in prompts]
        at_once = _AT_ONCE[self._lm.model.device.type] if self.batch_size == "auto" else self.batch_size
        for done in self._lm.complete(tokens, seeds, decoding, at_once):
            prompt = prompts[done.row]
            if done.result is not None:
                yield _generation(prompt, done.result, done.seconds)
                continue
            yield Generation(
                prompt.request.id,
                None,
                f"{self.source.name} with a prompt of {len(prompt.tokens):,} tokens does not fit into memory; "
                f"lower max_new_tokens or max_context, or set dtype: bfloat16",
                "none",
                transient=True,
            )

    @property
    def _number(self) -> str:
        """The number type on a CPU where the config leaves it open."""
        return "bfloat16" if multiplies_bfloat16() else "float32"

    @cached_property
    def _lm(self) -> CausalLM:
        on_cpu = place(self.device) == "cpu"
        checkpoint = self.load(self._number if self.dtype == "auto" and on_cpu else self.dtype)
        loaded = CausalLM(checkpoint.model, checkpoint.tokenizer)
        if self.chat and loaded.tokenizer.chat_template is None:
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
        no_text(cut=not completion.ended) if empty else None,
        "none" if empty else "stop" if completion.ended else "length",
        cut=prompt.cut,
        prompt_tokens=len(prompt.tokens),
        new_tokens=completion.tokens,
        seconds=seconds,
    )
