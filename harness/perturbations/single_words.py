"""Words that another one can stand for, and that one in the form of the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.forms import inflected
from harness.checker_en.forms import lemma as base_form
from harness.checker_en.syntax import beside, child, neighbour

if TYPE_CHECKING:
    from spacy.tokens import Token

_CLASSES = {
    "VERB": "verb",
    "NOUN": "noun",
    "ADJ": "adjective",
    "ADV": "adverb",
    "ADP": "preposition",
    "SCONJ": "preposition",
}
_AS_WRITTEN = lists.group("more less most least fewer")
_NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "WORK_OF_ART", "EVENT", "PRODUCT", "LAW")
_FIXED = {
    "after": lists.group("look name take seek ask call run care all"),
    "rare": lists.group("earth mineral"),
    "before": lists.group("appear come go bring stand kneel testify"),
    "up": lists.group("make set pick end take give sign back break bring come grow blow hold keep line open show turn"),
}
"""Words by the words that govern them or stand beside them, with which they mean something else."""
_ORDINALS = lists.group("last second first next")
_TIMES = lists.group("week month year night day time summer winter spring autumn season minister lady")


def replaceable(token: Token) -> bool:
    """Whether it stands alone: in no name, no hyphenated word and no fixed phrase."""
    if token.pos_ not in _CLASSES or token.ent_type_ in _NAMES or _fixed(token):
        return False
    before = neighbour(token, -1)
    opens = before is None or before.is_punct or token.is_sent_start
    return not {"-", "–"} & {beside(token, -1), beside(token, 1)} and (opens or not token.text[:1].isupper())


def entry(token: Token) -> tuple[str, str]:
    """Under which class and word it stands in a list: verbs that govern a clause have a class of their own."""
    if token.lower_ in _AS_WRITTEN:
        return "adverb", token.lower_
    kind = _CLASSES[token.pos_]
    if kind == "verb" and child(token, "xcomp", "ccomp") is not None:
        kind = "verb with a clause"
    plain = kind in ("preposition", "adverb") and token.tag_ not in ("RBR", "RBS")
    return kind, token.lower_ if plain else base_form(token)


def in_its_form(lemma: str, token: Token) -> str | None:
    """Another word in the number, tense or degree of the token; None where the lexicon has no such form."""
    if token.lower_ in _AS_WRITTEN:
        return "fewer" if lemma == "less" and token.head.tag_ == "NNS" and token.dep_ == "amod" else lemma
    return lemma if token.pos_ in ("ADP", "SCONJ") else inflected(lemma, token.tag_)


def _fixed(token: Token) -> bool:
    if child(token, "prt", "neg", "acomp", "oprd") is not None or (token.pos_ == "NOUN" and token.dep_ == "compound"):
        return True
    left, near = beside(token, -1), {token.head.lemma_}
    near |= {other.lemma_ for step in (-1, 1) if (other := neighbour(token, step)) is not None}
    if near & _FIXED.get(token.lower_, frozenset()):
        return True
    if token.lemma_ in _ORDINALS:
        return token.head.lemma_ in _TIMES or left != "the"
    if token.lower_ in ("most", "least"):
        return token.dep_ not in ("amod", "advmod") or token.head.i < token.i
    of = token.pos_ == "ADJ" and any(other.lower_ == "of" for other in token.rights)
    return of or (left in ("most", "least") and token.pos_ in ("ADJ", "ADV"))
