"""A model behind any server with an OpenAI-compatible API, such as vLLM, llama.cpp, Ollama or a hosted service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import ClassVar

from pydantic import Field, JsonValue, field_validator

from harness.errors import ModelError
from harness.models.local import explain_no_text
from harness.records import Generation, Request
from harness.seams import GenerativeModel, Price
from harness.servers.answers import ChatCompletion, NoAnswer, Usage, one_line
from harness.servers.client import SENT, Connection
from harness.servers.plugin import (
    MAX_TOKENS,
    OPENAI,
    AsksServer,
    FieldGroup,
    get_public_name,
    is_same_model,
    make_max_tokens_field,
)

_RESERVED = frozenset({
    "model", "messages", "stream", "stream_options", "seed", "temperature", "top_p", "n", "max_tokens",
    "max_completion_tokens",
})  # fmt: skip  # a list
"""Fields of a request that ``extra`` may not set: each has its own option, or is not supported."""


class OpenAIAPI(AsksServer, GenerativeModel):
    """A model that a server runs. Reasoning before the answer is removed.

    If the server fails, the next run asks again; if the model refuses, the summary stays missing.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"price_per_million"})

    max_new_tokens: int = Field(256, ge=1, le=MAX_TOKENS)
    """Token limit of a summary; its record says if the limit was hit. A reasoning model needs many more."""
    temperature: float | None = Field(0.0, ge=0, le=2)
    """Sampling temperature. 0 takes the most likely token each time; null omits it, for models that accept none."""
    top_p: float | None = Field(None, gt=0, le=1)
    """Sample from the most likely tokens that together have this probability; null omits it."""
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    """Additional fields of the request, under the server's names, e.g. {reasoning_effort: low}."""
    price_per_million: Price | None = None
    """Price of a million prompt tokens and a million new ones, {prompt: 0.15, new: 0.60}, for the scorer ``cost``."""
    concurrency: int = Field(8, ge=1, le=256)
    """Number of concurrent requests."""
    timeout: float = Field(300.0, gt=0)
    """Seconds that one try may take; raise it for a slow server."""

    @field_validator("extra")
    @classmethod
    def _check_extra(cls, extra: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if taken := sorted(extra.keys() & _RESERVED):
            raise ValueError(f"remove {taken[0]} from extra: it has an option of its own, or is not supported")
        try:
            json.dumps(extra, allow_nan=False)
        except ValueError:
            raise ValueError("contains an infinite or NaN number, which JSON lacks; write a finite one") from None
        return extra

    @property
    def answer_tokens(self) -> int:
        return self.max_new_tokens

    @property
    def sampled(self) -> bool:
        return self.temperature is None or self.temperature > 0

    def check(self) -> Iterable[str]:
        yield from super().check()
        if self.key is None and (self.url == OPENAI or "api_key_env" in self.model_fields_set):
            yield f"needs a key, but the environment variable {self.api_key_env} is not set; put the key into it"

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for place, answer in self.ask_each(self._ask, requests, self._require_served):
            if isinstance(answer, NoAnswer):
                yield Generation(requests[place].id, None, str(answer), "none", transient=answer.transient)
            else:
                yield answer

    async def _require_served(self, connection: Connection) -> None:
        """Raise ModelError if the server's only model has another name; llama.cpp's server would accept any name."""
        models = await connection.list_models()
        if len(models) == 1 and not is_same_model(models[0], self.model, self.served_as):
            name = get_public_name(one_line(models[0]))
            raise ModelError(
                f"{self.base_url} serves only {name!r}, not {get_public_name(self.model)!r}; set model: {name}; or, if "
                f"the server loads models on request, keep model and add served_as: {name}"
            )

    async def _ask(self, connection: Connection, request: Request) -> Generation:
        options = {"temperature": self.temperature, "top_p": self.top_p}
        fields = {name: value for name, value in options.items() if value is not None}
        groups = {"max_tokens": make_max_tokens_field(self.max_new_tokens)}
        if self.sampled:
            groups["seed"] = FieldGroup([{"seed": request.seed % 2**31}, {}])  # servers accept 32 bits
        answer = await self.complete(connection, request.messages, groups, **self.extra, **fields)
        seconds = perf_counter() - SENT.get()
        reason, usage = _explain_missing(answer), answer.usage or Usage()
        if (usage.completion_tokens or 0) > self.max_new_tokens:  # the server's count must be wrong
            usage = usage.model_copy(update={"completion_tokens": None})
        return Generation(
            request.id,
            None if reason else answer.text,
            reason,
            "none" if reason else "length" if answer.choices[0].finish_reason == "length" else "stop",
            prompt_tokens=usage.prompt_tokens,
            new_tokens=usage.completion_tokens,
            seconds=seconds,
            price=usage.compute_price(self.price_per_million),
        )


def _explain_missing(answer: ChatCompletion) -> str | None:
    """Explain why there is no summary, or return None if there is one."""
    choice = answer.choices[0]
    if choice.message.refusal:
        return f"the model refused: {one_line(choice.message.refusal)}"
    if choice.finish_reason == "content_filter":
        return "the server's content filter stopped the summary"
    return None if answer.text else explain_no_text(cut=choice.finish_reason == "length")
