"""The records of a run by their place in it: system, article, sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from harness.records import Check, Item, Place, Results, Score, Summary

NO_SUMMARY = "none was asked for"
"""The reason where not even a failed summary is on record: ``human`` of an article without references, say."""


class Index:
    """Look-ups into the results. Nothing is computed here."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self._summaries: dict[tuple[str, str], list[Summary]] = defaultdict(list)
        self._coverage: dict[Place, dict[str, Check]] = defaultdict(dict)
        self._grounding: dict[Place, dict[str, Check]] = defaultdict(dict)
        for summary in sorted(results.summaries, key=lambda summary: summary.sample):
            self._summaries[summary.system, summary.article_id].append(summary)
        for check in results.checks:
            checks = self._coverage if check.use == "coverage" else self._grounding
            checks[check.place][check.target] = check
        self._scores = {
            (Place(score.system, score.article_id, score.sample), score.metric): score for score in results.scores
        }

    def summaries(self, system: str, item: Item) -> Sequence[Summary]:
        """A system's summaries of an article by sample; empty where the run did not get there."""
        return self._summaries.get((system, item.article.id), ())

    def coverage(self, summary: Summary) -> dict[str, Check]:
        """Fact id → verdict."""
        return self._coverage.get(summary.place, {})

    def grounding(self, summary: Summary) -> list[Check]:
        """The verdicts on the summary's claims, in the order in which they stand there."""
        checks = self._grounding.get(summary.place, {}).values()
        return sorted(checks, key=lambda check: (check.claim.start if check.claim else 0, int(check.target)))

    def score(self, summary: Summary, metric: str) -> Score | None:
        """What a scorer gave; None where it was not run."""
        return self._scores.get((summary.place, metric))
