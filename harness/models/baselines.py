"""Baselines: floors (Lead, TextRank) read only the article; ceilings (Oracle, Human) read the references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from itertools import combinations, pairwise
from operator import itemgetter
from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pydantic import Field

from harness.records import Generation, Item, Request, Role, Span
from harness.seams import Model
from harness.text import sentences, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

Gram = TypeVar("Gram")

_DIGITS = 9
"""Decimal places of a TextRank rank. Ranks that differ only by rounding are then equal; the earlier sentence wins."""


class Extractive(Model):
    """A baseline that chooses sentences; subclasses implement ``choose``."""

    def depends(self) -> Mapping[str, str]:
        return {"sentencex": version("sentencex")}

    def explain_no_extract(self, item: Item) -> str | None:
        """Explain why no sentence can be chosen, or return None if one can."""
        return None

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        """Return the indices of the sentences to put into the summary, in any order. ``spans`` is never empty."""
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            start, article, text = perf_counter(), request.item.article, None
            spans = sentences(article.body, article.language)
            reason = self.explain_no_extract(request.item) if spans else "the article's body has no sentence"
            if not reason:
                text = _join(article.body, [spans[index] for index in sorted(self.choose(request.item, spans))])
            seconds = perf_counter() - start
            yield Generation(request.id, text, reason, "none" if reason else "stop", seconds=seconds)


def _join(body: str, chosen: Sequence[Span]) -> str:
    """Join sentences as the body does: with a line break, a space, or nothing (Chinese)."""
    between = [body[left.end : right.start] for left, right in pairwise(chosen)]
    gaps = ["\n" if "\n" in text else " " if text[:1].isspace() else "" for text in between]
    return "".join(span.text + gap for span, gap in zip(chosen, [*gaps, ""], strict=True))


class Lead(Extractive):
    """The first sentences of the article's body (Lead-3 in See et al. 2017)."""

    reads_references: ClassVar[bool] = False

    role: Role = "floor"
    sentences: int = Field(3, ge=1)
    """Number of sentences; all if the body has fewer."""

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        return range(min(self.sentences, len(spans)))


# TextRank -------------------------------------------------------------------------------------------------------------


class TextRank(Extractive):
    """The sentences most similar to the rest of the body (Mihalcea and Tarau 2004), in the article's order."""

    reads_references: ClassVar[bool] = False

    role: Role = "floor"
    sentences: int = Field(3, ge=1)
    """Number of sentences; all if the body has fewer."""
    damping: float = Field(0.85, ge=0, le=0.95)
    """Probability of following a link instead of jumping (PageRank's damping)."""

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        ranks = rank_nodes(compare_sentences([words(span.text) for span in spans]), self.damping).round(_DIGITS)
        return sorted(range(len(spans)), key=lambda index: -ranks[index])[: self.sentences]


def compare_sentences(texts: Sequence[Sequence[str]]) -> Matrix:
    """Compute the similarity of each pair of sentences: shared words divided by the sum of their log lengths.

    Two sentences of one word have log lengths of 0. The paper does not define their similarity; here it is 0.
    """
    import numpy as np

    sets = [frozenset(text) for text in texts]
    logarithms = np.log([max(len(text), 1) for text in texts])
    weights = np.zeros((len(texts), len(texts)))
    for left, right in combinations(range(len(texts)), 2):
        shared = len(sets[left] & sets[right])
        scale = logarithms[left] + logarithms[right]
        if shared and scale:
            weights[left, right] = weights[right, left] = shared / scale
    return weights


def rank_nodes(weights: Matrix, damping: float) -> Matrix:
    """Return the stationary ranks of a random walk along the links; a node without links leads to a random node.

    The ranks r solve r = damping × r × steps + (1 - damping) / count.
    """
    import numpy as np

    count = len(weights)
    out = weights.sum(axis=1, keepdims=True)
    steps = np.divide(weights, out, out=np.full_like(weights, 1 / count), where=out > 0)
    return np.linalg.solve(np.eye(count) - damping * steps.T, np.full(count, (1 - damping) / count))


# Ceilings -------------------------------------------------------------------------------------------------------------


class Oracle(Extractive):
    """Greedy extraction against the references (Nallapati et al. 2017).

    For each reference, the oracle adds the sentence that raises ROUGE-1 F1 + ROUGE-2 F1 most (Liu and Lapata 2019),
    until no sentence raises it. The extract with the highest score becomes the summary. Words are not stemmed. Greedy
    search may miss the best extract.
    """

    role: Role = "ceiling"
    sentences: int | None = Field(None, ge=1)
    """Maximum number of sentences; null for as many as raise the score."""

    def explain_no_extract(self, item: Item) -> str | None:
        return None if item.references else "the article has no reference to compare sentences with"

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        texts = [words(span.text) for span in spans]
        extracts = [self._extract_for(texts, words(reference.text)) for reference in item.references]
        return max(extracts, key=lambda extract: extract[0])[1]

    def _extract_for(self, texts: Sequence[Sequence[str]], reference: Sequence[str]) -> tuple[float, list[int]]:
        """Return the score and sentence indices of the extract for a reference; [0] if no sentence shares a word."""
        best, chosen = 0.0, list[int]()
        while len(chosen) < min(self.sentences or len(texts), len(texts)):
            extracts = [sorted([*chosen, index]) for index in range(len(texts)) if index not in chosen]
            scores = [sum_rouge([word for at in extract for word in texts[at]], reference) for extract in extracts]
            score, extract = max(zip(scores, extracts, strict=True), key=itemgetter(0))
            if score <= best:
                break
            best, chosen = score, extract
        return best, chosen or [0]


def sum_rouge(text: Sequence[str], reference: Sequence[str]) -> float:
    """Return ROUGE-1 F1 + ROUGE-2 F1 (Lin 2004), without stemming."""
    return _f1(Counter(reference), Counter(text)) + _f1(Counter(pairwise(reference)), Counter(pairwise(text)))


def _f1(wanted: Counter[Gram], extracted: Counter[Gram]) -> float:
    shared = (wanted & extracted).total()
    return 2 * shared / (wanted.total() + extracted.total()) if shared else 0.0


class Human(Model):
    """Returns the article's references as summaries: sample i is reference i, which is scored against the others."""

    role: Role = "ceiling"

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        return max(1, len(item.references))

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            references = request.item.references
            if request.sample < len(references):
                reference = references[request.sample]
                yield Generation(request.id, reference.text, reference_id=reference.id)
            else:
                yield Generation(request.id, None, "the article has no reference", "none")
