"""Words put into another mouth: the speaker of a statement replaced, or two speakers exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from harness.checker_en.noun_phrases import Phrase
from harness.checker_en.speakers import speakers
from harness.perturbations.edit import Change
from harness.perturbations.invention import unheard_of
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.stand_ins import Entity, names_in, same, stand_ins

if TYPE_CHECKING:
    import numpy as np


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each two speakers exchanged, then each speaker replaced by another of the article, or by a made-up one."""
    here = names_in(passage)
    heard = speakers(passage.doc)
    for one, other in combinations(heard, 2):
        if exchangeable(one, other):
            yield [Change(one.start, one.end, other.text), Change(other.start, other.end, one.text)]
    for speaker in shuffled(rng, heard):
        for text in shuffled(rng, _others(speaker, passage, here))[:2]:
            yield [Change(speaker.start, speaker.end, text)]


def exchangeable(one: Phrase, other: Phrase) -> bool:
    """Whether each can stand in the other's place, and is somebody else."""
    return one.whole and other.whole and one.head.i != other.head.i and not same(one.head.text, other.head.text)


def _others(speaker: Phrase, passage: Passage, here: list[Entity]) -> list[str]:
    named = next((name for name in here if name.start <= speaker.head.idx < name.end), None)
    if named is not None:
        return stand_ins(named, passage)
    return unheard_of("speakers" if speaker.plural else "speaker", passage)
