"""Where a document is shown, and how much there is room for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Medium:
    """How much of each kind a document shows; the rest is folded or counted."""

    sentences: int
    """Wrong, made up or lost sentences of each kind and system that are shown at once."""
    folded: int
    """Further ones that are folded away."""
    facts: int
    """Changed facts of one kind that are named in a comparison."""
    comparisons: int
    """Comparisons that have their facts named; of more, only the essential facts lost are."""
    texts: int
    """Changed summaries that are shown word by word."""
    causes: int
    """Other changes between two runs that are listed."""


TERMINAL = Medium(sentences=2, folded=0, facts=12, comparisons=6, texts=3, causes=20)
COMMENT = Medium(sentences=3, folded=9, facts=40, comparisons=6, texts=20, causes=200)
PAGE = Medium(sentences=3, folded=997, facts=10_000, comparisons=10_000, texts=200, causes=10_000)
