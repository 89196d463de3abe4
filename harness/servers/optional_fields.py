"""Fields of a request that a server may not take, sent as long as it does not refuse them.

Servers that speak one protocol take different parts of it: one has no JSON schema, another no logprobs, a model of a
third no temperature. What a server refuses by name is left out from then on, or asked for by another name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.servers.connection import Connection
from harness.servers.no_answer import Refused


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields of a request that a server may not know."""

    fields: Mapping[str, Any]
    names: Sequence[str] = ()
    """How a refusal names the group, in lower case; by its fields where none is given."""
    instead: Mapping[str, Any] = field(default_factory=dict)
    """Fields that are sent once the group is refused: the same under another name."""

    def named_in(self, refusal: str) -> bool:
        """Whether a server that says this does not take it."""
        return any(name in refusal.lower() for name in self.names or self.fields)


class OptionalFields:
    """Groups of fields by name, and which of them the server has refused so far."""

    def __init__(self, groups: Mapping[str, FieldGroup]) -> None:
        self._groups = groups
        self._refused: frozenset[str] = frozenset()

    async def post(self, connection: Connection, path: str, body: Mapping[str, Any]) -> object:
        """The server's reply to the body with all groups that it takes."""
        refused = self._refused
        while True:
            try:
                reply = await connection.post(path, {**body, **self._taken(refused)})
            except Refused as refusal:
                named = {name for name, group in self._groups.items() if group.named_in(refusal.words)} - refused
                if not named:
                    raise
                refused |= named
            else:
                self._refused |= refused  # only now: a refusal may have named a part and meant the length of the text
                return reply

    @property
    def unsupported(self) -> list[str]:
        """The groups that the server takes in no form."""
        return [name for name, group in self._groups.items() if name in self._refused and not group.instead]

    def _taken(self, refused: frozenset[str]) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for name, group in self._groups.items():
            taken |= group.instead if name in refused else group.fields
        return taken


def max_tokens(number: int) -> FieldGroup:
    """The limit of an answer's length, under the name that servers do not silently pass over.

    Models of OpenAI that think refuse it, and name the other one.
    """
    return FieldGroup({"max_tokens": number}, instead={"max_completion_tokens": number})
