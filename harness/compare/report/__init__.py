"""A comparison in the terminal, as Markdown, as one HTML page, as JSON and as CSV."""

from __future__ import annotations

from harness.compare.result import Comparison


def render(comparison: Comparison, form: str) -> str:
    """The comparison in a format; imports only what this format needs."""
    if form in ("json", "csv"):
        from harness.compare.report import exports

        return exports.as_json(comparison) if form == "json" else exports.as_csv(comparison)
    from harness.compare.report.document import document
    from harness.document.medium import COMMENT, PAGE, TERMINAL

    if form == "md":
        from harness.document import markdown

        return markdown.render(document(comparison, COMMENT), level=3, rest="the HTML and the JSON have")
    if form == "html":
        from harness.document import html

        return html.render(document(comparison, PAGE))
    from harness.document import terminal

    return terminal.render(document(comparison, TERMINAL))
