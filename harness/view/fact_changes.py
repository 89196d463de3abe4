"""What a new, a changed or a removed fact changed in a run: which systems keep it, and which numbers moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from harness.compare.table import filled
from harness.records import Item, Label, Metric, Results
from harness.report.index import Index

Labels = Mapping[str, tuple[Label, ...]]
"""System → the verdicts on a fact, a sample each: people's where there are any, else the verifier's."""
Values = Mapping[tuple[str, str], float | None]
"""(system, metric) → the mean over the article's samples that have a value."""


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What a run says of an article and of one of its facts."""

    systems: tuple[str, ...]
    labels: Labels
    values: Values
    metrics: tuple[Metric, ...]
    """Those of the leaderboard."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A number before and after."""

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A system: its verdicts on the fact now, and its numbers by metric name."""

    system: str
    after: tuple[Label, ...]
    values: Mapping[str, Shift]


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved, a row a system; ``metrics`` are those with a number that moved."""

    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]

    @property
    def judged(self) -> list[str]:
        """The systems with a verdict on the fact now; none where it was removed, or where the verifier failed."""
        return [row.system for row in self.rows if row.after]

    @property
    def kept(self) -> list[str]:
        """The systems of which a summary supports the fact now."""
        return [row.system for row in self.rows if "supported" in row.after]


def article_state(results: Results, article: str, fact: str) -> ArticleState:
    """What a run says now."""
    index, items = Index(results), (item for item in results.items if item.article.id == article)
    systems = tuple(system.name for system in results.manifest.systems)
    metrics = tuple(metric for metric in results.metrics if metric.headline)
    scores = filled(systems, [article], metrics, results.scores).table()
    return ArticleState(
        systems=systems,
        labels=next((labels_of(index, item, fact) for item in items), {}),
        values={(system, each.name): scores.mean(system, each.name) for system in systems for each in metrics},
        metrics=metrics,
    )


def labels_of(index: Index, item: Item, fact: str) -> Labels:
    """The verdicts of a run on a fact of an article; a system without one is left out."""
    labels: dict[str, list[Label]] = defaultdict(list)
    for system in index.results.manifest.systems:
        for summary in index.summaries(system.name, item):
            if check := index.coverage(summary).get(fact):
                labels[system.name].append(check.verdict.label)
    return {system: tuple(of_system) for system, of_system in labels.items()}


def changes(before: ArticleState, after: ArticleState) -> Changes:
    """What moved between two states of one run."""
    rows = [
        Row(
            system,
            after.labels.get(system, ()),
            {
                metric.name: Shift(before.values.get((system, metric.name)), after.values.get((system, metric.name)))
                for metric in after.metrics
            },
        )
        for system in after.systems
    ]
    moved = [
        metric
        for metric in after.metrics
        if any(row.values[metric.name].before != row.values[metric.name].after for row in rows)
    ]
    return Changes(tuple(moved), tuple(rows))
