"""What can be detached from a clause, one rule for each relation of the parse.

A rule takes a token and the clause that it stands in, and gives the part that the token heads, or None where it is not
to be detached: where what it says is not asserted ("if", "or"), or where the parse leaves a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.rules.apposition import apposition
from harness.claims.rules.conjunct import conjunct
from harness.claims.rules.independent import independent
from harness.claims.rules.participle import described, subordinate_participle
from harness.claims.rules.relative import relative
from harness.claims.rules.subordinate import subordinate

if TYPE_CHECKING:
    from spacy.tokens import Token

Rule = Callable[["Token", Clause], Part | None]


def _adverbial(token: Token, clause: Clause) -> Part | None:
    """A clause with a conjunction, or a bare participle."""
    return subordinate(token, clause) or subordinate_participle(token, clause)


RULES: Mapping[str, Rule] = {
    "acl": described,
    "advcl": _adverbial,
    "appos": apposition,
    "ccomp": independent,
    "conj": conjunct,
    "relcl": relative,
}
"""Relation of the parse → its rule."""
