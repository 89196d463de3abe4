"""What is asked of a server beyond the messages: all that it takes.

Servers that speak one protocol take different parts of it: one has no JSON schema, another no logprobs, a model of a
third no temperature. What a server refuses by name is left out from then on, or asked for by another name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.servers.line import Line
from harness.servers.no_answer import Refused


@dataclass(frozen=True, slots=True)
class Part:
    """Fields of a request that a server may not know."""

    fields: Mapping[str, Any]
    names: Sequence[str] = ()
    """How a refusal names it, in lower case; by its fields where none is given."""
    instead: Mapping[str, Any] = field(default_factory=dict)
    """What says the same in another way."""

    def named_in(self, refusal: str) -> bool:
        """Whether a server that says this does not take it."""
        return any(name in refusal.lower() for name in self.names or self.fields)


class Offer:
    """The parts of a request, and which of them the server has refused so far."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._refused: frozenset[str] = frozenset()

    async def post(self, line: Line, path: str, body: Mapping[str, Any]) -> object:
        """The server's reply to as much of the request as it takes."""
        refused = self._refused
        while True:
            try:
                reply = await line.post(path, {**body, **self._taken(refused)})
            except Refused as refusal:
                named = {name for name, part in self._parts.items() if part.named_in(refusal.words)} - refused
                if not named:
                    raise
                refused |= named
            else:
                self._refused |= refused  # only now: a refusal may have named a part and meant the length of the text
                return reply

    @property
    def lacks(self) -> list[str]:
        """The parts that the server takes in no form."""
        return [name for name, part in self._parts.items() if name in self._refused and not part.instead]

    def _taken(self, refused: frozenset[str]) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for name, part in self._parts.items():
            taken |= part.instead if name in refused else part.fields
        return taken


def max_tokens(number: int) -> Part:
    """The limit of an answer's length, under the name that servers do not silently pass over.

    Models of OpenAI that think refuse it, and name the other one.
    """
    return Part({"max_tokens": number}, instead={"max_completion_tokens": number})
