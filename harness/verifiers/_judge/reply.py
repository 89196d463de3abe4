"""The judge's answer in a chat completion."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.servers.completion import Completion, first
from harness.servers.no_answer import NoAnswer, shown
from harness.verifiers._choice import Option

_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*)\n\s*```\Z", re.DOTALL)


class Answer(BaseModel):
    """What the judge says; what else it says is left alone."""

    model_config = ConfigDict(allow_inf_nan=False)

    id: str
    quote: str
    label: Option
    confidence: float | None = Field(None, ge=0, le=1)


def answer(completion: Completion, question_id: str) -> Answer:
    """The judge's answer to a question; NoAnswer where it refused, was cut, or wrote anything else."""
    choice = completion.choices[0]
    if choice.message.refusal:
        raise NoAnswer(f"the judge refused: {shown(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise NoAnswer("the server's content filter stopped the answer")
    if choice.finish_reason == "length":
        raise NoAnswer("the answer was cut at max_tokens")
    text = _bare(completion.text)
    if not text:
        raise NoAnswer("the judge gave no answer")
    try:
        given = Answer.model_validate(json.loads(text, object_pairs_hook=_once))
    except ValidationError as error:
        raise NoAnswer(f"the judge's JSON is not what was asked for: {first(error)}") from None
    except (ValueError, RecursionError):
        raise NoAnswer(f"the judge did not answer in JSON: {shown(text)}") from None
    if given.id != question_id:
        raise NoAnswer(f"the judge answered another question: {shown(given.id)!r} instead of {question_id!r}")
    return given


def _bare(text: str) -> str:
    """The text without the code fence around it."""
    fenced = _FENCE.match(text)
    return fenced[1].strip() if fenced else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are each there once: of two labels, neither is the answer."""
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a key is there twice")
    return unique
