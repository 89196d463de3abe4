"""How much of a document each medium has room for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Medium:
    """How many things of each kind are shown; the rest is folded or counted."""

    errors: int
    """Errors of each kind and system."""
    facts: int
    """Changed facts of one kind that are named in a comparison."""
    comparisons: int
    """Comparisons whose changed facts are named; further ones name only lost essential facts."""
    texts: int
    """Changed summaries that are shown word by word."""
    causes: int
    """Other changes between two runs that are listed."""


TERMINAL = Medium(errors=2, facts=12, comparisons=6, texts=3, causes=20)
COMMENT = Medium(errors=12, facts=40, comparisons=6, texts=20, causes=200)
PAGE = Medium(errors=1000, facts=10_000, comparisons=10_000, texts=200, causes=10_000)
