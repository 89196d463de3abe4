"""Who did what to whom, the wrong way round: subject and object change places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.noun_phrases import Phrase, as_object, as_subject, phrase
from harness.checker_en.roles import MUTUAL, TOGETHER
from harness.checker_en.syntax import child, finite_auxiliaries
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.stand_ins import Entity, names_in, replaceable, same

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_FIXED = MUTUAL | lists.group("have become remain include contain involve represent mean")
"""Verbs of which the exchange says the same, or nobody does anything to anybody."""
_TOWARDS = lists.group("on to against at for from over")
_ACTING = ("PERSON", "ORG", "GPE", "NORP")
_PEOPLE = lists.group(
    "man woman boy girl child people police officer official president minister leader government company court judge "
    "soldier army troops team club driver victim suspect attacker gunman doctor nurse patient teacher student pupil "
    "mother father son daughter brother sister husband wife couple family friend fan crowd player coach manager "
    "striker defender goalkeeper champion lawyer prosecutor witness reporter journalist owner boss worker employee "
    "customer shopper passenger pilot firefighter rescuer rebel protester activist voter candidate senator lawmaker "
    "mayor governor king queen prince princess duke duchess actor actress singer star author director spokesman "
    "spokeswoman critic ally rival opponent supporter neighbour neighbor resident villager tourist migrant refugee "
    "dog cat bear shark"
)


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each clause in which both are people, organisations, countries or animals; then names of one type."""
    for verb in shuffled(rng, [token for token in passage.doc if token.pos_ == "VERB" and token.lemma_ not in _FIXED]):
        subject, other = _subject(verb), _other(verb)
        if subject is not None and other is not None and _exchangeable(verb, subject, other):
            yield [
                Change(subject.start, subject.end, as_subject(other)),
                Change(other.start, other.end, as_object(subject)),
            ]
    yield from _names_exchanged(passage)


def _names_exchanged(passage: Passage) -> Iterator[list[Change]]:
    """A name in the subject of a verb and one behind the verb: ``Ann proposed to Tom``."""
    here = [name for name in names_in(passage) if replaceable(name) and not name.modifier]
    spans = {name: passage.doc.char_span(name.start, name.end, alignment_mode="expand") for name in here}
    heads = {name: span.root for name, span in spans.items() if span is not None}
    for one, other in combinations(heads, 2):
        if one.type == other.type and not same(one.text, other.text) and _behind(heads[one], heads[other]):
            yield [
                Change(one.start, one.end, _within(passage, other)),
                Change(other.start, other.end, _within(passage, one)),
            ]


def _behind(subject: Token, other: Token) -> bool:
    """Whether the other stands behind the verb of the subject, in its clause, no partner and nobody's by a pronoun."""
    verb = _verb_of(subject)
    owned = any(token.tag_ == "PRP$" for token in other.doc[max(0, other.i - 4) : other.i])
    return verb is not None and other.i > verb.i and verb in other.ancestors and not owned and not _partner(other)


def _partner(name: Token) -> bool:
    """Whether a name hangs on a preposition of doing together: who spoke with Ann, Ann spoke with."""
    while name.dep_ == "conj":
        name = name.head
    return name.dep_ == "pobj" and name.head.lower_ in TOGETHER


def _verb_of(head: Token) -> Token | None:
    """The verb whose subject the name is, where what it does is not mutual and nobody does it with it."""
    if head.dep_ not in ("nsubj", "nsubjpass") or child(head, "cc") is not None:
        return None
    verb = head.head
    return verb if verb.pos_ == "VERB" and verb.lemma_ not in _FIXED else None


def _within(passage: Passage, name: Entity) -> str:
    """The name as it is written within a sentence, with its ``the`` where it has one here."""
    return f"the {name.text}" if name.the and passage.text[name.start : name.end] != name.text else name.text


def _subject(verb: Token) -> Phrase | None:
    head = child(verb, "nsubj", "nsubjpass")
    return phrase(head) if head is not None and head.i < verb.i else None


def _other(verb: Token) -> Phrase | None:
    """Whom the verb is done to, or by: its object, the agent of a passive, or the object of its preposition."""
    head = _direct(verb) or _asked(verb) or _agent(verb) or _towards(verb)
    return phrase(head) if head is not None else None


def _direct(verb: Token) -> Token | None:
    head = child(verb, "dobj", "dative")
    return head if head is not None and head.pos_ != "ADP" else None


def _asked(verb: Token) -> Token | None:
    """``the US`` of ``urged the US to act``, which the parser takes for the subject of what follows."""
    clause = child(verb, "ccomp")
    to = child(clause, "aux") if clause is not None else None
    head = child(clause, "nsubj") if clause is not None else None
    return head if to is not None and to.lower_ == "to" and head is not None and head.i > verb.i else None


def _agent(verb: Token) -> Token | None:
    by = child(verb, "agent")
    return child(by, "pobj") if by is not None and child(verb, "nsubjpass") is not None else None


def _towards(verb: Token) -> Token | None:
    towards = next((other for other in verb.rights if other.dep_ == "prep" and other.lower_ in _TOWARDS), None)
    head = child(towards, "pobj") if towards is not None else None
    person = head is not None and (head.ent_type_ == "PERSON" or head.lemma_.lower() in _PEOPLE or head.pos_ == "PRON")
    return head if person else None


def _exchangeable(verb: Token, subject: Phrase, other: Phrase) -> bool:
    if not (_acts(subject) and _acts(other)):
        return False
    if any(token.tag_ == "PRP$" for token in (*subject.head.subtree, *other.head.subtree)):
        return False  # "his allies" would look for another owner
    if as_object(subject).lower() == other.text.lower() or _counted(subject) or _counted(other):
        return False
    return _number(verb) in (None, other.plural)


def _acts(actor: Phrase) -> bool:
    head = actor.head
    if actor.pronoun:
        return head.lower_ in ("he", "she", "they", "him", "her", "them", "i", "we", "me", "us")
    return head.ent_type_ in _ACTING or head.lemma_.lower() in _PEOPLE


def _counted(actor: Phrase) -> bool:
    """``more than 30 people`` moves badly."""
    return any(token.pos_ == "NUM" or token.dep_ == "neg" for token in actor.head.subtree)


def _number(verb: Token) -> bool | None:
    """Whether the verb, or its auxiliary, wants a plural subject; None where it does not show."""
    first = next(finite_auxiliaries(verb), verb)
    if first.tag_ == "VBZ" or first.lower_ == "was":
        return False
    return True if first.tag_ == "VBP" or first.lower_ == "were" else None
