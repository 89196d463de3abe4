"""A noun beside a noun, between commas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.grammar import COMMAS, around, be, is_negated, is_past, is_plural, is_set_off, stretch
from harness.claims.lexicon import RELATIVES

if TYPE_CHECKING:
    from spacy.tokens import Token


def apposition(token: Token, clause: Clause) -> Part | None:
    """ "Keefe, the model for the poster, died": Keefe was the model for the poster."""
    noun = token.head
    area = (stretch(token) & clause.area) - _afterthought(token)
    if not is_set_off(token, area) or _is_list(noun) or is_plural(noun) != is_plural(token) or _is_denied(noun):
        return None
    if any(token.doc[place].lower_ in RELATIVES for place in area if place < token.i):
        return None
    if not _described(token, noun) and not (_renamed(token, noun) and noun.i == min(area) - 2):
        return None
    return Part(token, area, around(noun, area), noun=noun, helper=(be(noun, is_past(clause.head)),))


def _described(token: Token, noun: Token) -> bool:
    """ "Keefe, the model for the poster"; "Jensen, head of the bank"."""
    titled = noun.ent_type_ in {"PERSON", "ORG"} and any(child.dep_ == "prep" for child in token.rights)
    return token.pos_ == "NOUN" and noun.pos_ == "PROPN" and (_determined(token) or titled)


def _renamed(token: Token, noun: Token) -> bool:
    """ "The founder, Carl Jensen"; "his wife, a teacher"."""
    named = token.pos_ == "PROPN" or (token.pos_ == "NOUN" and _determined(token))
    return named and _determined(noun) and noun.tag_ == "NN"


def _is_list(noun: Token) -> bool:
    """Whether it is one of several: a list without its "and" is parsed as a chain of appositions."""
    return noun.dep_ == "appos" or any(child.dep_ == "conj" for child in noun.children)


def _is_denied(noun: Token) -> bool:
    """ "Not Bracco, his doctor": nothing is said to be his doctor here."""
    start = noun.left_edge.i
    return is_negated(noun) or (start > 0 and noun.doc[start - 1].dep_ == "neg")


def _determined(noun: Token) -> bool:
    return any(child.dep_ in {"det", "poss"} for child in noun.lefts)


def _afterthought(token: Token) -> frozenset[int]:
    """ ", by three points" behind an apposition: it belongs to the verb."""
    late = [child for child in token.rights if child.dep_ == "prep" and token.doc[child.i - 1].text in COMMAS]
    return frozenset(range(late[0].i - 1, token.right_edge.i + 1)) if late else frozenset()
