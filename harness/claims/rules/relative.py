"""Relative clauses between commas; without them they say which one is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.doubts import nearer_noun
from harness.claims.grammar import SUBJECTS, around, climbed, disagrees, is_clause, is_set_off, stretch, subject
from harness.claims.lexicon import RELATIVES

if TYPE_CHECKING:
    from spacy.tokens import Token

_NO_PERSON = frozenset({"GPE", "LOC", "FAC", "DATE", "TIME", "ORG", "MONEY", "CARDINAL", "ORDINAL", "PERCENT"})


def relative(token: Token, clause: Clause) -> Part | None:
    """ "Smith, who won the race, …": Smith won the race. "…, whose wife died, …": Smith's wife died."""
    area = stretch(token) & clause.area
    pronoun = next((token.doc[place] for place in sorted(area) if token.doc[place].lower_ in RELATIVES), None)
    if pronoun is None or not is_clause(token) or not is_set_off(token, area) or _runs_on(token):
        return None
    noun = _antecedent(token.head, pronoun)
    if noun is None or nearer_noun(noun, area, _NO_PERSON if _is_personal(pronoun) else frozenset()):
        return None
    cut = around(noun, area)
    if pronoun.lower_ == "whose":
        owned = pronoun.head.dep_ in SUBJECTS and pronoun.head.head == token
        return Part(token, area, cut, noun=noun, tail=("'s",), hole=pronoun.i) if owned else None
    if any(each.dep_ in SUBJECTS and each.head == token for each in (pronoun, *pronoun.ancestors)):
        doubtful = pronoun.head == token and disagrees(noun, token)
        return None if doubtful else Part(token, area, cut, noun=noun, hole=pronoun.i)
    if pronoun.dep_ == "dobj" and pronoun.head == token:
        slot = max([token.i, *(child.i for child in token.rights if child.dep_ == "prt")])
        return Part(token, area, cut, noun=noun, hole=pronoun.i, slot=slot)
    return None


def _runs_on(token: Token) -> bool:
    """ "The driver, who was 19, and released him": whether the driver did, or the police, the parse does not know."""
    return any(
        child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"} and subject(child) is None for child in token.rights
    )


def _antecedent(noun: Token, pronoun: Token) -> Token | None:
    """What "who" or "which" stands for: a person or a thing."""
    personal = _is_personal(pronoun)
    for each in climbed(noun):
        named = each.pos_ in {"NOUN", "PROPN"} or each.dep_ in SUBJECTS
        if named and not (personal and each.ent_type_ in _NO_PERSON):
            return None if pronoun.lower_ == "which" and each.ent_type_ == "PERSON" else each
    return None


def _is_personal(pronoun: Token) -> bool:
    return pronoun.lower_ in {"who", "whom"}
