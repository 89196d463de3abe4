"""Runs of n words."""

from __future__ import annotations

from collections.abc import Sequence


def ngrams(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """Every run of n words in order, repeats included; none where there are fewer than n words."""
    return list(zip(*(words[start:] for start in range(n)), strict=False))
