"""The same parts in another order: two of a pair exchanged, a time from the end of the sentence to its front."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.english.noun_phrases import is_proper
from harness.english.syntax import child, end, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.source import Source

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_IN_ORDER = ("between", "from", "first", "respectively", "both", "either", "neither")
"""Words beside which the order of a pair matters or its parts go with others."""


def changes(source: Source) -> Iterator[list[Change]]:
    """Each pair of bare names or nouns, and each time that closes a sentence."""
    for token in source.doc:
        if (exchanged := _exchanged(token)) is not None:
            yield exchanged
    for sentence in source.doc.sents:
        if (moved := _time_first(sentence)) is not None:
            yield moved


def _exchanged(token: Token) -> list[Change] | None:
    """``Roy and Wright`` → ``Wright and Roy``: two single words of one class that are no ends of a phrase."""
    joint, other = neighbour(token, 1), neighbour(token, 2)
    if joint is None or other is None or joint.lower_ != "and" or other.head != token or other.dep_ != "conj":
        return None
    bare = token.tag_ == other.tag_ and token.tag_ in ("NNP", "NNS") and not _described(token) and not _described(other)
    after = neighbour(other, 1)
    ends = after is None or after.pos_ not in ("PROPN", "NOUN", "PART", "CCONJ", "NUM")
    ordered = any(near.lower_ in _IN_ORDER for near in token.sent)
    if not (bare and ends) or ordered or token.ent_type_ != other.ent_type_ or token.text[:1].islower():
        return None
    return [Change(token.idx, end(token), other.text), Change(other.idx, end(other), token.text)]


def _described(token: Token) -> bool:
    return any(other.dep_ not in ("cc", "conj", "punct") for other in token.children)


def _time_first(sentence: Span) -> list[Change] | None:
    """``They met on Monday.`` → ``On Monday, they met.``"""
    first, last = sentence[0], sentence[-1]
    root = sentence.root
    subject = child(root, "nsubj", "nsubjpass")
    if (
        subject is None
        or subject.left_edge.i != first.i
        or last.text != "."
        or child(root, "conj", "ccomp") is not None
    ):
        return None
    time = next((other for other in root.rights if _is_a_time(other) and other.right_edge.i == last.i - 1), None)
    if time is None or any(token.text in '"“”' for token in sentence):
        return None
    start = time.left_edge.i
    text = time.doc[start : last.i].text
    opening = first.text if is_proper(first) else first.text[0].lower() + first.text[1:]
    before = time.doc[start - 1]
    return [Change(first.idx, end(first), f"{text}, {opening}"), Change(end(before), last.idx, "")]


def _is_a_time(token: Token) -> bool:
    """``on Monday``, ``in 2014``: a preposition and a date, nothing more."""
    head = child(token, "pobj")
    if token.dep_ != "prep" or token.lower_ not in ("on", "in") or head is None:
        return False
    return all(other.ent_type_ == "DATE" or other.i == token.i for other in token.subtree)
