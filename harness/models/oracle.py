"""The extractive ceiling: the sentences that overlap most with the references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from pydantic import Field

from harness.models.extractive import Extractive
from harness.records import Item, Role, Span
from harness.text import words

Gram = TypeVar("Gram")


class Oracle(Extractive):
    """Greedy extraction against the references (Nallapati et al. 2017).

    For each reference, the oracle adds the sentence that raises ROUGE-1 F1 + ROUGE-2 F1 most (Liu and Lapata 2019),
    until no sentence raises it, and then returns the extract with the highest score. Words are not stemmed. Greedy
    search may miss the best extract.
    """

    role: Role = "ceiling"
    sentences: int | None = Field(None, ge=1)
    """Maximum number of sentences; null for as many as raise the score."""

    def obstacle(self, item: Item) -> str | None:
        return None if item.references else "the article has no reference to compare sentences with"

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        texts = [words(span.text) for span in spans]
        extracts = [self._extract_for(texts, words(reference.text)) for reference in item.references]
        return max(extracts, key=lambda extract: extract[0])[1]

    def _extract_for(self, texts: Sequence[Sequence[str]], reference: Sequence[str]) -> tuple[float, list[int]]:
        """Return the score and sentence indices of the extract for a reference; [0] if no sentence shares a word."""
        goal = Overlap(reference)
        best, chosen = 0.0, list[int]()
        while len(chosen) < min(self.sentences or len(texts), len(texts)):
            extracts = [sorted([*chosen, index]) for index in range(len(texts)) if index not in chosen]
            score, extract = max(
                ((goal.score([texts[index] for index in extract]), extract) for extract in extracts),
                key=lambda entry: entry[0],
            )
            if score <= best:
                break
            best, chosen = score, extract
        return best, chosen or [0]


class Overlap:
    """ROUGE-1 F1 + ROUGE-2 F1 against one reference (Lin 2004), without stemming."""

    def __init__(self, reference: Sequence[str]) -> None:
        self._unigrams = Counter(reference)
        self._bigrams = Counter(pairwise(reference))

    def score(self, texts: Sequence[Sequence[str]]) -> float:
        """Score the sentences as one text."""
        text = [word for sentence in texts for word in sentence]
        return _f1(self._unigrams, Counter(text)) + _f1(self._bigrams, Counter(pairwise(text)))


def _f1(wanted: Counter[Gram], extracted: Counter[Gram]) -> float:
    shared = (wanted & extracted).total()
    return 2 * shared / (wanted.total() + extracted.total()) if shared else 0.0
