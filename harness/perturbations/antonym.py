"""A word replaced by its opposite, in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.opposites import antonyms
from harness.checker_en.syntax import beside, child, end
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.single_words import entry, in_its_form, replaceable

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_NEAR = 4
"""Tokens within which the opposite already stands: ``more or less``, ``win or lose``."""

_CONTESTS = lists.group(
    "match game race election vote battle war fight case final seat title appeal bid cup championship bet point round"
)
"""What one wins and another loses; whatever else is lost could be gained."""


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each word that has an opposite, in an order of chance."""
    for token in shuffled(rng, [token for token in passage.doc if replaceable(token)]):
        for opposite in shuffled(rng, _opposites(token)):
            written = in_its_form(opposite, token)
            if written is not None and not _already_near(token, opposite):
                yield [Change(token.idx, end(token), written)]
                break


def _opposites(token: Token) -> list[str]:
    kind, word = entry(token)
    if beside(token, -1) == "at":  # at least, at most: both can hold
        return []
    if word == "lose":
        object_ = child(token, "dobj")
        return ["win"] if object_ is None or object_.lemma_.lower() in _CONTESTS else ["gain"]
    return antonyms()[kind].get(word, [])


def _already_near(token: Token, opposite: str) -> bool:
    near = token.doc[max(0, token.i - _NEAR) : token.i + _NEAR + 1]
    return any(opposite in (other.lemma_.lower(), other.lower_) for other in near)
