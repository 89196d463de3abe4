"""What makes two pairs that people judge one: the use and the two texts."""

from __future__ import annotations

from functools import lru_cache

from harness.records import Use
from harness.signature import digest

_premise_hash = lru_cache(maxsize=4096)(digest)
"""The hash of a premise, made once for all pairs of one text."""

PairKey = tuple[Use, str, str]
"""Use, hypothesis, hash of the premise: ``Annotation.question`` has the same."""


def pair_key(use: Use, hypothesis: str, premise: str) -> PairKey:
    """The key of a pair."""
    return use, hypothesis, _premise_hash(premise)


def pair_id(key: PairKey) -> str:
    """The id by which pages and files name a pair."""
    return digest(*key)
