"""Columns that are worked out from other columns, article by article. To add one, add it to ``DERIVED``: nothing else.

It then stands in the table of all metrics, and with ``headline=True`` in the leaderboard, with its mean, its interval,
its letters and the reasons of what is missing, in the terminal, in Markdown and on the page. It is of the report alone:
``scores.jsonl``, compare and gate have what scorers give. A column that needs the texts or the verdicts themselves is a
scorer's: see ``docs/adding-a-plugin.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from harness.compare.table import ScoreTable
from harness.records import Metric
from harness.report import words
from harness.stats.arrays import Floats


@dataclass(frozen=True, slots=True)
class Derived:
    """A metric with what it is worked out from. A run that lacks one of these metrics lacks this one too."""

    metric: Metric
    of: tuple[str, ...]
    """The names of metrics, as ``scores.jsonl`` has them; each article's means over the samples are taken."""
    value: Callable[..., Floats]
    """Takes their values, an array each, and gives as many; what is not finite is no value."""
    instead_of: str = ""
    """The name of a metric of the leaderboard in whose place it stands there, as it says more."""


NOT_KEPT = "essential_not_kept"

DERIVED = (
    Derived(
        Metric(NOT_KEPT, "Essential facts not kept", better="lower", format="count"),
        of=("essential_lost", "essential_contradicted", "essential_undecided"),
        value=lambda *counts: sum(counts),
        instead_of="essential_lost",
    ),
    Derived(
        Metric("recall_per_100_words", "Fact recall per 100 words", format="number"),
        of=("fact_recall", "words"),
        value=lambda recall, length: 100 * recall / length,
    ),
)


def with_derived(table: ScoreTable, columns: tuple[Derived, ...] = DERIVED) -> ScoreTable:
    """The table with the derived columns after its own."""
    for column in columns:
        if {*column.of} <= {metric.name for metric in table.metrics}:
            table = _with(table, column)
    return table


def _with(table: ScoreTable, column: Derived) -> ScoreTable:
    places = [table.metrics.index(table.metric(name)) for name in column.of]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = column.value(*(table.means[:, :, place] for place in places))
    present = np.isfinite(values) & table.present[:, :, places].all(axis=2)
    reason = words.cannot_be_derived([table.metrics[place].title for place in places])
    lacking = zip(table.systems, (~present).sum(axis=1).tolist(), strict=True)
    reasons = {
        (system, column.metric.name): _reasons_of_a_part(table, column, system, number) or {reason: number}
        for system, number in lacking
        if number
    }
    return replace(
        table,
        metrics=(*table.metrics, column.metric),
        means=np.dstack((table.means, np.where(present, values, 0.0))),
        present=np.dstack((table.present, present)),
        reasons={**table.reasons, **reasons},
    )


def _reasons_of_a_part(table: ScoreTable, column: Derived, system: str, number: int) -> Mapping[str, int]:
    """The reasons of a metric that lacks as many values as the column that is worked out from it; else none."""
    of_parts = (table.reasons.get((system, name), {}) for name in column.of)
    return next((reasons for reasons in of_parts if sum(reasons.values()) == number), {})
