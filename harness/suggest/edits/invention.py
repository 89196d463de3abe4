"""Invent a detail: a place, manner, aside or source that neither the text nor the article mentions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.suggest.edits.edit import Change, Passage, shuffle
from harness.suggest.english import end, find_auxiliaries, word_set
from harness.text import words

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Span

_SMALL = word_set("a an the in on at of to by for with from after and what was this that had been which led")
_DETAILS = {
    "place": (
        "in Geneva", "in Toronto", "at a hotel in Vienna", "outside a courthouse in Denver", "in northern Portugal",
        "at a conference in Singapore", "near the Canadian border", "in front of a crowded hall in Oslo",
    ),
    "manner": (
        "behind closed doors", "without any warning", "at the request of the ombudsman", "with the help of volunteers",
        "for the third time in a year", "under heavy police guard", "after months of delays",
    ),
    "aside": (
        "a move that surprised even close observers", "which had been expected for months",
        "at a cost of about $40,000", "the first such case in a decade", "which led to protests the following day",
        "after a vote of seven to two",
    ),
    "source": (
        "according to leaked documents", "according to a report by the ombudsman", "two former employees have said",
        "a spokesman for the insurers said", "according to a survey of 900 households",
    ),
}  # fmt: skip  # a list


def invent_details(passage: Passage, rng: np.random.Generator) -> Iterator[list[Change]]:
    """Add invented details, each of a different sort, at the end of each sentence."""
    known = {*words(passage.text), *words(passage.context)}
    for sentence in shuffle(rng, list(passage.doc.sents)):
        place = _find_end(sentence)
        if place is None:
            continue
        first = next(find_auxiliaries(sentence.root), sentence.root)
        for sort in shuffle(rng, list(_DETAILS) if first.tag_ == "VBD" else ["place", "source"]):
            comma = "," if sort in ("aside", "source") else ""
            if unknown := [detail for detail in _DETAILS[sort] if not (set(words(detail)) - _SMALL) & known]:
                yield [Change(place, place, f"{comma} {shuffle(rng, unknown)[0]}")]


def _find_end(sentence: Span) -> int | None:
    """Return the end of a statement's last word, or None for a question or a quotation."""
    if sentence[-1].text != "." or len(sentence) < 4 or sentence.root.pos_ not in ("VERB", "AUX"):
        return None
    word = sentence[-1].nbor(-1)
    return None if word.is_punct or any(token.is_quote for token in sentence[-3:]) else end(word)
