"""The first sentences of the article: the usual baseline of news summarisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from harness.models.extractive import Extractive
from harness.records import Item, Role, Span


class Lead(Extractive):
    """The first sentences of the article's body (Lead-3 in See et al. 2017)."""

    role: Role = "floor"
    sentences: int = Field(3, ge=1)
    """Number of sentences; all if the body has fewer."""

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        return range(min(self.sentences, len(spans)))
