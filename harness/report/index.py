"""Look up the records of a run by system, article and sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from harness.data.labels import People
from harness.data.runs.record_file import Record, RecordFile
from harness.records import Check, CheckId, Item, Place, Results, Summary, Verdict

_CACHED_ARTICLES = 200
"""Maximum number of articles whose records are kept in memory."""

R = TypeVar("R", bound=Record)


class Index:
    """The results of a run by article. With ``use_labels``, people's labels replace the verifier's verdicts."""

    def __init__(self, results: Results, use_labels: bool = True) -> None:
        self.results = results
        self.people = People(results.labels if use_labels else ())
        self._summaries, self._checks = _make_finder(results.summaries), _make_finder(results.checks)
        self._records = lru_cache(_CACHED_ARTICLES)(self._read)

    @cached_property
    def verifier_only(self) -> Index:
        return Index(self.results, use_labels=False)

    def summaries(self, system: str, article: str) -> Sequence[Summary]:
        """Return a system's summaries of an article (its id), by sample; there may be none yet."""
        return self._records(article).summaries.get(system, ())

    def coverage(self, summary: Summary) -> dict[str, Check]:
        """Return the checks of the article's facts, as they are worded now, against a summary, by fact id."""
        return self._records(summary.article_id).coverage.get(summary.place, {})

    def grounding(self, summary: Summary) -> list[Check]:
        """Return the checks of a summary's claims, in the order of the text."""
        checks = self._records(summary.article_id).grounding.get(summary.place, {}).values()
        return sorted(checks, key=lambda check: (check.claim.start if check.claim else 0, int(check.target)))

    def own(self, check: Check) -> Verdict | None:
        """Return the verifier's own verdict if people judged the pair, else None."""
        return self._records(check.article_id).own.get(check.identity)

    def premise(self, check: Check, item: Item) -> str:
        """Return the text that a claim or fact of this article was checked against."""
        if check.use == "grounding":
            return item.article.text
        summaries = self.summaries(check.system, check.article_id)
        return next((summary.text or "" for summary in summaries if summary.sample == check.sample), "")

    def _read(self, article: str) -> _Records:
        records = _Records(defaultdict(list), defaultdict(dict), defaultdict(dict), {})
        for summary in sorted(self._summaries(article), key=lambda summary: summary.sample):
            records.summaries[summary.system].append(summary)
        texts = {summary.place: summary.text for listed in records.summaries.values() for summary in listed}
        item = self._items[article]
        facts = {(fact.id, fact.statement) for fact in item.facts}
        for check in self._checks(article):
            if check.use == "coverage" and (check.target, check.hypothesis) not in facts:
                continue  # the fact was edited or removed after it was verified
            checks = records.coverage if check.use == "coverage" else records.grounding
            premise = texts.get(check.place) if check.use == "coverage" else item.article.text
            judged = check if premise is None else self.people.check(check, premise)
            checks[check.place][check.target] = judged
            if judged is not check:
                records.own[check.identity] = check.verdict
        return records

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.article.id: item for item in self.results.items}


@dataclass(frozen=True, slots=True)
class _Records:
    summaries: dict[str, list[Summary]]
    coverage: dict[Place, dict[str, Check]]
    grounding: dict[Place, dict[str, Check]]
    own: dict[CheckId, Verdict]


def _make_finder(records: Iterable[R]) -> Callable[[str], Sequence[R]]:
    """Return a function that finds the records of an article by its id."""
    if isinstance(records, RecordFile):
        return lambda article: records.read_articles([article])
    by_article: dict[str, list[R]] = {}
    for record in records:
        by_article.setdefault(record.article_id, []).append(record)
    return lambda article: by_article.get(article, ())
