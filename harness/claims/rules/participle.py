"""Participles without a subject, between commas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.doubts import nearer_noun, nearer_verb
from harness.claims.grammar import (
    around,
    auxiliaries,
    be,
    is_modal,
    is_negated,
    is_past,
    is_plural,
    is_quantified,
    is_set_off,
    stretch,
    subject,
    tensed,
)
from harness.claims.lexicon import PREPOSITIONS

if TYPE_CHECKING:
    from spacy.tokens import Token


def described(token: Token, clause: Clause) -> Part | None:
    """ "Smith, known as the Fox, …": Smith was known as the Fox."""
    area = stretch(token) & clause.area
    noun = token.head
    if not _is_bare(token, area) or not _can_do(noun) or is_modal(clause.head) or nearer_noun(noun, area):
        return None
    if token.tag_ == "VBG":
        return _active(token, clause, noun, shared=False)
    passive = not any(child.dep_ == "dobj" for child in token.children)
    return Part(token, area, around(noun, area), noun=noun, helper=(be(noun, past=True),)) if passive else None


def subordinate_participle(token: Token, clause: Clause) -> Part | None:
    """ "…, killing three people": the bus killed three people. "Founded in 1990, the firm …": it was founded."""
    area = stretch(token) & clause.area
    noun = clause.agent
    if token.head != clause.head or not _is_bare(token, area) or noun is None or not _can_do(noun):
        return None
    if nearer_verb(clause.head, token) or is_modal(clause.head):
        return None
    if token.tag_ == "VBG":
        return _active(token, clause, noun, shared=True)
    has_object = any(child.dep_ == "dobj" for child in token.children)
    trailing = token.i > clause.head.i
    if has_object and trailing:
        # No passive: a past tense that was tagged amiss ("killed two, injured five and left …").
        return Part(token, area, around(noun, area), noun=noun, shared=True)
    if has_object or trailing:
        return None  # a passive behind the verb may be said of the noun next to it
    return Part(token, area, around(noun, area), noun=noun, shared=True, helper=(be(noun, past=True),))


def _active(token: Token, clause: Clause, noun: Token, shared: bool) -> Part:
    """A verb in -ing, in the tense of the clause."""
    area = stretch(token) & clause.area
    verb = tensed(token, is_past(clause.head), is_plural(noun))
    return Part(token, area, around(noun, area), noun=noun, shared=shared, helper=(verb,), hole=token.i)


def _is_bare(token: Token, area: frozenset[int]) -> bool:
    """Whether it is a participle with nothing of its own before it, save an adverb before a passive."""
    if token.tag_ not in {"VBG", "VBN"} or token.lower_ in PREPOSITIONS or not is_set_off(token, area):
        return False
    if subject(token) is not None or auxiliaries(token) or is_negated(token):
        return False
    ahead = [token.doc[place] for place in area if place < token.i]
    return all(each.dep_ == "advmod" and token.tag_ == "VBN" for each in ahead)


def _can_do(noun: Token) -> bool:
    return noun.pos_ in {"NOUN", "PROPN", "PRON"} and noun.dep_ != "expl" and not is_quantified(noun)
