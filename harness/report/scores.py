"""The leaderboard: means over articles by system and metric, 95% intervals, and reasons for missing values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from harness.compare.ranking import Ranking, rank_tables
from harness.compare.table import ScoreTable, show_mean, tabulate, without_labels
from harness.document import format as fmt
from harness.document.blocks import Cell, Notes, describe_missing_values
from harness.document.labels import describe_unreviewed, group_by_role
from harness.records import Metric, System
from harness.report.index import Index
from harness.report.tally import count_verdicts
from harness.stats import caution
from harness.stats.interval import Estimate
from harness.stats.resampling import Resampler

FACT_RECALL, FAITHFULNESS = "fact_recall", "faithfulness"
"""The two metrics that decide the report's answer: the share of facts kept, and the share of claims supported."""
_OVERLAP = ("rouge", "bertscore")
"""Prefixes of the names of overlap metrics, which come last because they say least about truth."""
NO_SUMMARY_REQUESTED = "no summary was requested"


@dataclass(frozen=True, slots=True)
class Mean:
    estimate: Estimate
    cell: Cell
    """The mean as shown, with its interval, letters and note."""


@dataclass(frozen=True, slots=True)
class SystemRow:
    system: System
    means: tuple[Mean, ...]


@dataclass(frozen=True, slots=True)
class MetricTable:
    metrics: tuple[Metric, ...]
    rows: tuple[SystemRow, ...]
    """By role, best system first."""
    caption: str
    notes: tuple[str, ...]

    def mean(self, system: str, metric: str) -> Mean | None:
        """Return the mean of a system, or None if the table lacks the metric or the system has no value."""
        (means,) = (row.means for row in self.rows if row.system.name == system)
        named = {each.name: mean for each, mean in zip(self.metrics, means, strict=True) if mean.estimate.n}
        return named.get(metric)


@lru_cache(maxsize=4)
def collect_scores(index: Index) -> ScoreTable:
    """Collect the scores of all systems, articles and metrics, with reasons for missing ones."""
    results = index.results
    articles = [item.article.id for item in results.items]
    systems = [system.name for system in results.manifest.systems]
    scores = results.scores if index.people else map(without_labels, results.scores)

    def explain(system: str, article: str) -> list[str]:
        summaries = index.summaries(system, article)
        return [summary.reason or "it was not scored" for summary in summaries] or [NO_SUMMARY_REQUESTED]

    return tabulate(scores, results.metrics, articles, systems, explain)


@lru_cache(maxsize=4)
def build_leaderboard(index: Index) -> MetricTable:
    """Average the headline metrics, with intervals: facts and faithfulness first, overlap with references last."""
    scores = collect_scores(index)
    headlines = [metric for metric in scores.metrics if metric.headline]
    shown = sorted([metric for metric in headlines if scores.has_value(metric.name)] or headlines, key=_reading_order)
    board = average_metrics(index, shown, intervals=True)
    lacking = dict[str, list[str]]()
    for metric in (each for each in headlines if each not in shown):
        reasons = sum((Counter(scores.reasons.get((system, metric.name))) for system in scores.systems), Counter[str]())
        why = describe_missing_values(0, len(index.results.items), reasons).removesuffix(".")
        lacking.setdefault(why, []).append(metric.title)
    stated = (f"{fmt.join_words(names)} {fmt.are(len(names))} {why}." for why, names in lacking.items())
    return replace(board, caption=" ".join((board.caption, *stated)))


def average_metrics(index: Index, metrics: Sequence[Metric], intervals: bool = False) -> MetricTable:
    """Average the metrics for every system; ``intervals`` adds intervals and letters, which only headlines have."""
    notes = Notes()
    rows = tuple(
        SystemRow(system, tuple(_mean(index, system, metric, notes, intervals) for metric in metrics))
        for systems in group_by_role(index.results.manifest.systems).values()
        for system in sorted(systems, key=lambda system: _sort_key(index, system.name))
    )
    return MetricTable(tuple(metrics), rows, _describe_means(index, rows), notes.texts)


def _describe_means(index: Index, rows: Sequence[SystemRow]) -> str:
    cells, articles = [mean.cell for row in rows for mean in row.means], len(index.results.items)
    if articles == 1:
        caption = "All values are for one article; if a system has several summaries of it, the value is their mean."
    else:
        several = "if a system has several summaries of an article, their values are averaged first"
        caption = f"Means over {articles:,} articles; {several}."
    if any(cell.interval for cell in cells):
        caption += " Brackets: 95% intervals (bootstrap over articles)."
    if any(cell.letters for cell in cells):
        caption += " Systems that share a letter do not differ significantly (paired permutation test, Holm)."
    counts = count_verdicts(index)
    return f"{caption} {describe_unreviewed(counts.unreviewed, counts.facts)}".rstrip()


def _reading_order(metric: Metric) -> int:
    if metric.name.startswith((FACT_RECALL, "essential_", "fact_")):
        return 0
    if metric.name.startswith((FAITHFULNESS, "claims_")):
        return 1
    return 3 if metric.name.startswith(_OVERLAP) else 2


def _sort_key(index: Index, system: str) -> tuple[float, float, float]:
    """Sort key: fewest wrong claims, then most facts kept, then the first headline metric; missing values last."""
    tally, scores = count_verdicts(index).tallies[system], collect_scores(index)
    wrong = tally.claims.rejected / tally.claims.total if tally.claims.total else math.inf
    kept = tally.facts.supported / tally.facts.total if tally.facts.total else 0.0
    directed = [each for each in scores.metrics if each.headline and each.better != "neither"]
    first = next((each for each in sorted(directed, key=_reading_order) if scores.has_value(each.name)), None)
    mean = scores.mean(system, first.name) if first else None
    sign = 1 if first and first.better == "lower" else -1
    return round(wrong, 9), -round(kept, 9), math.inf if mean is None else sign * mean


@lru_cache(maxsize=4)
def rank_systems(index: Index) -> Mapping[str, Ranking]:
    """Rank the systems by each headline metric that has a value."""
    table, resampler = collect_scores(index), Resampler(index.results.manifest.seed)
    names = [metric.name for metric in table.metrics if metric.headline and table.has_value(metric.name)]
    return rank_tables([table], names, resampler, intervals=False)[0]


def list_cautions(index: Index) -> list[str]:
    """Warn if there are too few articles for the means, or for comparing the systems."""
    rankings = rank_systems(index).values()
    most = max((place.estimate.n for ranking in rankings for place in ranking.places), default=0)
    tests = max((ranking.tests for ranking in rankings), default=0)
    cautions = [caution.warn_about_one_system(most)]
    if any(sum(place.estimate.n > 0 for place in ranking.places) > 1 for ranking in rankings):
        cautions.append(caution.warn_about_comparison(most, max(1, tests)))
    return list(filter(None, cautions))


def _mean(index: Index, system: System, metric: Metric, notes: Notes, intervals: bool) -> Mean:
    scores, names = collect_scores(index), (system.name, metric.name)
    column, letters = scores.column(*names), ""
    estimate = Estimate(scores.mean(*names), None, None, column.values.size, column.missing)
    if intervals and estimate.n:
        place = rank_systems(index)[metric.name].place(system.name)
        estimate, letters = place.estimate, place.letters
    return Mean(estimate, show_mean(estimate, letters, metric, scores.reasons.get(names, {}), notes))
