"""A report as a test looks at it."""

from __future__ import annotations

import io

from rich.console import Console

from harness.records import Results
from harness.report import document, html
from harness.report.links import Links
from harness.report.report import report


def one_page(results: Results) -> str:
    """All articles on one page, whatever their number."""
    return html.page("report.html.j2", html.front(report(results), Links()))


def in_terminal(results: Results, width: int = 80) -> str:
    """What is printed, without colours."""
    file = io.StringIO()
    document.show(results, Console(file=file, width=width))
    return file.getvalue()
