"""The report of a run as Markdown, fit for a pull request, as a forge takes 64 thousand characters."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import markdown
from harness.document.blocks import Block
from harness.document.medium import COMMENT
from harness.records import Results
from harness.report import article, document
from harness.report.links import Links
from harness.report.report import Report, report


def render(results: Results) -> str:
    """The report."""
    run_report = report(results)
    return markdown.render(document.document(run_report, *_blocks(run_report)), rest="report.html has")


def _blocks(run_report: Report) -> Iterator[Block]:
    """The most important first."""
    yield from document.result(run_report, Links(), COMMENT)
    yield from document.alone(run_report)
    yield from document.trust(run_report)
    yield from run_report.estimates
    if run_report.together:
        for page in run_report.pages:
            yield from article.blocks(page)
    else:
        yield from document.articles(run_report, Links())
    yield from document.appendix(run_report, folded=True)
