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
from harness.report.tally import NEAR, counts
from harness.report.uncertainty import Uncertainty, uncertainty
from harness.signature import parts_of

_FAITHFULNESS = "faithfulness"
_COUNTED = {"fact_recall": ("fact", "not kept", "kept"), _FAITHFULNESS: ("claim", "not supported", "supported")}
"""Metric → what it counts, and as what an undecided one counts at the least and at the most."""
_AT_MOST = ".at_most"
"""Ends the name of the metric that counts what is undecided for a system."""
_NAMED = 4
"""Up to so many systems are named that could rise."""


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
    undecided: str = ""
    """Whether undecided verdicts could change the order or faithfulness; empty where they count in neither."""

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
    undecided = " ".join(filter(None, (_undecided(index, board), _claims_undecided(index, board))))
    return replace(board, notes=notes, undecided=undecided, cautions=measured.cautions)


def _undecided(index: Index, board: MetricTable) -> str:
    """Why one number is enough to rank the systems under test by, or which of them could rise; empty for neither.

    Where recall sums probabilities (``soft``), an undecided fact counts neither as kept nor as lost: nothing is said.
    """
    by = board.ranked_by
    bounds = _bounds(index, board, by.name) if by else []
    if by is None or not bounds or _is_soft(index, by):
        return ""
    noun, against, kept = _COUNTED[by.name]
    tallies = [counts(index).tallies[name] for name, _, _ in bounds]
    undecided = any((tally.facts if noun == "fact" else tally.claims).uncertain for tally in tallies)
    if not undecided and not any(most > least + NEAR for _, least, most in bounds):
        return words.nothing_undecided(noun)
    rising = [
        (name, most)
        for place, (name, _, most) in enumerate(bounds)
        if any(most > least + NEAR for _, least, _ in bounds[:place])
    ]
    if not rising:
        return words.order_stands(noun, against, kept)
    return words.order_could_change(noun, against, kept, _could_reach(rising, by))


def _is_soft(index: Index, metric: Metric) -> bool:
    return parts_of(index.results.manifest.scorers.get(metric.name, "")).get("soft") == "yes"


def _claims_undecided(index: Index, board: MetricTable) -> str:
    """How many claims are undecided and how faithful systems could be; empty where none is, or where it ranks."""
    metric = next((each for each in board.metrics if each.name == _FAITHFULNESS and each != board.ranked_by), None)
    bounds = _bounds(index, board, _FAITHFULNESS) if metric else []
    rising = [(name, most) for name, least, most in bounds if most > least + NEAR]
    if not metric or not rising:
        return ""
    undecided = sum(counts(index).tallies[name].claims.uncertain for name, _ in rising)
    return words.counted_against(undecided, *_COUNTED[_FAITHFULNESS], _could_reach(rising, metric))


def _could_reach(rising: Sequence[tuple[str, float]], metric: Metric) -> list[str]:
    """The first of the systems with the most that each could have, and how many more there are."""
    named = [words.could_reach(name, fmt.value(most, metric.format)) for name, most in rising[:_NAMED]]
    return [*named, words.more_could_rise(len(rising) - _NAMED)] if len(rising) > _NAMED else named


def _bounds(index: Index, board: MetricTable, by: str) -> list[tuple[str, float, float]]:
    """The systems under test, the best first, with all that is undecided counted against each, and for it; floor and
    ceiling where none is under test."""
    scores = score_table(index)
    if by not in _COUNTED or not {by, f"{by}{_AT_MOST}"} <= {metric.name for metric in scores.metrics}:
        return []
    tested = [row.system for group in board.groups if group.role == "system" for row in group.rows]
    systems = tested or [row.system for row in board.rows]
    means = [(each.name, scores.mean(each.name, by), scores.mean(each.name, f"{by}{_AT_MOST}")) for each in systems]
    bounds = [(name, least, most) for name, least, most in means if least is not None and most is not None]
    return sorted(bounds, key=lambda each: -each[1])


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
