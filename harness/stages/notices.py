"""Notices for readers of a run in which nothing failed: data that lack what a scorer needs, say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from harness.data.articles.texts import article_fault
from harness.records import Article, Case, Place, Score
from harness.seams import Scorer, Verifier
from harness.stages.language_notices import LanguageNotices

_REASONS = 1000
"""Different reasons that are counted, of each metric: of more, none is common."""


class Notices:
    """Counts articles and reasons as the scores are made, and words the notices.

    The reasons are those of summaries that have a text: why one has none is another matter.
    """

    def __init__(self, scorers: Sequence[Scorer], verifier: Verifier) -> None:
        self._scorers = scorers
        self._languages = LanguageNotices(verifier)
        self._articles = self._unfit = 0
        self._first: tuple[Article, str] | None = None
        self._valued: set[str] = set()
        self._reasons: dict[str, Counter[str]] = {}

    def see(self, cases: Sequence[Case], scores: Sequence[Score]) -> None:
        """Count the articles and summaries of some cases, all of each article, and their scores."""
        for item in {case.summary.article_id: case.item for case in cases}.values():
            self._articles += 1
            self._languages.see(item.article)
            if fault := article_fault(item.article.text):
                self._unfit += 1
                self._first = self._first or (item.article, fault)
        for case in cases:
            self._languages.see_summary(case.summary, case.item.article)
        written = {case.summary.place for case in cases if case.summary.text is not None}
        self._valued |= {score.metric for score in scores if score.value is not None}
        for score in scores:
            is_written = Place(score.system, score.article_id, score.sample) in written
            if is_written and score.metric not in self._valued:
                reasons = self._reasons.setdefault(score.metric, Counter())
                if score.reason in reasons or len(reasons) < _REASONS:
                    reasons[score.reason or ""] += 1

    def lines(self) -> tuple[str, ...]:
        """The notices, one line each."""
        return (*self._without_text(), *self._languages.lines(), *self._without_value())

    def _without_text(self) -> Iterator[str]:
        if self._first:
            article, fault = self._first
            several = self._unfit > 1
            number = f"{self._unfit:,} of {self._articles:,} articles {'are' if several else 'is'} not summarised"
            yield f"{number}: {article.id} ({article.path}): {fault}{' (and so on)' if several else ''}"

    def _without_value(self) -> Iterator[str]:
        """Scorers that have no value for any summary that there is, each with its commonest reason."""
        for scorer in self._scorers:
            metrics = [metric.name for metric in scorer.metrics()]
            if metrics and not self._valued.intersection(metrics) and metrics[0] in self._reasons:
                reason = self._reasons[metrics[0]].most_common(1)[0][0]
                yield f"{scorer.name} has no value for any summary: {reason}"
