"""The table of metrics: per system the mean over articles of the mean over samples, and what is missing from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.compare.ranking import ranking_metric
from harness.document import format as fmt
from harness.document.notes import Notes, missing_values
from harness.document.roles import MADE_OF, TITLES, grouped
from harness.records import Metric, Role, System
from harness.report import words
from harness.report.derived import DERIVED
from harness.report.index import Index
from harness.report.score_table import score_table
from harness.report.tally import counts
from harness.report.uncertainty import Uncertainty, uncertainty


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean as a table shows it. ``value`` is None where no article has a value."""

    value: float | None
    form: str
    """The value as it is shown."""
    articles: int
    """How many have a value."""
    note: int | None
    """The number of the note that says what is missing and why; None where nothing is."""
    interval: str = ""
    """The 95% interval over articles; empty where there is none."""
    letters: str = ""
    """Two systems that share a letter cannot be told apart; empty where nothing was tested."""
    low: float | None = None
    """The interval's ends; None where there is none."""
    high: float | None = None
    reason: str = ""
    """Why there is no interval; empty where there is one, and where none was asked for."""


@dataclass(frozen=True, slots=True)
class SystemRow:
    system: System
    cells: tuple[Mean, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one role, the best first."""

    role: Role
    rows: tuple[SystemRow, ...]


@dataclass(frozen=True, slots=True)
class MetricTable:
    metrics: tuple[Metric, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    """Note n stands at index n - 1."""
    articles: int
    ranked_by: Metric | None
    cautions: tuple[str, ...] = ()
    """What so few articles cannot show."""
    unreviewed: str = ""
    """That facts are unreviewed; empty where none is."""

    @property
    def caption(self) -> str:
        """What the numbers, the intervals and the letters are."""
        cells = [cell for row in self.rows for cell in row.cells]
        intervals = words.INTERVALS if any(cell.interval for cell in cells) else ""
        letters = words.SHARED_LETTER if any(cell.letters for cell in cells) else ""
        return " ".join(filter(None, (words.values_over(self.articles), intervals, letters, self.unreviewed)))

    @property
    def order(self) -> str:
        """What orders the rows; empty where the config does."""
        return words.sorted_by(self.ranked_by.title) if self.ranked_by else ""

    @property
    def bounds(self) -> str:
        """What floor and ceiling are; empty where there is neither."""
        roles = [group.role for group in self.groups if group.role in MADE_OF]
        return " ".join(f"{TITLES[role]}: {MADE_OF[role]}." for role in roles)

    @property
    def rows(self) -> tuple[SystemRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)


def headlines(index: Index) -> MetricTable:
    """The metrics that sum up a run, with their intervals; one that no system has a value of is told in a note."""
    every = {metric.name: metric for metric in score_table(index).metrics}
    instead = {column.instead_of: column.metric.name for column in DERIVED}
    metrics = [every.get(instead.get(name, name), metric) for name, metric in every.items() if metric.headline]
    shown = [metric for metric in metrics if _has_value(index, metric)] or metrics
    measured = uncertainty(index, shown)
    board = table(index, shown, measured)
    notes = (*board.notes, *(_no_system_has(index, metric) for metric in metrics if metric not in shown))
    return replace(board, notes=notes, cautions=measured.cautions)


def table(index: Index, metrics: Sequence[Metric], measured: Uncertainty | None = None) -> MetricTable:
    """Every system of the plan, whatever became of it, with every one of the metrics.

    ``measured``: the intervals and letters of its cells; None for a table without.
    """
    by = ranking_metric([metric for metric in score_table(index).metrics if _has_value(index, metric)])
    notes = Notes()
    groups = []
    for role, systems in grouped(index.results.manifest.systems).items():
        rows = [
            SystemRow(system, tuple(_cell(index, system, metric, notes, measured) for metric in metrics))
            for system in sorted(systems, key=lambda system: _rank(index, system, by))
        ]
        groups.append(Group(role, tuple(rows)))
    articles, unreviewed = len(index.results.items), counts(index).caution
    return MetricTable(tuple(metrics), tuple(groups), notes.texts, articles, by, unreviewed=unreviewed)


def _has_value(index: Index, metric: Metric) -> bool:
    return score_table(index).has_value(metric.name)


def _no_system_has(index: Index, metric: Metric) -> str:
    """That no system has a value of a metric, and why."""
    reasons: Counter[str] = Counter()
    for system in index.results.manifest.systems:
        reasons.update(score_table(index).reasons.get((system.name, metric.name), {}))
    return f"{metric.title}: {missing_values(0, len(index.results.items), reasons)}"


def _cell(index: Index, system: System, metric: Metric, notes: Notes, measured: Uncertainty | None) -> Mean:
    scores = score_table(index)
    column, reasons = scores.column(system.name, metric.name), scores.reasons.get((system.name, metric.name))
    value = scores.mean(system.name, metric.name)
    note = notes.mark(missing_values(column.values.size, column.missing, reasons)) if reasons else None
    cell = Mean(value, fmt.value(value, metric.format), column.values.size, note)
    place = measured.places.get((system.name, metric.name)) if measured else None
    if place is None or value is None:
        return cell
    low, high, reason = place.estimate.low, place.estimate.high, place.estimate.reason or ""
    interval = fmt.interval(low, high, metric.format)
    return replace(cell, interval=interval, letters=place.letters, low=low, high=high, reason=reason)


def _rank(index: Index, system: System, by: Metric | None) -> float:
    """What to sort by: the best first, systems without a value last; all alike where nothing ranks them."""
    if by is None:
        return 0.0
    value = score_table(index).mean(system.name, by.name)
    if value is None:
        return math.inf
    return value if by.better == "lower" else -value
