"""What the network reads of a premise: all of a short one, of a longer one the sentences nearest to the hypothesis."""

from __future__ import annotations

from harness.records import Span
from harness.verifiers.windows import index, terms

WHOLE = 110
"""Words of the longest premise that is read whole: a summary."""
SENTENCES = 3
"""Sentences that are read of a longer one."""
SENTENCE_WORDS = 80
"""A sentence of more words counts as several, so that all that is chosen fits into the encoder."""


LONG = 200
"""A premise of more words is an article, and not a summary: a claim about it is more often true."""


def passage(premise: str, hypothesis: str) -> tuple[Span, ...]:
    """The stretches that are read, in the premise's order."""
    # Han and kana have no spaces: there, each character is a term, and a token.
    if len(premise.split()) <= WHOLE and len(terms(premise)) <= 2 * WHOLE:
        return (Span(0, len(premise), premise),)
    found = index(premise, "sentence", SENTENCE_WORDS).best(hypothesis, SENTENCES)
    return tuple(sorted(found.windows, key=lambda window: window.start))


def is_long(premise: str) -> bool:
    return len(premise.split()) > LONG


def joined(spans: tuple[Span, ...]) -> str:
    return " ".join(span.text for span in spans)
