"""A completion, as every local model gives it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completion:
    """The text that a model wrote after a prompt."""

    text: str
    """Without thoughts before it, the tokens that end it, and the white space around it."""
    tokens: int
    """How many it made, thoughts and the one that ends the text included."""
    ended: bool
    """Whether it ended the text itself, before its token limit."""


def no_text(cut: bool) -> str:
    """Why a completion has no text; ``cut`` says that it reached its token limit."""
    return "the model wrote no summary within max_new_tokens" if cut else "the model returned no text"
