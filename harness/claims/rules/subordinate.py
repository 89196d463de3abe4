"""Clauses with "because", "after", "while" and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.doubts import nearer_verb
from harness.claims.grammar import COMMAS, after, before, is_clause, is_modal, is_negated, is_past, stretch, subject
from harness.claims.lexicon import BONDED, LOOSE, TEMPORAL

if TYPE_CHECKING:
    from spacy.tokens import Token


def subordinate(token: Token, clause: Clause) -> Part | None:
    """ "… because he was ill": he was ill, and that is why. "While Chelsea lost, …": Chelsea lost."""
    marks = [child for child in token.lefts if child.dep_ == "mark" or child.tag_ == "WRB"]
    if token.head != clause.head or len(marks) != 1 or not _asserted(token, clause.head, marks[0].lower_):
        return None
    whole = stretch(token) & clause.area
    area = frozenset(place for place in whole if place > marks[0].i)
    if not area:
        return None
    lead = whole - area
    if token.doc[min(whole) - 1].dep_ == "cc" and min(whole) > 0:
        return None  # "and although …": it belongs to the verb that follows, which the parse has missed
    fronted = all(token.doc[place].text in COMMAS for place in clause.area if place < min(whole))
    if not fronted and _runs_on(token, clause.head):
        return None
    cut = lead | frozenset(before(token, whole)) | frozenset(after(token, whole) if fronted else ())
    # "Two days after": what is said of the conjunction is said of the bond.
    plain = all(token.doc[place] == marks[0] or token.doc[place].lower_ in {"even", "just"} for place in lead)
    return Part(token, area, cut, bond=cut if marks[0].lower_ in BONDED or not plain else frozenset())


def _asserted(token: Token, head: Token, mark: str) -> bool:
    """Whether the clause says what is the case."""
    if mark not in BONDED | LOOSE or not is_clause(token) or subject(token) is None or is_modal(token):
        return False
    if mark in TEMPORAL and not (is_past(token) and is_past(head)):
        return False
    return not (mark in BONDED and is_negated(head))


def _runs_on(token: Token, head: Token) -> bool:
    """Whether a later verb without a subject may belong to the subordinate clause or to the main one."""
    later = [child for verb in (token, head) for child in verb.rights if child.dep_ == "conj" and child.i > token.i]
    return any(
        child.pos_ in {"VERB", "AUX"} and subject(child) is None and (child.head == token or nearer_verb(head, child))
        for child in later
    )
