"""Notices about a run that are not failures, e.g. that a scorer has no references."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from harness import languages
from harness.data.articles.texts import find_text_fault
from harness.document import format as fmt
from harness.records import Article, Case, Score, Summary
from harness.scorers.preference import ORDER_CHANGED
from harness.seams import Scorer, Verifier
from harness.text import base_language, is_dialogue

_MULTILINGUAL = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"
_GUESSING = 0.5
"""Share of a judge's answers that change with the order of the summaries, if the judge guesses."""


class Notices:
    """Counts articles and missing scores while a run is scored, and writes the notices.

    Summaries without text do not count, because their records already say why they have no scores.
    """

    def __init__(self, scorers: Sequence[Scorer], verifier: Verifier) -> None:
        self._scorers = scorers
        self._languages = LanguageNotices(verifier)
        self._articles = 0
        self._not_summarised: list[str] = []
        self._metrics_with_values: set[str] = set()
        self._reasons: dict[str, Counter[str]] = defaultdict(Counter)
        self._order_changes: dict[str, list[float]] = defaultdict(list)

    def add(self, cases: Sequence[Case], scores: Sequence[Score]) -> None:
        """Count the articles, summaries and scores of some cases; pass all cases of an article in one call."""
        for item in {case.summary.article_id: case.item for case in cases}.values():
            self._articles += 1
            self._languages.add(item.article)
            if fault := find_text_fault(item.article.text):
                self._not_summarised.append(f"{item.article.id} ({item.article.path}): {fault}")
        for case in cases:
            self._languages.add_summary(case.summary, case.item.article)
        written = {case.summary.place for case in cases if case.summary.text is not None}
        self._metrics_with_values |= {score.metric for score in scores if score.value is not None}
        for score in scores:
            if score.metric.endswith(ORDER_CHANGED) and score.value is not None:
                self._order_changes[score.metric].append(score.value)
            if score.place in written and score.metric not in self._metrics_with_values:
                self._reasons[score.metric][score.reason or ""] += 1

    def lines(self) -> Iterator[str]:
        """Yield one line per notice; a scorer without any value is listed with its most common reason."""
        if count := len(self._not_summarised):
            others = " (and others)" if count > 1 else ""
            first = self._not_summarised[0]
            yield f"{count:,} of {self._articles:,} articles {fmt.are(count)} not summarised: {first}{others}"
        yield from self._languages.lines()
        for scorer in self._scorers:
            metrics = [metric.name for metric in scorer.metrics()]
            if metrics and not self._metrics_with_values.intersection(metrics) and metrics[0] in self._reasons:
                reason = self._reasons[metrics[0]].most_common(1)[0][0]
                yield f"{scorer.name} has no value for any summary: {reason}"
        for metric, shares in self._order_changes.items():
            if (changed := fmean(shares)) >= _GUESSING:
                yield (
                    f"{metric.removesuffix(ORDER_CHANGED)}: the judge changed its answer with the order of the "
                    f"summaries in {changed:.0%} of the comparisons, as if it guessed; use a stronger model"
                )


class LanguageNotices:
    """Counts articles by their stated language, and collects articles and summaries that are in another language."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._counts: Counter[str] = Counter()
        """Language → number of articles."""
        self._foreign_articles, self._foreign_summaries, self._dialogues = list[str](), list[str](), list[str]()

    def add(self, article: Article) -> None:
        self._counts[article.language] += 1
        if is_dialogue(article.text) and not getattr(self._verifier, "reads_dialogues", True):
            self._dialogues.append(article.id)
        if code := languages.detect_other(article.text, article.language):
            self._foreign_articles.append(f"{article.id} ({article.path}) in {code}, not {article.language}")

    def add_summary(self, summary: Summary, article: Article) -> None:
        code = languages.detect_other(summary.text or "", article.language)
        if code and code != languages.detect_other(article.text, article.language):
            self._foreign_summaries.append(
                f"{summary.system} of {article.id} in {code}, the article in {article.language}"
            )

    def lines(self) -> Iterator[str]:
        read, kind = self._verifier.languages, self._verifier.kind()
        foreign = {code: count for code, count in self._counts.items() if read and base_language(code) not in read}
        if foreign and read:
            number, known = sum(foreign.values()), ", ".join(sorted(read))
            total = fmt.plural(self._counts.total(), "article")
            compares_values = getattr(self._verifier, "compares_values", False)
            values = " and values or names that clearly differ" if compares_values else ""
            yield (
                f"{number:,} of {total} {fmt.are(number)} in {', '.join(sorted(foreign))}, but the verifier {kind} "
                f"reads only {known}: their verdicts are uncertain, except for verbatim matches{values}; "
                f"to check other languages, use nli with a multilingual model, such as {_MULTILINGUAL}"
            )
        if self._dialogues:
            count = len(self._dialogues)
            seem = "1 article seems to be a dialogue" if count == 1 else f"{count:,} articles seem to be dialogues"
            yield f"{seem} (first: {self._dialogues[0]}); the verifier {kind} leaves claims about dialogues undecided"
        if self._foreign_articles:
            line = _count_foreign(self._foreign_articles, "article", "the one stated or assumed")
            yield f"{line}; state the right language in the front matter, or in the column or field `language`"
        if self._foreign_summaries:
            yield _count_foreign(self._foreign_summaries, "summary", "the article's")


def _count_foreign(texts: Sequence[str], noun: str, than: str) -> str:
    """Say how many texts are in a language other than ``than``, and describe the first text."""
    seem, others = ("seems", "") if len(texts) == 1 else ("seem", " (and others)")
    return f"{fmt.plural(len(texts), noun)} {seem} to be in a language other than {than}: {texts[0]}{others}"
