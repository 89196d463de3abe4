"""The summaries of a run as the later stages read them: with their articles, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.config import plan
from harness.data.record_file import RecordFile
from harness.records import Item, Summary, System


class Shard(NamedTuple):
    """As many articles as a stage works on at a time, with all their summaries."""

    items: tuple[Item, ...]
    summaries: Sequence[Summary]

    @property
    def ids(self) -> list[str]:
        return [item.article.id for item in self.items]


@dataclass(frozen=True)
class Shards:
    """All shards in order, read anew each time they are gone through."""

    items: Sequence[Item]
    systems: Sequence[System]
    file: RecordFile[Summary]

    def __iter__(self) -> Iterator[Shard]:
        return (Shard(items, self._summaries(items)) for items in plan.shards(self.items, len(self.systems)))

    def _summaries(self, items: Sequence[Item]) -> list[Summary]:
        """Those of some articles: system by system, article by article, sample by sample."""
        systems = {system.name: number for number, system in enumerate(self.systems)}
        articles = {item.article.id: number for number, item in enumerate(items)}

        def place(summary: Summary) -> tuple[int, int, int]:
            return systems[summary.system], articles[summary.article_id], summary.sample

        return sorted((found for found in self.file.of(articles) if found.system in systems), key=place)
