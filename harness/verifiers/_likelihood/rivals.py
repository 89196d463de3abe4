"""The false versions that a statement is held against: those that people wrote, else some that are made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from harness.perturbations import false_versions
from harness.records import Pair
from harness.signature import digest
from harness.text import words

_LONGEST = 200
"""Words beyond which a text is no single statement, of which one thing could be swapped."""

Origin = Literal["made", "written"]
"""Made by perturbation of the statement, or written by people."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """False versions of one statement."""

    texts: tuple[str, ...]
    """None where the statement has nothing that can be swapped."""
    origin: Origin


def rivals(pair: Pair, statement: str, most: int) -> Rivals:
    """The pair's contrasts, else up to ``most`` made ones, the same ones for the same statement and premise."""
    written = _differing(pair.contrasts, {pair.hypothesis, *pair.accepted})
    if written:
        return Rivals(written, "written")
    return Rivals(_differing(_made(pair.premise, statement, most), {statement}), "made")


def _made(premise: str, statement: str, most: int) -> list[str]:
    import numpy as np

    if not most or len(words(statement)) > _LONGEST:
        return []
    rng = np.random.default_rng(int(digest(statement), 16))
    return [edit.text for edit in false_versions(statement, rng, context=premise, limit=most)]


def _differing(texts: Collection[str], from_: Collection[str]) -> tuple[str, ...]:
    """The texts that have words, and other ones than what they are held against."""
    known = {tuple(words(text)) for text in from_} | {()}
    return tuple(text for text in dict.fromkeys(texts) if tuple(words(text)) not in known)
