"""The scores of a run as arrays of numbers, with the reasons of those that are missing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from harness.compare.table import Filling, ScoreTable
from harness.report import words
from harness.report.derived import with_derived
from harness.report.index import Index


@lru_cache(maxsize=2)
def score_table(index: Index) -> ScoreTable:
    """All metrics, derived ones too, of every system that has a score, over all articles; the last tables are kept."""
    results = index.results
    ids = [item.article.id for item in results.items]
    filling = Filling([system.name for system in results.manifest.systems], ids, results.metrics)
    for score in results.scores:
        alone = score.automatic is not None and not index.people
        filling.add(replace(score, value=score.automatic) if alone else score)
    for system, article, metric in np.argwhere(~filling.lines):
        name = results.manifest.systems[system].name
        summaries = index.summaries(name, results.items[article])
        reasons = [summary.reason or words.NOT_SCORED for summary in summaries] or [words.NOTHING_ASKED]
        for reason in reasons:
            filling.lacks(name, results.metrics[metric].name, reason)
    return with_derived(filling.table())
