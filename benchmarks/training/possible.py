"""What a text says only may happen, is planned, or is alleged, told as having happened, each beside a true statement.

"The council plans to raise the tax" does not say that the council raised it; "the council managed to raise the tax"
does. Which verbs commit a writer to what they govern is event factuality (Saurí and Pustejovsky 2009). Systems that
shorten leave out just these: "may", "accused of", "if".
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from benchmarks.training.clauses import (
    SUPPOSED,
    Clause,
    Made,
    behind,
    beside_true,
    clauses,
    few,
    is_condition,
    is_plural,
    tidy,
    written,
)
from benchmarks.training.corpora import Example
from benchmarks.training.rewording import phrase_of
from harness.checker_en import lists, syntax
from harness.checker_en.forms import inflect

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_OPEN = lists.group(
    "plan hope want aim seek intend try attempt fail refuse decline threaten vow promise pledge prepare propose wish "
    "expect consider deny avoid delay resist oppose"
)
"""Verbs of which the subject need not have done what follows: ``to raise the tax``, ``raising the tax``."""
_OPEN_PASSIVE = lists.group("expect schedule set ask urge order invite require ban forbid accuse suspect charge clear")
_OPEN_ADJECTIVES = lists.group("due likely unlikely ready unable willing unwilling keen eager set poised hopeful")
_DONE = lists.group("manage begin start continue proceed admit keep finish")
"""Verbs of which the subject did what follows."""
_DONE_PASSIVE = lists.group("force convict")
_KNOWN = lists.group("confirm reveal discover realise realize prove learn know show establish")
_MODALS = lists.group("may might could will would should")


def possible(premise: str, count: int, draw: random.Random) -> Iterator[Example]:
    """At most ``count`` true statements of a text, behind each what it says of something, told as having happened."""
    found = [made for doc in few(premise, draw) for made in _made(doc, draw)]
    draw.shuffle(found)
    yield from beside_true(premise, "possible", found, count, draw)


def _made(doc: Doc, draw: random.Random) -> Iterator[Made]:
    for clause in clauses(doc, draw):
        yield from _governed(clause, draw)
    for clause in clauses(doc, draw, is_modal=True):
        yield from _modal(clause)
    yield from chain(_supposed(doc, draw), _conditional(doc, draw))


def _governed(clause: Clause, draw: random.Random) -> Iterator[Made]:
    """What a verb, or an adjective, governs: ``plans to raise``, ``is due to open``, ``was accused of stealing``."""
    verb = clause.verb[-1]
    is_passive = any(token.dep_ == "auxpass" for token in clause.verb)
    adjective = syntax.child(verb, "acomp") if verb.lemma_ == "be" else None
    lower = _lower(verb if adjective is None else adjective)
    if lower is None or lower not in clause.after:
        return
    if adjective is not None:
        is_open, is_done = adjective.lemma_ in _OPEN_ADJECTIVES, False
    else:
        opened, done = (_OPEN_PASSIVE, _DONE_PASSIVE) if is_passive else (_OPEN, _DONE)
        is_open, is_done = verb.lemma_ in opened, verb.lemma_ in done
    if is_open or is_done:
        text = _happened(clause.subject, lower, behind(lower, draw))
        yield Made(clause.written(), text, "supported" if is_done else "unsupported")


def _lower(governor: Token) -> Token | None:
    """The verb that is governed, with no subject of its own."""
    found = syntax.child(governor, "xcomp")
    for preposition in governor.rights:
        found = found or (syntax.child(preposition, "pcomp") if preposition.dep_ == "prep" else None)
    if found is None or found.tag_ not in ("VB", "VBG", "VBN") or syntax.child(found, "nsubj", "nsubjpass", "neg"):
        return None
    return found


def _modal(clause: Clause) -> Iterator[Made]:
    if clause.verb[0].lower_ in _MODALS:
        yield Made(clause.written(), _happened(clause.subject, clause.verb[-1], clause.after))


def _supposed(doc: Doc, draw: random.Random) -> Iterator[Made]:
    """What is thought, feared or denied, and what is known."""
    for clause in clauses(doc, draw, is_supposed=True):
        head = clause.verb[-1].head
        if clause.verb[-1].dep_ == "ccomp" and not syntax.child(head, "neg"):
            if head.lemma_ in SUPPOSED:
                yield Made(doc.text, clause.written())
            elif head.lemma_ in _KNOWN:
                yield Made(doc.text, clause.written(), "supported")
        elif is_condition(clause.verb[-1]):
            yield Made(doc.text, clause.written())


def _conditional(doc: Doc, draw: random.Random) -> Iterator[Made]:
    """What will be under a condition, without it."""
    for clause in clauses(doc, draw, is_modal=True):
        conditions = [child for child in clause.verb[-1].children if is_condition(child)]
        if conditions:
            gone = {token.i for child in conditions for token in child.subtree}
            yield Made(doc.text, written(clause.subject, clause.verb, [t for t in clause.after if t.i not in gone]))


def _happened(subject: Token, verb: Token, after: Sequence[Token]) -> str:
    """The subject did it; '' where the past of the verb is not known."""
    helpers = [token for token in syntax.finite_auxiliaries(verb) if token.tag_ != "TO" and token.tag_ != "MD"]
    was = "were" if is_plural(subject) else "was"
    if any(token.lemma_ == "be" for token in helpers):
        told = [was, verb.text]
    else:
        told = [was if verb.lemma_ == "be" else inflect(verb.lemma_, "VBD") or ""]
    return tidy([*phrase_of(subject), *told, "", *after]) if told[0] else ""
