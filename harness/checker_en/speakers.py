"""Who is said to have said something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.noun_phrases import Phrase, phrase
from harness.checker_en.roles import SAYING
from harness.checker_en.syntax import child, end, neighbour

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SAYING = SAYING | lists.group(
    "report emphasize emphasise stress reiterate suggest deny confirm complain predict promise vow tweet call describe "
    "reveal believe think demand urge repeat assure concede allege boast respond"
)
_SAID = ("ccomp", "oprd", "xcomp", "parataxis")


def speakers(doc: Doc) -> list[Phrase]:
    """The phrases that name a speaker, in order; pronouns left out."""
    return [speaker for token in doc if (speaker := _speaker(token)) is not None and not speaker.pronoun]


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
