"""A chat completion as it comes over the wire, whole or in chunks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from harness.servers.no_answer import Failed, shown
from harness.servers.thoughts import without_thoughts

_BROKEN_OFF = ("error", "abort")
"""Why an answer ended, where the server and not the model ended it: OpenRouter's word, and that of vLLM and SGLang."""


class Alternative(BaseModel):
    """A token that could have stood in a place, with the logarithm of its probability."""

    token: str
    logprob: float


class Token(Alternative):
    """A token of the answer."""

    top_logprobs: list[Alternative] = []


class Logprobs(BaseModel):
    """The log-probabilities of the answer's tokens."""

    content: list[Token] | None = None


class Reply(BaseModel):
    """The message of the model: content, or a refusal."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """One answer of those that were asked for."""

    message: Reply
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class Usage(BaseModel):
    """The tokens that a request is charged for."""

    prompt_tokens: int | None = Field(None, ge=0)
    completion_tokens: int | None = Field(None, ge=0)


def _or_unknown(usage: object, validate: ValidatorFunctionWrapHandler) -> Usage | None:
    """A count that is none costs no answer."""
    try:
        counted: Usage | None = validate(usage)
    except ValidationError:
        return None
    return counted


Counted = Annotated[Usage | None, WrapValidator(_or_unknown)]
"""The tokens of a request; None where the server does not count them, or says what no count is."""


class Completion(BaseModel):
    """A server's reply to ``POST /v1/chat/completions``."""

    model: str
    choices: list[Choice] = Field(min_length=1)
    usage: Counted = None

    @property
    def text(self) -> str:
        """The content, without the thoughts that some models put before it."""
        return without_thoughts(self.choices[0].message.content or "")

    @property
    def tokens(self) -> list[Token]:
        """The answer's tokens; none where the server gives no logprobs."""
        logprobs = self.choices[0].logprobs
        return (logprobs.content if logprobs else None) or []


def completion(reply: object) -> Completion:
    """A server's JSON as a completion; Failed where it is none, or half of one."""
    if not isinstance(reply, dict):
        message = f"the server's answer is no chat completion but {shown(str(reply))!r}"
        raise Failed(f"{message}; see base_url, which mostly ends in /v1", transient=True)
    try:
        answer = Completion.model_validate(reply)
    except ValidationError as error:
        raise Failed(f"the server's answer is no chat completion: {first_problem(error)}", transient=True) from None
    if (reason := answer.choices[0].finish_reason) in _BROKEN_OFF:
        raise Failed(f"the server broke its answer off (finish_reason {reason})", transient=True)
    return answer


class _ChunkChoice(BaseModel):
    delta: Reply = Reply()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    model: str | None = None
    choices: list[_ChunkChoice] = []
    usage: Counted = None


def joined(chunks: Iterable[object]) -> dict[str, Any]:
    """The JSON of a completion that came in chunks; Failed where they are none, or where the last never came."""
    try:
        read = [_Chunk.model_validate(chunk) for chunk in chunks]
    except ValidationError as error:
        raise Failed(f"the server's stream is no chat completion: {first_problem(error)}", transient=True) from None
    choices = [chunk.choices[0] for chunk in read if chunk.choices]
    end = next((choice.finish_reason for choice in reversed(choices) if choice.finish_reason), None)
    if end is None:
        raise Failed("the server's stream broke off before its end", transient=True)
    message = {
        "content": "".join(choice.delta.content or "" for choice in choices),
        "refusal": "".join(choice.delta.refusal or "" for choice in choices) or None,
    }
    return {
        "model": next((chunk.model for chunk in read if chunk.model), None),
        "choices": [{"message": message, "finish_reason": end}],
        "usage": next((chunk.usage.model_dump() for chunk in reversed(read) if chunk.usage), None),
    }


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong, on one line."""
    detail = error.errors(include_url=False)[0]
    place = ".".join(map(str, detail["loc"]))
    return f"{place}: {detail['msg'][0].lower()}{detail['msg'][1:]}" if place else detail["msg"]
