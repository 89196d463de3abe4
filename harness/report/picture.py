"""The plot next to the answer: how much each system keeps against how much of what it says is supported."""

from __future__ import annotations

from harness.document import format as fmt
from harness.document.plot import SIGNS, Plot, Point, Range
from harness.records import Role
from harness.report.answer import advise
from harness.report.index import Index
from harness.report.scores import COVERAGE, SOUNDNESS, Mean, leaderboard, score_table

_ROLES: dict[Role, str] = {"system": "system", "floor": "floor (copied sentences)", "ceiling": "ceiling"}


def draw_overview(index: Index) -> Plot | None:
    """Plot a point for each system with its 95% intervals or, without them, the range given by counting labels.

    Without facts, or without claims, the plot has one axis; it is None if neither was scored.
    """
    standings, board = advise(index), leaderboard(index)
    titles = {metric.name: metric.title for metric in score_table(index).metrics}
    axes = [name for name in (COVERAGE, SOUNDNESS) if any(board.cell(standing.name, name) for standing in standings)]
    points = []
    intervals = False
    for standing in standings:
        cells = [cell for name in axes if (cell := board.cell(standing.name, name))]
        if not axes or len(cells) < len(axes):
            continue
        ranges = [_range(index, standing.name, name, cell) for name, cell in zip(axes, cells, strict=True)]
        intervals = intervals or any(cell.interval for cell in cells)
        points.append(
            Point(
                standing.name,
                cells[0].value or 0.0,
                cells[-1].value or 0.0,
                ranges[0],
                ranges[-1],
                tuple(f"{cell.form} {_format_range(span)}".strip() for cell, span in zip(cells, ranges, strict=True)),
                standing.tally.system.role,
                strong=standing.advice == "use",
            )
        )
    if not points:
        return None
    whiskers = (
        " Points are mean probabilities; lines show the range if labels are counted instead."
        if any(map(_has_range, points))
        else ""
    )
    whiskers = " Lines: 95% intervals over articles." if intervals else whiskers
    shapes = ", ".join(
        f"{SIGNS[role]} {what}" for role, what in _ROLES.items() if any(point.shape == role for point in points)
    )
    recommended = "; filled: recommended" if any(point.strong for point in points) else ""
    best = "Top right is best. " if len(axes) == 2 else ""
    return Plot(
        "overview",
        f"{titles[axes[0]]} and {titles[axes[1]].lower()}" if len(axes) == 2 else titles[axes[0]],
        f"{best}{shapes}{recommended}.{whiskers}",
        ("System", *(titles[name] for name in axes)),
        tuple(points),
        f"{titles[axes[0]]}: {'what it keeps' if axes[0] == COVERAGE else 'what is supported'}",
        f"{titles[SOUNDNESS]}: what is supported" if len(axes) == 2 else "",
        "scatter" if len(axes) == 2 else "rows",
    )


def _range(index: Index, system: str, metric: str, cell: Mean) -> Range | None:
    """Return the interval or, without one, the metric's range over counted labels, with undecided ones either way."""
    if cell.low is not None and cell.high is not None:
        return cell.low, cell.high
    scores = score_table(index)
    known = {each.name for each in scores.metrics}
    value = cell.value or 0.0
    ends = [
        end
        for name in (f"{metric}.at_least", f"{metric}.at_most")
        if name in known and (end := scores.mean(system, name)) is not None
    ]
    return (min(value, *ends), max(value, *ends)) if ends else None


def _has_range(point: Point) -> bool:
    return any(span and span[0] < span[1] for span in (point.across_range, point.up_range))


def _format_range(span: Range | None) -> str:
    return fmt.interval(*span, "share") if span and span[0] < span[1] else ""
