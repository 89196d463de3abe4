"""A server's answer: a chat completion, or the reason why it is missing.

ModelError        no question can be answered: no server, a wrong key, an unknown model
NoAnswer          this question has no readable answer; the next may have one
└── Failed        the server is at fault, not the model: a timeout, half an answer, an answer by another model
    └── Refused   the server rejects the request (400, 413, 422) or fails on it (500)
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from harness.errors import explain_invalid
from harness.seams import Price

_LONGEST_QUOTE = 200  # maximum characters that a message quotes from a server or a model
_MAX_TOKENS = 10**9  # a server that counts more must be wrong
THOUGHT = "<think>"


class NoAnswer(Exception):  # noqa: N818  # not an error: a record gives it as the reason for a missing value
    """There is no readable answer. The message says why."""

    transient = False
    """True if asking again may help."""


class Failed(NoAnswer):
    """The server failed; the next run asks again. Many identical failures in a row stop the requests."""

    transient = True


class Refused(Failed):
    """The server rejects the request or fails on it. Some servers return status 500 for an unknown field."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words
        """The server's full answer; the message has only its beginning."""


def one_line(text: str) -> str:
    """Shorten a model's or server's message to one line that is safe in a terminal."""
    plain = join_lines(text)
    return plain if len(plain) <= _LONGEST_QUOTE else f"{plain[:_LONGEST_QUOTE]}…"


def join_lines(text: str) -> str:
    """Put a text on one line, without characters that control a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def remove_thoughts(text: str) -> str:
    """Return the text after the last ``</think>``, or '' if a ``<think>`` is not closed or only white space follows.

    The closing tag may occur alone, because a chat template may put ``<think>`` into the prompt.
    """
    answer = text.rpartition("</think>")[2].strip()
    is_visible = any(char.isprintable() and not char.isspace() for char in answer)
    return answer if is_visible and not answer.startswith(THOUGHT) else ""


class Alternative(BaseModel):
    token: str
    logprob: float


class Token(Alternative):
    top_logprobs: list[Alternative] = []


class Logprobs(BaseModel):
    content: list[Token] | None = None


class Reply(BaseModel):
    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    message: Reply
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class Usage(BaseModel):
    """The numbers of tokens that the server charges for."""

    prompt_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)
    completion_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)

    def compute_price(self, per_million: Price | None) -> float | None:
        """Return the price of these tokens, or None if there are no prices or a number of tokens is unknown."""
        if per_million is None or self.prompt_tokens is None or self.completion_tokens is None:
            return None
        return (per_million["prompt"] * self.prompt_tokens + per_million["new"] * self.completion_tokens) / 1e6


def validate_or_none(value: object, validate: ValidatorFunctionWrapHandler) -> Any:
    """Replace an invalid value with None, so that the rest stays valid."""
    with suppress(ValidationError):
        return validate(value)
    return None


class ChatCompletion(BaseModel):
    """A server's reply to ``POST /v1/chat/completions``."""

    model: str
    choices: list[Choice] = Field(min_length=1)
    usage: Annotated[Usage | None, WrapValidator(validate_or_none)] = None

    @property
    def text(self) -> str:
        """The content without reasoning."""
        return remove_thoughts(self.choices[0].message.content or "")

    @property
    def tokens(self) -> list[Token]:
        """The answer's tokens; empty if the server gives no logprobs."""
        logprobs = self.choices[0].logprobs
        return (logprobs.content if logprobs else None) or []


def parse_completion(reply: object) -> ChatCompletion:
    """Parse a server's JSON as a completion; raise Failed if it is something else, an error, or half an answer."""
    if not isinstance(reply, dict):
        message = f"the server's answer is not a chat completion but {one_line(str(reply))!r}"
        raise Failed(f"{message}; check base_url, which usually ends in /v1")
    if error := reply.get("error"):  # some gateways send errors with status 200
        words = error.get("message") or error if isinstance(error, dict) else error
        raise Failed(f"the server answered with an error: {one_line(str(words))}")
    try:
        answer = ChatCompletion.model_validate(reply)
    except ValidationError as error:
        raise Failed(f"the server's answer is not a chat completion: {explain_invalid(error)}") from None
    if (reason := answer.choices[0].finish_reason) in ("error", "abort"):  # OpenRouter: error; vLLM, SGLang: abort
        raise Failed(f"the server cut off its answer (finish_reason {reason})")
    return answer
