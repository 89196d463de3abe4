"""Base class of the extractive baselines, which repeat sentences of the article's body verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from time import perf_counter

from harness.records import Generation, Item, Request, Span
from harness.seams import Model
from harness.text import sentences, sentences_depend


class Extractive(Model):
    """A baseline that chooses sentences; subclasses implement ``choose``."""

    def depends(self) -> Mapping[str, str]:
        return sentences_depend()

    def obstacle(self, item: Item) -> str | None:
        """Explain why nothing can be chosen from an article; None if something can."""
        return None

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        """Return the indices of the sentences to repeat, in any order, given the body's sentences (at least one)."""
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            start = perf_counter()
            text, reason = self._extract(request.item)
            seconds = perf_counter() - start
            yield Generation(request.id, text, reason, "none" if text is None else "stop", seconds=seconds)

    def _extract(self, item: Item) -> tuple[str | None, str | None]:
        body = item.article.body
        spans = sentences(body, item.article.language)
        if not spans:
            return None, "the article's body has no sentence"
        reason = self.obstacle(item)
        if reason:
            return None, reason
        return join_sentences(body, [spans[index] for index in sorted(self.choose(item, spans))]), None


def join_sentences(body: str, chosen: Sequence[Span]) -> str:
    """Join the sentences, by a line break if the body has one between them, else by a space."""
    gaps = ["\n" if "\n" in body[left.end : right.start] else " " for left, right in pairwise(chosen)]
    return "".join(span.text + gap for span, gap in zip(chosen, [*gaps, ""], strict=True))
