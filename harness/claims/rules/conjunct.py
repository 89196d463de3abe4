"""Verb phrases and clauses joined by "and" or "but"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.claims.clause import Clause, Part
from harness.claims.doubts import nearer_verb
from harness.claims.grammar import (
    auxiliaries,
    before,
    disagrees,
    is_clause,
    is_negated,
    is_passive,
    is_plural,
    is_quantified,
    stretch,
    subject,
    tensed,
)
from harness.claims.lexicon import BONDED, CONDITIONS, HEDGES, INTRANSITIVE, LOOSE, REPORTING
from harness.claims.wording import Words

if TYPE_CHECKING:
    from spacy.tokens import Token

_JOINTS = frozenset({"and", "but", "yet", "&"})
_OBJECTS = frozenset({"dobj", "prep"})
# What hangs on a verb in the active voice alone.
_ACTIVE = frozenset({"dobj", "ccomp", "xcomp", "acomp", "attr", "neg", "aux", "prt"})


def conjunct(token: Token, clause: Clause) -> Part | None:
    """ "…, and his wife survived"; "… and was buried in Leeds": the subject is carried over, and the auxiliary."""
    head = clause.head
    if token.head != head or token.i < head.i or _alternative(token) or _qualified(head):
        return None
    area = stretch(token) & clause.area
    cut = frozenset(before(token, area)) if area else frozenset()
    if not cut or _resumes(head, area) or _said_by_another(head, token):
        return None
    if subject(token) is not None:
        dependent = any(child.dep_ == "mark" and child.lower_ != "that" for child in token.lefts)
        return Part(token, area, cut) if is_clause(token) and not dependent else None
    agent = clause.agent
    if agent is None or agent.dep_ == "expl" or is_quantified(agent) or _of_another_noun(head, token, cut):
        return None
    if token.tag_ == head.tag_ == "VBG" and clause.hole == head.i:
        return Part(token, area, cut, noun=agent, shared=True, helper=_as_before(token, clause), hole=token.i)
    helper = _helper(head, token)
    if helper is None or _shares_object(head, token) or disagrees(agent, token):
        return None
    return Part(token, area, cut, noun=agent, shared=True, helper=helper)


def _helper(head: Token, token: Token) -> Words | None:
    """The auxiliaries that a conjunct has from the verb before it; None where it cannot be said on its own."""
    if is_clause(token):
        return None if nearer_verb(head, token) or _may_be_passive(head, token) else ()
    if auxiliaries(token) or is_negated(head):
        return None
    if token.tag_ == head.tag_:
        return tuple(each.i for each in auxiliaries(head)) or None
    # "Went … and held": a past tense that was tagged as a participle.
    return () if (token.tag_, head.tag_) == ("VBN", "VBD") else None


def _as_before(token: Token, clause: Clause) -> Words:
    """A verb in -ing in the tense that the one before it was given."""
    plural = clause.agent is not None and is_plural(clause.agent)
    return (tensed(token, clause.helper == (tensed(clause.head, past=True, plural=plural),), plural),)


def _alternative(token: Token) -> bool:
    """Whether the conjunct is one of a list joined by "or", or of a pair ("either", "not only")."""
    group = [token.head, token]
    while following := next((child for child in group[-1].children if child.dep_ == "conj"), None):
        group.append(following)
    joints = [child.lower_ for each in group for child in each.children if child.dep_ in {"cc", "preconj"}]
    return any(joint not in _JOINTS for joint in joints)


def _qualified(head: Token) -> bool:
    """Whether what the clause says holds on a condition, by hearsay or perhaps, which a conjunct would lose."""
    adverbials = [child for child in head.children if child.dep_ == "advcl"]
    conditional = any(mark.lower_ in CONDITIONS for adverbial in adverbials for mark in adverbial.children)
    # "The fire, police said, …"
    told = any(child.dep_ == "parataxis" and child.lemma_ in REPORTING for child in head.children)
    return conditional or told or any(child.lower_ in HEDGES for child in head.children)


def _resumes(head: Token, area: frozenset[int]) -> bool:
    """Whether the clause goes on behind the area with words of its own, or runs on into another sentence."""
    behind = [child for child in head.rights if child.i > max(area) and child.dep_ not in {"punct", "cc", "advcl"}]
    return any(child.dep_ != "conj" or not before(child, stretch(child) or {child.i}) for child in behind)


def _shares_object(head: Token, token: Token) -> bool:
    """Whether both verbs may have one object ("makes and sells cars")."""
    joined = head.i + 1 < len(head.doc) and head.nbor().dep_ == "cc"
    if not joined or is_passive(head) or auxiliaries(token):
        return False
    return any(child.dep_ in _OBJECTS for child in token.rights)


def _said_by_another(head: Token, token: Token) -> bool:
    """Whether "said" may go on the report rather than what is reported ("he said that he won and said …")."""
    reported = head.dep_ == "ccomp" and head.head.lemma_ in REPORTING and token.lemma_ in REPORTING
    return reported and not any(child.lower_ == "that" and child.dep_ == "mark" for child in token.lefts)


def _of_another_noun(head: Token, token: Token, cut: frozenset[int]) -> bool:
    """ "Shares fell after Musk, its head, sold his": the parse may take "after Musk" for all that is after.

    "She rose, infuriated, and left": a word by itself between commas says how she was.
    """
    if any(token.doc[place].dep_ == "cc" for place in cut):
        return False
    if token.left_edge == token.right_edge:
        return True
    nouns = [noun for child in head.rights if child.lower_ in BONDED | LOOSE for noun in child.rights]
    return any(noun.i < token.i and any(each.dep_ in {"appos", "relcl"} for each in noun.rights) for noun in nouns)


def _may_be_passive(head: Token, token: Token) -> bool:
    """Whether "was washed and returned" may mean that it was returned."""
    bare = token.tag_ == "VBD" and token.lower_.endswith("ed") and token.lemma_ not in INTRANSITIVE
    return is_passive(head) and bare and not any(child.dep_ in _ACTIVE for child in token.children)
