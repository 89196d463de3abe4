"""A model behind any server that speaks OpenAI's protocol: vLLM, llama.cpp, Ollama, transformers serve, hosted ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from harness.errors import ModelError
from harness.models.local import explain_no_text
from harness.price import Price
from harness.records import Generation, Request
from harness.seams import GenerativeModel
from harness.servers.completion import Completion, completion
from harness.servers.connection import Connection
from harness.servers.no_answer import Failed, NoAnswer, shown
from harness.servers.optional_fields import FieldGroup, OptionalFields, max_tokens
from harness.servers.options import MOST_TOKENS, AsksServer, is_same, public, same_model
from harness.servers.server import OPENAI

_OWN = frozenset({"model", "messages", "stream", "stream_options", "seed", "temperature", "top_p", "n"})


class OpenAIAPI(AsksServer, GenerativeModel):
    """A model that a server runs, asked several articles at once; each summary is on disk as soon as it comes.

    What the server fails to answer is asked again by the next run. What the model says for itself, a refusal among it,
    stands. Thoughts before an answer are no part of the summary.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"model", "stream", "price_per_million"})
    reads_references: ClassVar[bool] = False

    model: str = Field(min_length=1)
    """The model, as the server names it; one with a date in its name stays the same."""
    base_url: str = OPENAI
    """Where the server is, such as http://localhost:8000/v1."""
    max_new_tokens: int = Field(256, ge=1, le=MOST_TOKENS)
    """Tokens after which a summary is cut, which its record then says; a model that thinks first needs many more."""
    temperature: float | None = Field(0.0, ge=0, le=2)
    """0 takes the likeliest token each time; null leaves it to the server, for models that take none."""
    top_p: float | None = Field(None, gt=0, le=1)
    """Draw among the likeliest tokens that together have this probability; null leaves it to the server."""
    send_seed: bool = True
    """Hand the server each summary's seed where tokens are drawn; false for a server that takes none."""
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    """More fields of the request, as the server names them: {reasoning_effort: low}."""
    stream: bool = False
    """Take answers piece by piece, so that try_timeout counts from the last one and a slow answer is no silent one."""
    price_per_million: Price | None = None
    """What a million prompt tokens and a million new ones cost, {prompt: 0.15, new: 0.60}, for the scorer cost."""
    concurrency: int = Field(8, ge=1, le=256)
    """Articles under way at once."""
    try_timeout: float = Field(120.0, gt=0)
    """Seconds of silence after which a try is given up."""
    timeout: float = Field(600.0, gt=0)
    """Seconds that an answer may take in all, retries and their waits included."""

    @field_validator("extra")
    @classmethod
    def _no_field_twice(cls, extra: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if taken := sorted(extra.keys() & (_OWN | {"max_tokens", "max_completion_tokens"})):
            raise ValueError(f"{taken[0]} has an option of its own, or none; take it out of extra")
        try:
            json.dumps(extra, allow_nan=False)
        except ValueError:
            raise ValueError("holds a number that is not finite, which no request can; write another") from None
        return extra

    @model_validator(mode="after")
    def _samples_differ(self) -> Self:
        if self.samples > 1 and not self.sampled:
            raise ValueError(f"temperature 0 makes one summary {self.samples} times; set temperature, or samples: 1")
        return self

    @property
    def answer_tokens(self) -> int:
        return self.max_new_tokens

    @property
    def sampled(self) -> bool:
        return self.temperature is None or self.temperature > 0

    def check(self) -> Iterable[str]:
        return self.missing_key(self.base_url)

    def depends(self) -> Mapping[str, str]:
        """The server too: two that call a model by one name may run different weights."""
        return {"model": public(self.model), "server": self.base_url.rstrip("/")}

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for place, answer in self.server(self.base_url).each(self._asked, requests, self._must_serve):
            yield _failed(requests[place], answer) if isinstance(answer, NoAnswer) else answer

    async def _must_serve(self, connection: Connection) -> None:
        """ModelError where the one model that a server has is another: llama.cpp's answers to every name."""
        listed = await connection.models()
        if len(listed) == 1 and not is_same(listed[0], self.model, self.served_as):
            name = public(shown(listed[0]))
            whole = "" if name == listed[0] else f" with the folder that {self.base_url}/models shows before it"
            raise ModelError(
                f"{self.base_url} has {name!r} alone, and {public(self.model)!r} is asked for; write model: {name}"
                f"{whole}, or, where the server loads what it is asked for, served_as: {name}"
            )

    async def _asked(self, connection: Connection, request: Request) -> Generation:
        with connection.shares.one() as share:
            answer = completion(await self._optional_fields.post(connection, "/chat/completions", self._body(request)))
        same_model(answer.model, self.model, self.served_as)
        return self._generation(request, answer, share.seconds)

    def _body(self, request: Request) -> dict[str, object]:
        drawn = {"temperature": self.temperature, "top_p": self.top_p}
        return {
            **self.extra,
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            **{name: value for name, value in drawn.items() if value is not None},
            **({"seed": request.seed % 2**31} if self.sampled and self.send_seed else {}),  # servers read 32 bits
            **({"stream": True} if self.stream else {}),
        }

    @cached_property
    def _optional_fields(self) -> OptionalFields:
        usage = {"usage": FieldGroup({"stream_options": {"include_usage": True}})} if self.stream else {}
        return OptionalFields({"max_tokens": max_tokens(self.max_new_tokens), **usage})

    def _generation(self, request: Request, answer: Completion, seconds: float) -> Generation:
        reason = _reason(answer)
        usage = answer.usage
        prompt, new = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
        return Generation(
            request.id,
            None if reason else answer.text,
            reason,
            "none" if reason else "length" if answer.choices[0].finish_reason == "length" else "stop",
            prompt_tokens=prompt,
            new_tokens=new,
            seconds=seconds,
            price=self._price(prompt, new),
        )

    def _price(self, prompt: int | None, new: int | None) -> float | None:
        if self.price_per_million is None or prompt is None or new is None:
            return None
        return (self.price_per_million["prompt"] * prompt + self.price_per_million["new"] * new) / 1e6


def _reason(answer: Completion) -> str | None:
    """Why there is no summary; None where there is one."""
    choice = answer.choices[0]
    if choice.message.refusal:
        return f"the model refused: {shown(choice.message.refusal)}"
    if choice.finish_reason == "content_filter":
        return "the server's content filter stopped the summary"
    return None if answer.text else explain_no_text(cut=choice.finish_reason == "length")


def _failed(request: Request, reason: NoAnswer) -> Generation:
    """What the server failed at is asked again by the next run; it costs nothing but the question."""
    return Generation(request.id, None, str(reason), "none", transient=isinstance(reason, Failed))
