"""The plot next to the answer: each system's share of facts kept, against its share of claims supported."""

from __future__ import annotations

from harness.document import format as fmt
from harness.document.plot import SIGNS, Plot, Point, Range
from harness.records import Role
from harness.report.answer import advise
from harness.report.index import Index
from harness.report.scores import COVERAGE, SOUNDNESS, Mean, build_leaderboard, collect_scores

_ROLES: dict[Role, str] = {"system": "system", "floor": "floor (copied sentences)", "ceiling": "ceiling"}


def draw_overview(index: Index) -> Plot | None:
    """Plot each system, with 95% intervals or, without them, the range that undecided verdicts leave.

    The plot has one axis if only facts or only claims were scored; it is None if neither was scored.
    """
    standings, board = advise(index), build_leaderboard(index)
    titles = {metric.name: metric.title for metric in collect_scores(index).metrics}
    axes = [name for name in (COVERAGE, SOUNDNESS) if any(board.cell(standing.name, name) for standing in standings)]
    points, intervals = [], False
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
    whiskers = ""
    if intervals:
        whiskers = " Lines: 95% intervals over articles."
    elif any(_format_range(span) for point in points for span in (point.across_range, point.up_range)):
        whiskers = " Points are mean probabilities; lines show the range if labels are counted instead."
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
    """Return the interval or, without one, the range of the metric if undecided labels count either way."""
    if cell.low is not None and cell.high is not None:
        return cell.low, cell.high
    scores = collect_scores(index)
    known = {each.name for each in scores.metrics}
    value = cell.value or 0.0
    ends = [
        end
        for name in (f"{metric}.at_least", f"{metric}.at_most")
        if name in known and (end := scores.mean(system, name)) is not None
    ]
    return (min(value, *ends), max(value, *ends)) if ends else None


def _format_range(span: Range | None) -> str:
    return fmt.interval(*span, "share") if span and span[0] < span[1] else ""
