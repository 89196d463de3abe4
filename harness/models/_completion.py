"""A completion, as every local model gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completion:
    """The text that a model wrote after a prompt."""

    text: str
    """Without the tokens that end it and the white space around it."""
    tokens: int
    """How many it made, the one that ends the text included."""
    ended: bool
    """Whether it ended the text itself, before its token limit."""
