"""Two names exchanged: who did it, and whom it was done to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from harness.checker_en.lists import group
from harness.checker_en.syntax import child
from harness.suggest.edits.edit import Change, Passage, shuffled
from harness.suggest.edits.name import Name, is_same, read_names

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_MUTUAL = group(
    "meet marry wed divorce date resemble equal match play face fight draw tie collide debate hug kiss befriend join "
    "be have become remain include contain involve represent mean share"
)
"""Verbs after which the exchange says the same."""
_TOGETHER = group("with and between against alongside of")
"""Prepositions that join people who do a thing together, or a name to its owner."""


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each pair of names of one sort, the subject of a verb and a name after the verb: ``Ann proposed to Tom``."""
    found = read_names(passage)
    heads = {
        name: span.root
        for name in found
        if name.alone and not name.modifier and sum(is_same(name.text, other.text) for other in found) == 1
        if (span := passage.doc.char_span(name.start, name.end, alignment_mode="expand")) is not None
    }
    for one, other in shuffled(rng, list(combinations(heads, 2))):
        alike = one.type == other.type or {one.type, other.type} <= {"person", "organisation"}  # Trump, to the parser
        if alike and _is_done_to(heads[one], heads[other]):
            yield [Change(one.start, one.end, _within(other)), Change(other.start, other.end, _within(one))]


def _is_done_to(subject: Token, other: Token) -> bool:
    """True if the other is behind the verb of the subject, in its clause, and no partner in the same deed."""
    if subject.dep_ not in ("nsubj", "nsubjpass") or child(subject, "cc") is not None:
        return False
    verb = subject.head
    if verb.pos_ != "VERB" or verb.lemma_ in _MUTUAL or other.i < verb.i or verb not in other.ancestors:
        return False
    if any(token.tag_ == "PRP$" for token in other.doc[max(0, other.i - 4) : other.i]):
        return False  # "his ally Ann" would look for another owner
    while other.dep_ == "conj":
        other = other.head
    return not (other.dep_ == "pobj" and other.head.lower_ in _TOGETHER)


def _within(name: Name) -> str:
    return f"the {name.text}" if name.the else name.text
