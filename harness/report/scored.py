"""The scores of a run as arrays of numbers, with the reasons of those that are missing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from harness.compare.table import Filling, Table
from harness.report.index import NO_SUMMARY, Index


@lru_cache(maxsize=2)
def scored(index: Index) -> Table:
    """All metrics of every system of the plan that has a score, over all articles; the last tables are kept."""
    results = index.results
    ids = [item.article.id for item in results.items]
    filling = Filling([system.name for system in results.manifest.systems], ids, results.metrics)
    for score in results.scores:
        alone = score.automatic is not None and not index.people
        filling.add(replace(score, value=score.automatic) if alone else score)
    for system, article, metric in np.argwhere(~filling.lines):
        name = results.manifest.systems[system].name
        summaries = index.summaries(name, results.items[article])
        reasons = [summary.reason or "it was not scored" for summary in summaries] or [NO_SUMMARY]
        for reason in reasons:
            filling.lacks(name, results.metrics[metric].name, reason)
    return filling.table()
