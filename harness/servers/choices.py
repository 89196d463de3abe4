"""Ask a language model to choose one of a few answers, and read its reply.

Each text to judge is between two lines with a mark. The mark is a hash of the texts, so no text can fake its own end.
The model answers in JSON and repeats the mark. Small mistakes in the JSON do not matter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any

from harness.servers.answers import ChatCompletion, NoAnswer, Token, one_line
from harness.servers.plugin import FieldGroup, make_max_tokens_field


def fence(title: str, mark: str, text: str) -> str:
    """Put a text between two lines with its title and the mark."""
    return f"<<<{title} {mark}>>>\n{text}\n<<<END OF {title} {mark}>>>"


def constrain_answer(
    schema: Mapping[str, Any], alternatives: int, seed: int, temperature: float, max_tokens: int
) -> dict[str, FieldGroup]:
    """Return the request fields for an answer with ``alternatives`` logprobs per token; a server may refuse some."""
    names = ("response_format", "response format", "json_schema", "json schema", "structured output")
    form = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    older = {"type": "json_object", "schema": schema}  # llama-cpp-python's server
    return {
        "a JSON schema": FieldGroup([{"response_format": form}, {"response_format": older}, {}], names),
        "logprobs": FieldGroup([{"logprobs": True, "top_logprobs": alternatives}, {}]),
        "seed": FieldGroup([{"seed": seed}, {}]),
        "temperature": FieldGroup([{"temperature": temperature}, {}]),
        "max_tokens": make_max_tokens_field(max_tokens),
    }


def require_text(completion: ChatCompletion) -> str:
    """Return the text of the reply; raise NoAnswer if it is a refusal, truncated or empty."""
    choice = completion.choices[0]
    if choice.message.refusal:
        raise NoAnswer(f"the judge refused: {one_line(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise NoAnswer("the server's content filter stopped the answer")
    if choice.finish_reason == "length":
        raise NoAnswer("the answer was truncated at max_tokens")
    text = completion.text.strip()
    if not text:
        raise NoAnswer("the judge gave no answer")
    return text


def read_object(text: str, field: str) -> dict[str, Any]:
    """Find the JSON object in a reply, even inside prose or a code fence, or with mistakes such as a trailing comma.

    Raises NoAnswer if the reply has no answer, or gives ``field`` different values.
    """
    from json_repair import loads

    said = set(re.findall(rf"[\"'“”]?\b{field}[\"'“”]?\s*:\s*[\"'“”]?(\w+)", text))
    if len(said) > 1:
        raise NoAnswer(f"the judge gave more than one {field}: {one_line(text)}")
    start, end = text.find("{"), text.rfind("}") + 1
    found = None
    with suppress(ValueError, RecursionError):
        found = loads(text[start : end or None][:20_000]) if start >= 0 else None
    if not isinstance(found, dict):
        raise NoAnswer(f"the judge did not answer in JSON: {one_line(text)}")
    return found


def require_mark(found: object, mark: str) -> None:
    """Raise NoAnswer if the reply belongs to another question."""
    if found is None:
        raise NoAnswer("the judge's answer lacks the id of the question")
    if found != mark:
        raise NoAnswer(f"the judge answered another question: its id is {one_line(str(found))!r}")


def read_probabilities(tokens: Sequence[Token], field: str, choices: Sequence[str]) -> dict[str, float] | None:
    """Return each choice's probability, read from the first token of the answer's ``field``; they sum to 1.

    If the answer has the field several times, the last one counts. None if the server gave no logprobs, or if two
    choices share their first character (11 and 12), so that the first token may not decide.
    """
    if len({choice[:1] for choice in choices}) < len(choices):
        return None
    answer = "".join(token.token for token in tokens)
    begins = [match.end() for match in re.finditer(rf'"{field}"\s*:\s*"?', answer)]
    ends = accumulate(len(token.token) for token in tokens)
    at = next((index for index, end in enumerate(ends) if begins and end > begins[-1]), None)
    if at is None:
        return None
    masses = dict.fromkeys(choices, 0.0)
    for alternative in tokens[at].top_logprobs:
        begun = re.match(r'[\s":]*(\w+)', alternative.token.casefold())
        choice = next((choice for choice in choices if begun and choice.casefold().startswith(begun[1])), None)
        if choice is not None:
            masses[choice] += math.exp(min(alternative.logprob, 0.0))
    total = sum(masses.values())
    return {choice: mass / total for choice, mass in masses.items()} if total > 0 else None
