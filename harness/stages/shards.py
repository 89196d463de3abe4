"""The records of a run with their articles, some articles at a time, as the later stages read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness.config import plan
from harness.data.runs.results import RunFolder
from harness.records import Check, Item, Summary, System


class Shard(NamedTuple):
    """Some articles with all their summaries."""

    items: tuple[Item, ...]
    summaries: Sequence[Summary]

    @property
    def ids(self) -> list[str]:
        return [item.article.id for item in self.items]


@dataclass(frozen=True)
class Shards:
    """All shards in order, read again on each iteration."""

    items: Sequence[Item]
    systems: Sequence[System]
    folder: RunFolder

    def __iter__(self) -> Iterator[Shard]:
        return (Shard(items, self._summaries(items)) for items in plan.split_into_shards(self.items, len(self.systems)))

    def checks(self, shard: Shard) -> list[Check]:
        """The verdicts of a shard: summary by summary, on facts in their order, then on claims."""
        summaries = {summary.place: number for number, summary in enumerate(shard.summaries)}
        facts = {(item.article.id, fact.id): number for item in shard.items for number, fact in enumerate(item.facts)}

        def place(check: Check) -> tuple[int, bool, int]:
            if check.use == "coverage":
                return summaries[check.place], False, facts.get((check.article_id, check.target), -1)
            return summaries[check.place], True, int(check.target)

        return sorted(
            (check for check in self.folder.checks.read_articles(shard.ids) if check.place in summaries), key=place
        )

    def _summaries(self, items: Sequence[Item]) -> list[Summary]:
        """The summaries of some articles: system by system, article by article, sample by sample."""
        systems = {system.name: number for number, system in enumerate(self.systems)}
        articles = {item.article.id: number for number, item in enumerate(items)}

        def place(summary: Summary) -> tuple[int, int, int]:
            return systems[summary.system], articles[summary.article_id], summary.sample

        summaries = self.folder.summaries.read_articles(articles)
        return sorted((summary for summary in summaries if summary.system in systems), key=place)
