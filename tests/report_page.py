"""A report as one page with all articles on it, whatever their number."""

from __future__ import annotations

from harness.records import Results
from harness.report import html
from harness.report.links import Links
from harness.report.report import report


def one_page(results: Results) -> str:
    return html.page("report.html.j2", html.front(report(results), Links()))
