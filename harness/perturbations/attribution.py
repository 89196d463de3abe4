"""Words put into another mouth: the speaker of a statement replaced, or two speakers exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from harness.english import lists
from harness.english.noun_phrases import Phrase, phrase
from harness.english.roles import SAYING
from harness.english.syntax import child, end, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.invention import unheard_of
from harness.perturbations.passage import Passage, shuffled
from harness.perturbations.stand_ins import Entity, names_in, same, stand_ins

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Token

_SAYING = SAYING | lists.group(
    "report emphasize emphasise stress reiterate suggest deny confirm complain predict promise vow tweet call describe "
    "reveal believe think demand urge repeat assure concede allege boast respond"
)
_SAID = ("ccomp", "oprd", "xcomp", "parataxis")


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Each two speakers exchanged, then each speaker replaced by another of the article, or by a made-up one."""
    here = names_in(passage)
    heard = speakers(passage)
    for one, other in combinations(heard, 2):
        if exchangeable(one, other):
            yield [Change(one.start, one.end, other.text), Change(other.start, other.end, one.text)]
    for speaker in shuffled(rng, heard):
        for text in shuffled(rng, _others(speaker, passage, here))[:2]:
            yield [Change(speaker.start, speaker.end, text)]


def speakers(passage: Passage) -> list[Phrase]:
    """Who is said to have said something, in order; pronouns left out."""
    return [speaker for token in passage.doc if (speaker := _speaker(token)) is not None and not speaker.pronoun]


def exchangeable(one: Phrase, other: Phrase) -> bool:
    """Whether each can stand in the other's place, and is somebody else."""
    return one.whole and other.whole and one.head.i != other.head.i and not same(one.head.text, other.head.text)


def _speaker(token: Token) -> Phrase | None:
    """Who says it, where the token is a verb of saying with what is said, or ``according``."""
    if token.lower_ == "according" and (to := neighbour(token, 1)) is not None and to.lower_ == "to":
        head = child(to, "pobj")
        return _of(head) if head is not None else None
    if token.lemma_.lower() not in _SAYING or token.pos_ != "VERB" or not _says_something(token):
        return None
    head = child(token, "nsubj")
    return _of(head) if head is not None else None


def _says_something(verb: Token) -> bool:
    quoted = any(token.is_quote for token in verb.sent)
    return quoted or child(verb, *_SAID) is not None or verb.dep_ in ("ccomp", "parataxis")


def _of(head: Token) -> Phrase | None:
    """The whole phrase, or the bare name where an apposition or a clause hangs on it."""
    whole = phrase(head)
    if whole is not None or head.ent_type_ not in ("PERSON", "ORG", "GPE"):
        return whole
    name = [token for token in head.doc if token.ent_type_ == head.ent_type_ and token.head in (head, head.head)]
    first = min((token for token in (*name, head) if token.i <= head.i and token.dep_ == "compound"), default=head)
    return Phrase(first.idx, end(head), head)


def _others(speaker: Phrase, passage: Passage, here: list[Entity]) -> list[str]:
    named = next((name for name in here if name.start <= speaker.head.idx < name.end), None)
    if named is not None:
        return stand_ins(named, passage)
    return unheard_of("speakers" if speaker.plural else "speaker", passage)
