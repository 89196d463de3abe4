"""Another name: of the same type, from the article where it has one, at every mention in the text alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.stand_ins import Entity, names_in, replaceable, stand_ins

if TYPE_CHECKING:
    import numpy as np


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each name with up to two others."""
    here = [name for name in names_in(passage) if replaceable(name)]
    for entity in here:
        if any(_of_one(entity, other) for other in here if other.start < entity.start):
            continue
        for text in shuffled(rng, stand_ins(entity, passage))[:2]:
            yield [
                Change(other.start, other.end, _like(other, entity, text)) for other in here if _of_one(entity, other)
            ]


def _of_one(entity: Entity, other: Entity) -> bool:
    """Whether two mentions are of one person or thing: the same words, or a surname and a full name that ends in it."""
    if entity.type != other.type:
        return False
    return entity.text == other.text or (entity.type == "person" and _of_one_person(entity, other))


def _of_one_person(entity: Entity, other: Entity) -> bool:
    """Whether two names have one surname and not two first names: Ann Bell and Tom Bell are two people."""
    first, second = entity.text.split(), other.text.split()
    return first[-1] == second[-1] and (first[0] == second[0] or not (entity.full and other.full))


def _like(mention: Entity, entity: Entity, text: str) -> str:
    """The replacement of ``entity`` in the form that this mention of it has."""
    if mention.type == "person" and entity.full and not mention.full:
        return text.split()[-1]
    return text.removeprefix("the ") if mention.modifier else text
