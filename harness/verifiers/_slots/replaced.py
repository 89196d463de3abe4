"""Words replaced: where all around is equal, the premise has another word. It may mean the same, or another thing."""

from __future__ import annotations

from collections.abc import Iterator

from harness.verifiers._slots.comparison import Comparison
from harness.verifiers._slots.findings import Finding, SlotType

_LEAST = 0.6
"""The least strength of the other word in its place."""


def replaced(comparison: Comparison) -> Iterator[Finding]:
    """The words of content that the best candidate has not, with the word of their kind that stands in their place."""
    candidate = comparison.best
    if candidate is None:
        return
    sentence, other = comparison.sentence, candidate.sentence
    for index in sentence.content:
        word = sentence.words[index]
        if index in candidate.matched or index in comparison.statement.values or word.pos in ("NUM", "ADV"):
            continue
        slot = range(index, index + 1)
        options = [
            (candidate.strength(slot, range(place, place + 1)), place)
            for place in other.content
            if place not in candidate.taken and other.words[place].pos == word.pos
        ]
        strength, place = max(options, default=(0.0, 0))
        if strength >= _LEAST:
            kind: SlotType = "predicate" if word.pos == "VERB" else "word"
            yield comparison.finding(
                kind, "replaced", strength, slot, comparison.said(candidate, range(place, place + 1))
            )
