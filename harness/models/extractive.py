"""Base class of the extractive baselines, which repeat sentences of the article's body verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from time import perf_counter

from harness.records import Generation, Item, Request, Span
from harness.seams import Model
from harness.text import get_splitter_version, sentences


class Extractive(Model):
    """A baseline that chooses sentences; subclasses implement ``choose``."""

    def depends(self) -> Mapping[str, str]:
        return get_splitter_version()

    def obstacle(self, item: Item) -> str | None:
        """Explain why nothing can be chosen from an article; None if something can."""
        return None

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        """Return the indices of the sentences to repeat, in any order, given the body's sentences (at least one)."""
        raise NotImplementedError

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            start, article, text = perf_counter(), request.item.article, None
            spans = sentences(article.body, article.language)
            reason = self.obstacle(request.item) if spans else "the article's body has no sentence"
            if not reason:
                text = _join(article.body, [spans[index] for index in sorted(self.choose(request.item, spans))])
            seconds = perf_counter() - start
            yield Generation(request.id, text, reason, "none" if reason else "stop", seconds=seconds)


def _join(body: str, chosen: Sequence[Span]) -> str:
    """Join sentences with a line break if the body has a line break between them, else with a space."""
    gaps = ["\n" if "\n" in body[left.end : right.start] else " " for left, right in pairwise(chosen)]
    return "".join(span.text + gap for span, gap in zip(chosen, [*gaps, ""], strict=True))
