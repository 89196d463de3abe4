"""Sentences joined by a semicolon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.grammar import is_clause, stretch, subject

if TYPE_CHECKING:
    from spacy.tokens import Token


def independent(token: Token, clause: Clause) -> Part | None:
    """ "Arsenal won; Chelsea lost": what stands before a semicolon is parsed as if it were said by what follows."""
    area = stretch(token) & clause.area
    following = max(area, default=len(token.doc)) + 1
    semicolon = following < len(token.doc) and token.doc[following].text == ";"
    if token.head != clause.head or not semicolon or not is_clause(token) or subject(token) is None:
        return None
    return Part(token, area, frozenset({following}))
