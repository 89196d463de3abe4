"""The report of a run as Markdown, fit for a pull request, as a forge takes 64 thousand characters."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import markdown
from harness.document.blocks import Block
from harness.records import Results
from harness.report import article, document, words
from harness.report.findings import COMMENT
from harness.report.links import Links
from harness.report.report import Report, report


def render(results: Results) -> str:
    """The report."""
    found = report(results)
    return markdown.render(document.document(found, *_blocks(found)), rest=words.REST_LEFT_OUT)


def _blocks(found: Report) -> Iterator[Block]:
    """The most important first."""
    yield from document.result(found, Links(), COMMENT)
    yield from document.alone(found)
    yield from document.trust(found)
    yield from found.estimates
    if found.together:
        for page in found.pages:
            yield from article.blocks(page)
    else:
        yield from document.articles(found, Links())
    yield from document.appendix(found, folded=True)
