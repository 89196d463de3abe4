"""Render a comparison as Markdown, HTML or JSON."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from harness.compare.comparison import Comparison
from harness.compare.report.answer import list_cautions


def render(comparison: Comparison, form: str) -> str:
    """Render the comparison as ``html``, ``json`` or ``md``."""
    if form == "json":
        return as_json(comparison)
    from harness.compare.report.document import document
    from harness.document import html, markdown  # imports jinja2, which ``harness compare`` in a terminal does not need
    from harness.document.blocks import COMMENT, PAGE

    if form == "html":
        return html.render(document(comparison, PAGE))
    return markdown.render(document(comparison, COMMENT), level=3, full="the HTML or JSON report")


def as_json(comparison: Comparison) -> str:
    """Write everything as JSON; missing values are null."""
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
