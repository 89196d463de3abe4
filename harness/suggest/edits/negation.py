"""Negate a clause, or remove a negation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.suggest.edits.edit import Change, Passage, shuffle
from harness.suggest.english import child, end, find_auxiliaries, inflect, lemma, neighbour, neighbour_word, word_set

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_FINITE = ("VBD", "VBZ", "VBP", "MD")
_NEGATIVE = word_set(
    "not n't no never nobody none nothing neither nor cannot hardly barely scarcely seldom rarely without unless only "
    "already just still even once also always yet until"
)
"""Words next to which another negation would read badly or be ambiguous."""
_QUANTIFIERS = word_set(
    "all every each both either any most many some several few half dozens hundreds thousands millions fewer less more "
    "everyone everybody everything someone somebody something anyone anybody anything others"
)
"""Quantifiers with which both a statement and its negation can be true."""
_DEFINITE = word_set("the this these those both his her its their our")
_FULL = {"ca": "can", "wo": "will", "sha": "shall"}  # the stem of an auxiliary before ``n't`` → the auxiliary
_LATER = word_set("any anyone anything anywhere either until yet ever nor but only just merely necessarily least even")
"""Words that may need a negation before them: ``did not sign any``, ``not only … but``."""


def negate_clauses(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Remove each negation in turn; then negate each clause that has none, the main clause first."""
    yield from shuffle(rng, [[change] for token in passage.doc if (change := _remove(token))])
    verbs = sorted(filter(_can_be_negated, passage.doc), key=lambda token: token.dep_ != "ROOT")
    yield from ([change] for verb in verbs if (change := _negate(verb)))


def _can_be_negated(verb: Token) -> bool:
    """True for the verb of a statement that has no negation, and no quantity in its subject."""
    if verb.pos_ not in ("VERB", "AUX") or verb.dep_ not in ("ROOT", "ccomp", "conj", "relcl"):
        return False
    subject = child(verb, "nsubj", "nsubjpass", "expl")
    if subject is None or subject.i > verb.i or verb.sent[-1].text == "?":
        return False
    near = {neighbour_word(verb, -1), neighbour_word(verb, 1), *(token.lower_ for token in verb.children)}
    if near & _NEGATIVE or "-" in near:
        return False
    return not any(token.lower_ in _NEGATIVE or _is_quantity(token) for token in subject.subtree)


def _is_quantity(token: Token) -> bool:
    """True if the token says how many a statement is about: ``30 people``, ``most``; not ``the 30 people``."""
    is_before = token.dep_ == "nummod" and token.i < token.head.i
    counted = token.head if is_before else token
    if any(other.lower_ in _DEFINITE or other.dep_ == "poss" for other in counted.children):
        return False
    is_subject = token.dep_ in ("nsubj", "nsubjpass")
    if token.lower_ in _QUANTIFIERS:
        return is_subject or token.dep_ in ("det", "amod", "predet", "preconj", "nummod", "quantmod", "advmod")
    return is_before or (is_subject and token.tag_ == "CD" and token.ent_type_ != "DATE")


def _negate(verb: Token) -> Change | None:
    auxiliary = next(find_auxiliaries(verb), None) or (verb if verb.lemma_ == "be" else None)
    if auxiliary is not None:
        subject = child(verb, "nsubj", "nsubjpass", "expl")
        if auxiliary.tag_ not in _FINITE or "'" in auxiliary.text or (subject is not None and auxiliary.i < subject.i):
            return None
        if auxiliary.lower_ == "can":
            return Change(auxiliary.idx, end(auxiliary), "cannot")
        return Change(end(auxiliary), end(auxiliary), " not")
    before = neighbour(verb, -1)
    phrase = f"{verb.lower_} {neighbour_word(verb, 1)}"
    is_fixed = phrase in ("used to", "had better") or verb.lemma_ in ("let", "do")
    follows_adverb = before is not None and before.dep_ == "advmod" and before.lower_ not in ("then", "later")
    if verb.tag_ not in _FINITE or verb.tag_ == "MD" or is_fixed or follows_adverb:
        return None
    do = {"VBD": "did", "VBZ": "does", "VBP": "do"}[verb.tag_]
    return Change(verb.idx, end(verb), f"{do} not {lemma(verb)}")


def _remove(token: Token) -> Change | None:
    """Remove the negation that this token makes; return None if it makes none, or if later words need it."""
    if token.lower_ == "no" and neighbour_word(token, 1) == "longer":
        return Change(token.idx, end(token.nbor(1)), "still")
    if token.dep_ != "neg" or token.head.pos_ not in ("VERB", "AUX"):
        return None
    if any(other.lower_ in _LATER for other in token.head.subtree if other.i > token.i):
        return None
    if token.lower_ == "never" and token.i:
        return Change(token.idx, token.idx + len(token.text_with_ws), "")
    auxiliary, verb = neighbour(token, -1), token.head
    if token.lower_ not in ("not", "n't") or auxiliary is None or auxiliary.pos_ != "AUX":
        return None
    if auxiliary.lemma_ != "do" or auxiliary == verb:
        return Change(auxiliary.idx, end(token), _FULL.get(auxiliary.lower_, auxiliary.text))
    if any(token.i < other.i < verb.i for other in verb.children):
        return None
    form = inflect(lemma(verb), {"did": "VBD", "does": "VBZ"}.get(auxiliary.lower_, "VBP"))
    return Change(auxiliary.idx, end(verb), form) if form else None
