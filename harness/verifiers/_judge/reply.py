"""A chat completion as it comes over the wire, and the judge's answer in it."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.verifiers._choice import Option
from harness.verifiers._no_answer import NoAnswer, shown

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n\s*```\Z", re.DOTALL)


class Alternative(BaseModel):
    """A token that could have stood in a place, with the logarithm of its probability."""

    token: str
    logprob: float


class Token(Alternative):
    """A token of the answer."""

    top_logprobs: list[Alternative] = []


class Logprobs(BaseModel):
    """How likely the tokens of the answer were."""

    content: list[Token] | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class Completion(BaseModel):
    """A server's reply to ``POST /v1/chat/completions``."""

    model: str
    choices: list[_Choice] = Field(min_length=1)

    @property
    def tokens(self) -> list[Token]:
        """The answer's tokens; none where the server gives no logprobs."""
        found = self.choices[0].logprobs
        return (found.content if found else None) or []


class Answer(BaseModel):
    """What the judge says; what else it says is left alone."""

    model_config = ConfigDict(allow_inf_nan=False)

    id: str
    quote: str
    label: Option
    confidence: float | None = Field(None, ge=0, le=1)


def completion(reply: object) -> Completion:
    """A server's JSON as a completion; NoAnswer where it is none."""
    try:
        return Completion.model_validate(reply)
    except ValidationError as error:
        raise NoAnswer(f"the server's answer is no chat completion: {_first(error)}") from None


def answer(found: Completion, question_id: str) -> Answer:
    """The judge's answer to a question; NoAnswer where it refused, was cut, or wrote anything else."""
    choice = found.choices[0]
    if choice.message.refusal:
        raise NoAnswer(f"the judge refused: {shown(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise NoAnswer("the server's content filter stopped the answer")
    if choice.finish_reason == "length":
        raise NoAnswer("the answer was cut at max_tokens")
    text = _bare(choice.message.content or "")
    if not text:
        raise NoAnswer("the judge gave no answer")
    try:
        given = Answer.model_validate(json.loads(text, object_pairs_hook=_once))
    except ValidationError as error:
        raise NoAnswer(f"the judge's JSON is not what was asked for: {_first(error)}") from None
    except (ValueError, RecursionError):
        raise NoAnswer(f"the judge did not answer in JSON: {shown(text)}") from None
    if given.id != question_id:
        raise NoAnswer(f"the judge answered another question: {shown(given.id)!r} instead of {question_id!r}")
    return given


def _bare(content: str) -> str:
    """The content without the thoughts before it and the code fence around it."""
    text = _THOUGHT.sub("", content).strip()
    fenced = _FENCE.match(text)
    return fenced[1].strip() if fenced else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are each there once: of two labels, neither is the answer."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    place = ".".join(map(str, detail["loc"]))
    return f"{place}: {detail['msg'][0].lower()}{detail['msg'][1:]}" if place else detail["msg"]
