"""Render a comparison for the terminal, as Markdown, HTML, JSON or CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from pydantic import TypeAdapter

from harness.compare.comparison import Comparison
from harness.compare.report.answer import list_cautions
from harness.document.format import guard_formula

_COLUMNS = (
    "system", "side", "metric", "better", "mean", "low", "high", "n", "missing", "letters", "reference",
    "difference", "difference_low", "difference_high", "p_corrected", "differs", "shared", "reason",
)  # fmt: skip  # one row


def render(comparison: Comparison, form: str) -> str:
    """Render the comparison, and import only what the format needs."""
    if form in ("json", "csv"):
        return as_json(comparison) if form == "json" else as_csv(comparison)
    from harness.compare.report.document import document
    from harness.document.blocks import COMMENT, PAGE, TERMINAL

    if form == "html":
        from harness.document import html

        return html.render(document(comparison, PAGE))
    from harness.document import markdown, terminal

    if form == "md":
        return markdown.render(document(comparison, COMMENT), level=3, full="the HTML or JSON report")
    return terminal.render(document(comparison, TERMINAL))


def as_csv(comparison: Comparison) -> str:
    """Write a row per side and metric, best side first, with the side's difference from the reference."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for board in comparison.leaderboards:
        differences = {pairwise.side: pairwise.differences for pairwise in board.comparisons}
        for metric in comparison.metrics:
            for place in board.rankings[metric.name].places:
                row: dict[str, object] = {
                    "system": board.name,
                    "side": place.system,
                    "metric": metric.name,
                    "better": metric.better,
                    **{name: getattr(place.estimate, name) for name in ("mean", "low", "high", "n", "missing")},
                    "letters": place.letters,
                    "reason": place.estimate.reason or "",
                }
                if place.system in differences:
                    difference = differences[place.system][metric.name]
                    row |= {
                        "reference": difference.reference,
                        "difference": difference.mean,
                        "difference_low": difference.low,
                        "difference_high": difference.high,
                        "p_corrected": difference.p,
                        "differs": difference.is_significant,
                        "shared": difference.n,
                    }
                writer.writerow({name: guard_formula(value) for name, value in row.items()})
    return buffer.getvalue()


def as_json(comparison: Comparison) -> str:
    """Write everything as JSON; missing values, and infinite ends of intervals, are null."""
    data = {
        "by": comparison.by,
        "runs": {
            name: {"config": manifest.config_file, "started": manifest.started, "status": manifest.status}
            for name, manifest in comparison.runs.items()
        },
        "articles": comparison.articles,
        "ranked_by": comparison.ranked_by.name if comparison.ranked_by else None,
        "leaderboards": comparison.leaderboards,
        "run_differences": comparison.run_differences,
        "cautions": list_cautions(comparison),
        "notes": comparison.notes,
    }
    return TypeAdapter(dict[str, Any]).dump_json(data, indent=2).decode() + "\n"
