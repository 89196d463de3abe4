"""The records of a run by their place in it: system, article, sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from harness.data.labels.people import People
from harness.data.runs.record_file import Record, RecordFile
from harness.records import Check, Item, Place, Results, Summary, Use, Verdict
from harness.signature import digest

HELD = 200
"""Articles whose records are in memory."""

R = TypeVar("R", bound=Record)


class Index:
    """Look-ups into the results, an article at a time: people's verdicts where there are any, else the verifier's.

    With ``people`` off, the verifier's alone.
    """

    def __init__(self, results: Results, people: bool = True) -> None:
        self.results = results
        self.people = People.of(results.labels if people else ())
        self._summaries, self._checks = _finder(results.summaries), _finder(results.checks)
        self._of = lru_cache(HELD)(self._read)

    def summaries(self, system: str, item: Item) -> Sequence[Summary]:
        """A system's summaries of an article by sample; empty where the run did not get there."""
        return self._of(item.article.id).summaries.get(system, ())

    def coverage(self, summary: Summary) -> dict[str, Check]:
        """The checks of a summary on the article's facts, by fact id."""
        return self._of(summary.article_id).coverage.get(summary.place, {})

    def grounding(self, summary: Summary) -> list[Check]:
        """The verdicts on the summary's claims, in the order in which they stand there."""
        checks = self._of(summary.article_id).grounding.get(summary.place, {}).values()
        return sorted(checks, key=lambda check: (check.claim.start if check.claim else 0, int(check.target)))

    def own(self, check: Check) -> Verdict | None:
        """What the verifier said where people judged; None where the verdict is the verifier's."""
        return self._of(check.article_id).own.get(check.identity)

    def _read(self, article: str) -> _Records:
        records = _Records(defaultdict(list), defaultdict(dict), defaultdict(dict), {})
        for summary in sorted(self._summaries(article), key=lambda summary: summary.sample):
            records.summaries[summary.system].append(summary)
        texts = {summary.place: summary.text for listed in records.summaries.values() for summary in listed}
        for check in self._checks(article):
            checks = records.coverage if check.use == "coverage" else records.grounding
            premise = texts.get(check.place) if check.use == "coverage" else self._articles.get(article)
            judged = check if premise is None else self.people.check(check, premise)
            checks[check.place][check.target] = judged
            if judged is not check:
                records.own[check.identity] = check.verdict
        return records

    @cached_property
    def _articles(self) -> dict[str, str]:
        """The texts of the articles that people judged claims against."""
        hashes = {premise for use, _, premise in self.people.labels if use == "grounding"}
        if not hashes:
            return {}
        return {
            item.article.id: item.article.text for item in self.results.items if digest(item.article.text) in hashes
        }


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of one article."""

    summaries: dict[str, list[Summary]]
    coverage: dict[Place, dict[str, Check]]
    grounding: dict[Place, dict[str, Check]]
    own: dict[tuple[Place, Use, str], Verdict]
    """What the verifier said where people judged."""


def _finder(records: Iterable[R]) -> Callable[[str], Sequence[R]]:
    """What finds the records of an article."""
    if isinstance(records, RecordFile):
        return lambda article: records.of([article])
    by_article: dict[str, list[R]] = {}
    for record in records:
        by_article.setdefault(record.article_id, []).append(record)
    return lambda article: by_article.get(article, ())
