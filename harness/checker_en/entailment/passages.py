"""What a cross-encoder reads of a premise: a short one whole, of a longer one the sentences nearest to the hypothesis.

The sentences are ranked by BM25; each brings the one before it, which tells who "he" is and what was decided, and they
are read in the premise's order (as FIZZ widens its premises: Yang et al. 2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.checker_en.windows import index
from harness.records import Span

WORDS = 80
"""Words of a premise that are read at once: all of a summary, of an article some four sentences."""
NEAR = 20
"""Words of the second reading, the nearest sentence by itself: among others, what contradicts it is passed over."""
LONG = 200
"""A premise of more words is taken for an article; a summary is seldom so long."""
SENTENCE_WORDS = 60
"""A sentence of more words counts as several."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The part of a premise that is read for one hypothesis."""

    spans: tuple[Span, ...]
    """In the premise's order, each a stretch of whole sentences."""

    @property
    def text(self) -> str:
        return " ".join(span.text for span in self.spans)


def is_long(premise: str) -> bool:
    """Whether a premise is as long as articles are."""
    return len(premise.split()) > LONG


def passage(premise: str, hypothesis: str, limit: int = WORDS) -> Passage:
    """The passage of at most about ``limit`` words in which the hypothesis is most likely decided."""
    if len(premise.split()) <= limit and len(premise) <= 12 * limit:
        return Passage((Span(0, len(premise), premise),))
    indexed = index(premise, "sentence", SENTENCE_WORDS)
    place = {span.start: at for at, span in enumerate(indexed.windows)}
    ranked = [place[span.start] for span in indexed.best(hypothesis).windows]
    chosen = _chosen(indexed.windows, ranked, limit)
    return Passage(tuple(_joined(premise, indexed.windows, sorted(chosen))))


def _chosen(sentences: Sequence[Span], ranked: Sequence[int], limit: int) -> set[int]:
    """The nearest sentence and its neighbours, then the next nearest, as long as there is room."""
    chosen: set[int] = set()
    room = limit
    for at in _wanted(ranked, len(sentences)):
        length = len(sentences[at].text.split())
        if at in chosen or (chosen and length > room):
            continue
        chosen.add(at)
        room -= length
        if room <= 0:
            break
    return chosen


def _wanted(ranked: Sequence[int], count: int) -> Iterator[int]:
    """Sentences in the order in which they are taken: the two nearest, their neighbours, then the rest."""
    yield from ranked[:2]
    for at in ranked[:2]:
        yield from (near for near in (at - 1, at + 1) if 0 <= near < count)
    for at in ranked[2:]:
        yield at
        if at:
            yield at - 1


def _joined(premise: str, sentences: Sequence[Span], chosen: Sequence[int]) -> Iterator[Span]:
    """Neighbouring sentences as one stretch."""
    start = 0
    for at in range(1, len(chosen) + 1):
        if at == len(chosen) or chosen[at] != chosen[at - 1] + 1:
            first, last = sentences[chosen[start]].start, sentences[chosen[at - 1]].end
            yield Span(first, last, premise[first:last])
            start = at
