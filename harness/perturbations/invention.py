"""A detail that nobody reported: a time, a place, a manner or an aside that neither text nor article speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from harness.checker_en import lists
from harness.checker_en.noun_phrases import uncapitalised
from harness.checker_en.syntax import end, finite_auxiliaries
from harness.perturbations.edit import Change
from harness.perturbations.passage import Passage, shuffled
from harness.text import words as words_of

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Span

_SMALL = lists.group("a an the in on at of to by for with from after and what was this that had been which led")
_ANY_TENSE = ("place", "source")
_PAST = ("time", "place", "manner", "aside", "source")


def changes(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """In each sentence a detail before it, or one of the other sorts behind it."""
    for sentence in shuffled(rng, list(passage.doc.sents)):
        for sort in shuffled(rng, _PAST if _is_past(sentence) else _ANY_TENSE):
            for detail in shuffled(rng, unheard_of(sort, passage))[:1]:
                change = _before(sentence, detail) if sort == "time" else _behind(sentence, detail, sort)
                yield from [[change]] if change else []


def unheard_of(sort: str, passage: Passage) -> list[str]:
    """Details of a sort (time, place, manner, aside, source, speaker, speakers) of which text and article have no word.

    Small words aside.
    """
    return [detail for detail in _listed()[sort] if not (set(words_of(detail)) - _SMALL) & passage.known]


def _before(sentence: Span, detail: str) -> Change | None:
    """In front of a sentence that begins with its subject and has no time yet."""
    first = sentence[0]
    root = sentence.root
    subject = next((token for token in root.lefts if token.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or subject.left_edge.i != first.i or _has_time(sentence):
        return None
    return Change(first.idx, end(first), f"{detail}, {uncapitalised(first)}")


def _behind(sentence: Span, detail: str, sort: str) -> Change | None:
    """Behind the last word of a statement; not of a question, nor of words that are quoted."""
    last = sentence[-1]
    if last.text != "." or len(sentence) < 4 or sentence.root.pos_ not in ("VERB", "AUX"):
        return None
    word = last.nbor(-1)
    if word.is_punct or word.is_quote or any(token.is_quote for token in sentence[-3:]):
        return None
    joint = ", " if sort in ("aside", "source") else " "
    return Change(end(word), end(word), f"{joint}{detail}")


def _is_past(sentence: Span) -> bool:
    first = next(finite_auxiliaries(sentence.root), sentence.root)
    return bool(first.tag_ == "VBD")


def _has_time(sentence: Span) -> bool:
    return any(token.ent_type_ in ("DATE", "TIME") for token in sentence)


@cache
def _listed() -> dict[str, list[str]]:
    return lists.load("inventions", dict[str, list[str]])
