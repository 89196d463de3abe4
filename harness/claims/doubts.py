"""Where a verb may hang on another one, or be said of another noun, than the parse says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.grammar import is_clause
from harness.claims.lexicon import REPORTING

if TYPE_CHECKING:
    from spacy.tokens import Token


def nearer_verb(head: Token, token: Token) -> bool:
    """Whether a verb stands between the two that the token may as well belong to.

    "He agreed that he was ill but said …" is in no doubt: who reports goes on reporting.
    """
    if head.lemma_ in REPORTING and token.lemma_ in REPORTING:
        return False
    between = [each for each in head.doc[head.i + 1 : token.left_edge.i] if each.dep_ != "conj" and is_clause(each)]
    return any(each.tag_ == token.tag_ or token.tag_ in {"VBG", "VBN"} for each in between)


def nearer_noun(noun: Token, area: frozenset[int], other: frozenset[str] = frozenset()) -> bool:
    """Whether what the area says may be said of a noun that stands nearer: "the son of the actor, who died".

    ``other``: kinds of names that it cannot be said of.
    """
    return any(
        each.pos_ in {"NOUN", "PROPN"}
        and each.ent_type_ not in other
        and each not in noun.conjuncts
        and each.ent_iob_ != "I"  # a name counts by its first word, and so not at all behind the noun's own
        for each in noun.doc[noun.i + 1 : min(area)]
    )
