"""The same said in other words: the one kind that is no error."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from harness.perturbations import contractions, formats, joints, order, synonyms, voice
from harness.perturbations.edit import Change
from harness.perturbations.source import Source, shuffled

if TYPE_CHECKING:
    import numpy as np

_WAYS = tuple(way.changes for way in (voice, order, synonyms, joints, contractions, formats))


def changes(source: Source, rng: np.random.Generator) -> Iterator[list[Change]]:
    """One of each way in an order of chance, then all; what is quoted stays as it was said."""
    by_way = [[made for made in way(source) if not _in_quotation(source, made)] for way in _WAYS]
    for every in shuffled(rng, by_way):
        yield from shuffled(rng, every)[:1]
    yield from chain.from_iterable(by_way)


def _in_quotation(source: Source, made: list[Change]) -> bool:
    return any(source.quoted(change.start) for change in made)
