"""Negation: a clause denied, or a denial taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.forms import inflected, lemma
from harness.checker_en.negation import NEGATORS
from harness.checker_en.syntax import beside, child, end, finite_auxiliaries, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_FINITE = ("VBD", "VBZ", "VBP", "MD")
_NEGATIVE = NEGATORS | lists.group("hardly barely scarcely seldom rarely without unless only")
_HALF_NEGATIVE = lists.group("already just still even once also always yet until")
"""Before a negation these would read badly, or leave it open what is denied."""
_QUANTIFIERS = lists.group(
    "all every each both either any most many some several few half dozens hundreds thousands millions fewer less more "
    "everyone everybody everything someone somebody something anyone anybody anything others"
)
"""Of so many of a group both a statement and its denial can be true, or it is left open what is denied."""
_DEFINITE = lists.group("the this these those both his her its their our")
_FULL = {"ca": "can", "wo": "will", "sha": "shall"}
"""The stem of an auxiliary before ``n't`` → the auxiliary."""
_DENIED = {"'s": None, "'ll": "will not", "'d": None, "can": "cannot"}
"""Auxiliaries that a plain ``not`` does not follow; None: it may be two words, so it is left."""


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Every denial taken out, then every clause that has none denied; the main clause first."""
    taken_out = [change for token in passage.doc if (change := _without(token))]
    verbs = sorted(filter(_can_be_denied, passage.doc), key=lambda token: token.dep_ != "ROOT")
    yield from shuffled(rng, taken_out)
    yield from (change for verb in verbs if (change := _denied(verb)))


def _can_be_denied(verb: Token) -> bool:
    """Whether it is the verb of a statement that neither holds a negation nor stands in one."""
    if verb.pos_ not in ("VERB", "AUX") or verb.dep_ not in ("ROOT", "ccomp", "conj", "relcl"):
        return False
    subject = child(verb, "nsubj", "nsubjpass", "expl")
    if not (_shares_subject(verb) if subject is None else subject.i < verb.i):
        return False
    if "-" in (beside(verb, -1), beside(verb, 1)) or verb.sent[-1].text == "?":
        return False
    near = {beside(verb, -1), beside(verb, 1), *(token.lower_ for token in verb.children)}
    if near & (_NEGATIVE | _HALF_NEGATIVE):
        return False
    subject = _shared_subject(verb)
    return subject is None or not any(token.lower_ in _NEGATIVE or _counts(token) for token in subject.subtree)


def _shares_subject(verb: Token) -> bool:
    """Whether it follows another finite verb: ``came and saw``."""
    before = neighbour(verb, -1)
    joined = before is not None and before.dep_ in ("cc", "advmod")
    return verb.dep_ == "conj" and joined and verb.tag_ in _FINITE and verb.head.tag_ == verb.tag_


def _shared_subject(verb: Token) -> Token | None:
    """Its subject, or that of the verb that it follows."""
    while verb.dep_ == "conj" and child(verb, "nsubj", "nsubjpass", "expl") is None:
        verb = verb.head
    return child(verb, "nsubj", "nsubjpass", "expl")


def _counts(token: Token) -> bool:
    """Whether it says of how many a statement is: ``30 people``, ``two of them``, ``most``.

    Not where these are told apart from others: ``the 30 people``, ``the two``, ``England's first half``.
    """
    is_before = token.dep_ == "nummod" and token.i < token.head.i
    counted = token.head if is_before else token
    if any(other.lower_ in _DEFINITE or other.dep_ == "poss" for other in counted.children):
        return False
    is_subject = token.dep_ in ("nsubj", "nsubjpass")
    if token.lower_ in _QUANTIFIERS:
        return is_subject or token.dep_ in ("det", "amod", "predet", "preconj", "nummod", "quantmod", "advmod")
    return is_before or (is_subject and token.tag_ == "CD" and token.ent_type_ != "DATE")


def _denied(verb: Token) -> list[Change] | None:
    auxiliary = next(finite_auxiliaries(verb), None)
    if auxiliary is not None:
        subject = child(verb, "nsubj", "nsubjpass", "expl")
        inverted = subject is not None and auxiliary.i < subject.i
        return _after(auxiliary) if auxiliary.tag_ in _FINITE and not inverted else None
    if verb.tag_ not in _FINITE or _is_fixed(verb):
        return None
    if verb.lemma_ == "be":
        return _after(verb)
    before = neighbour(verb, -1)
    if before is not None and before.dep_ == "advmod" and before.lower_ not in ("then", "later"):
        return None  # "quickly did not leave"
    do = {"VBD": "did", "VBZ": "does", "VBP": "do"}[verb.tag_]
    return [Change(verb.idx, end(verb), f"{do} not {lemma(verb)}")]


def _is_fixed(verb: Token) -> bool:
    """``used to``, ``had better``, ``let's``, and ``do`` for another verb: these take no ``do``."""
    return (verb.lower_, beside(verb, 1)) in {("used", "to"), ("had", "better")} or (
        verb.lower_ == "let" or verb.tag_ == "MD" or (verb.lemma_ == "do" and child(verb, "dobj") is None)
    )


def _after(auxiliary: Token) -> list[Change] | None:
    if auxiliary.lower_ in _DENIED:
        text = _DENIED[auxiliary.lower_]
        if text is None:
            return None
        before = " " if auxiliary.text.startswith("'") else ""
        return [Change(auxiliary.idx, end(auxiliary), before + text)]
    return [Change(end(auxiliary), end(auxiliary), " not")] if not auxiliary.text.startswith("'") else None


def _without(token: Token) -> list[Change] | None:
    """The denial that this token makes, taken out; None where it makes none, or one that does not stand alone."""
    if token.lower_ == "no" and beside(token, 1) == "longer":
        return [Change(token.idx, end(token.nbor(1)), "still")]
    if token.lower_ == "without" and token.dep_ == "prep" and child(token, "pobj") is not None:
        return [Change(token.idx, end(token), "with")]
    if token.dep_ != "neg" or token.head.pos_ not in ("VERB", "AUX") or _goes_on(token):
        return None
    if token.lower_ == "never":
        return [Change(token.idx, token.idx + len(token.text_with_ws), "")] if token.i else None
    return _without_not(token) if token.lower_ in ("not", "n't") else None


def _goes_on(token: Token) -> bool:
    """Whether a second part needs the denial: ``not only … but``, ``did not sign any``, ``not until``."""
    if beside(token, 1) in ("only", "just", "merely", "necessarily", "least", "even", "yet"):
        return True
    later = {other.lower_ for other in token.head.subtree if other.i > token.i}
    return bool(later & {"any", "anyone", "anything", "anywhere", "either", "until", "yet", "ever", "nor", "but"})


def _without_not(token: Token) -> list[Change] | None:
    auxiliary = neighbour(token, -1)
    if auxiliary is None or auxiliary.pos_ != "AUX":
        return None
    verb = token.head
    if auxiliary.lemma_ == "do" and auxiliary != verb:
        if any(other.i > token.i and other.i < verb.i for other in verb.children):
            return None
        form = inflected(lemma(verb), {"did": "VBD", "does": "VBZ"}.get(auxiliary.lower_, "VBP"))
        return [Change(auxiliary.idx, end(verb), form)] if form else None
    return [Change(auxiliary.idx, end(token), _FULL.get(auxiliary.lower_, auxiliary.text))]
