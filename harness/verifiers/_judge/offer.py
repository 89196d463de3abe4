"""What is asked of a server beyond the messages: all that it takes.

Servers that speak one protocol take different parts of it: one has no JSON schema, another no logprobs, a model of a
third no temperature. What a server refuses by name is left out from then on, and the verdicts say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.verifiers._judge.prompt import SCHEMA
from harness.verifiers._server import Line, Refused

_NAMES: Mapping[str, tuple[str, ...]] = {
    "response_format": ("response_format", "response format", "json_schema", "json schema", "structured output"),
    "logprobs": ("logprobs",),
    "seed": ("seed",),
    "temperature": ("temperature",),
    "max_completion_tokens": ("max_completion_tokens",),
}
"""Part → how a refusal names it."""
_SHOWN = {"response_format": "a JSON schema"}


class Offer:
    """The parts of a request, and which of them the server has refused so far."""

    def __init__(self, max_tokens: int, seed: int) -> None:
        self._parts: dict[str, dict[str, Any]] = {
            "response_format": {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "verdict", "strict": True, "schema": SCHEMA},
                }
            },
            "logprobs": {"logprobs": True, "top_logprobs": 5},
            "seed": {"seed": seed},
            "temperature": {"temperature": 0},
            "max_completion_tokens": {"max_completion_tokens": max_tokens},
        }
        self._instead = {"max_completion_tokens": {"max_tokens": max_tokens}}  # its name before 2024
        self._refused: frozenset[str] = frozenset()

    async def post(self, line: Line, path: str, body: Mapping[str, Any]) -> object:
        """The server's reply to as much of the request as it takes."""
        refused = self._refused
        while True:
            try:
                reply = await line.post(path, {**body, **self._taken(refused)})
            except Refused as refusal:
                named = _named(refusal.words) - refused
                if not named:
                    raise
                refused |= named
            else:
                self._refused |= refused  # only now: a refusal may have named a part and meant the length of the text
                return reply

    @property
    def note(self) -> str | None:
        """What the server was not asked for, as it does not take it; None where it takes all."""
        parts = [_SHOWN.get(part, part) for part in self._parts if part in self._refused - self._instead.keys()]
        return f"asked without {', '.join(parts)}, which the server does not take" if parts else None

    def _taken(self, refused: frozenset[str]) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for part, fields in self._parts.items():
            taken |= self._instead.get(part, {}) if part in refused else fields
        return taken


def _named(refusal: str) -> frozenset[str]:
    """The parts of a request that a refusal names."""
    said = refusal.lower()
    return frozenset(part for part, names in _NAMES.items() if any(name in said for name in names))
