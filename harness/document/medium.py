"""How much of a document each medium shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Medium:
    """Maximum number of things of each kind to show; the rest is collapsed or counted."""

    errors: int
    """Errors per kind and system."""
    facts: int
    """Changed facts per kind of change that a comparison names."""
    comparisons: int
    """Comparisons that name changed facts; if there are more, they name only lost essential facts."""
    texts: int
    """Changed summaries that are shown word by word."""
    causes: int
    """Other changes between two runs that are listed."""


TERMINAL = Medium(errors=2, facts=12, comparisons=6, texts=3, causes=20)
COMMENT = Medium(errors=12, facts=40, comparisons=6, texts=20, causes=200)
PAGE = Medium(errors=1000, facts=10_000, comparisons=10_000, texts=200, causes=10_000)
