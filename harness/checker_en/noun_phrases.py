"""Noun phrases that can be moved as a whole, and how they are written in another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.forms import is_word
from harness.checker_en.syntax import end, neighbour

if TYPE_CHECKING:
    from spacy.tokens import Token

OBJECT_FORMS = {"i": "me", "he": "him", "she": "her", "we": "us", "they": "them", "it": "it", "you": "you"}
SUBJECT_FORMS = {other: one for one, other in OBJECT_FORMS.items()} | {"who": "who"}

_LONGEST = 12
"""Tokens of a phrase; a longer one is hard to read in another place."""
_HEAVY = lists.group("relcl acl appos cc conj advcl punct")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: ``text[start:end]``, its head and its own parts alone."""

    start: int
    end: int
    head: Token

    @property
    def text(self) -> str:
        """The phrase as it is written within a sentence."""
        first = next(token for token in self.head.doc if token.idx == self.start)
        return uncapitalised(first) + self.head.doc.text[end(first) : self.end]

    @property
    def whole(self) -> bool:
        """Whether all that stands before the head is in it: of ``President Ann Bell`` a bare ``Ann Bell`` is a part."""
        first = self.head.left_edge
        before = neighbour(first, -1)
        return bool(self.start == first.idx and (before is None or before.pos_ != "PROPN"))

    @property
    def plural(self) -> bool:
        many = ("they", "we", "them", "us", "you") if self.pronoun else ("police",)
        return self.head.tag_ in ("NNS", "NNPS") or self.head.lower_ in many

    @property
    def pronoun(self) -> bool:
        return bool(self.head.pos_ == "PRON")


def phrase(head: Token) -> Phrase | None:
    """The phrase of a head; None where it holds a clause, an apposition or a list, or is long.

    What follows a person's name with a preposition belongs to the verb: ``assured Ann | of support``.
    """
    within = list(head.subtree)
    if head.ent_type_ == "PERSON" or head.pos_ == "PRON":
        behind = {token.i for each in head.rights if each.dep_ == "prep" for token in each.subtree}
        within = [token for token in within if token.i not in behind]
    parts = [token for token in within if token.dep_ != "case"]
    if any(token.dep_ in _HEAVY for token in parts if token != head):
        return None
    first, last = parts[0], parts[-1]
    after = neighbour(last, 1)
    if after is not None and after.pos_ == last.pos_ == "PROPN":
        return None  # the parser has cut a name in two
    if last.i - first.i + 1 != len(within) or len(parts) > _LONGEST:
        return None
    return Phrase(first.idx, end(last), head)


def as_subject(moved: Phrase) -> str:
    """The phrase where it is the subject: ``him`` becomes ``he``."""
    return SUBJECT_FORMS.get(moved.text.lower(), moved.text) if moved.pronoun else moved.text


def as_object(moved: Phrase) -> str:
    """The phrase where it is an object: ``he`` becomes ``him``."""
    return OBJECT_FORMS.get(moved.text.lower(), moved.text) if moved.pronoun else moved.text


def uncapitalised(first: Token) -> str:
    """The first word of a sentence as it is written within one."""
    return first.text if is_proper(first) else first.text[0].lower() + first.text[1:]


def is_proper(token: Token) -> bool:
    """Whether a word keeps its capital within a sentence."""
    if token.text == "I" or (token.is_upper and len(token) > 1):
        return True
    if token.pos_ in ("DET", "PRON", "ADP", "SCONJ", "CCONJ", "NUM", "ADV", "AUX"):
        return False
    named = token.pos_ == "PROPN" or token.ent_type_ in ("PERSON", "GPE", "NORP", "ORG", "LOC", "FAC", "EVENT")
    return named or not is_word(token.text)
