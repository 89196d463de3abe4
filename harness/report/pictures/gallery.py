"""Which pictures a report has: those that its numbers allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.document.pictures.picture import Picture
from harness.records import Item, Metric, Results
from harness.report.index import Index
from harness.report.leaderboard import MetricTable
from harness.report.pictures.forest import forest
from harness.report.pictures.kinds import errors_made, facts_kept, kinds
from harness.report.pictures.reliability import measured, on_own_articles
from harness.report.pictures.scatter import scatter
from harness.signature import kind_of
from harness.text import words

_FORESTS = 3
"""Up to so many metrics of the leaderboard have their intervals drawn, the first."""


def gallery(index: Index, board: MetricTable, everything: MetricTable, items: Sequence[Item]) -> tuple[Picture, ...]:
    """The pictures in the order in which they are shown; ``items``: whose references mark the lengths."""
    counted = kinds(index, [row.system for row in board.rows])
    by_facts = [*_scatters(everything, items), *_forests(board), facts_kept(counted)]
    marked = [
        picture and replace(picture, caption=f"{picture.caption} {board.unreviewed}".strip()) for picture in by_facts
    ]
    return tuple(filter(None, [*marked, errors_made(counted), *_reliability(index.results)]))


def _forests(board: MetricTable) -> Iterator[Picture | None]:
    if board.articles == 1:  # no interval: the table says as much
        return
    shares = [metric for metric in board.metrics if metric.format == "share" and metric.better != "neither"]
    yield from (forest(board, metric) for metric in shares[:_FORESTS])


def _scatters(everything: MetricTable, items: Sequence[Item]) -> Iterator[Picture | None]:
    recall = _metric(everything, "fact_recall")
    for across in (_metric(everything, "faithfulness"), _metric(everything, "words")):
        if recall and across:
            lengths = [float(len(words(each.text))) for item in items for each in item.references]
            yield scatter(everything, across, recall, lengths if across.name == "words" else ())


def _metric(table: MetricTable, name: str) -> Metric | None:
    return next((metric for metric in table.metrics if metric.name == name), None)


def _reliability(results: Results) -> Iterator[Picture | None]:
    yield measured(kind_of(results.manifest.verifier), results.manifest.agreement)
    yield on_own_articles(results)
