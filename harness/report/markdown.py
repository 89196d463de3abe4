"""The report of a run as Markdown, fit for a pull request, as a forge takes 64 thousand characters."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import markdown
from harness.document.blocks import Block, Document, Folded, Heading, Item, Listing
from harness.records import Results
from harness.report import article
from harness.report.document import articles, every_metric, leaderboard, provenance
from harness.report.findings import COMMENT, alone, findings, outcomes
from harness.report.links import Links
from harness.report.report import Report, report

_REST = "The rest is left out, as a comment holds no more; it stands in report.html."


def render(results: Results) -> str:
    """The report."""
    found = report(results)
    document = Document(
        found.run.title,
        found.run.line,
        (found.run.banner,) if found.run.banner else (),
        found.answer,
        (found.run.trust,),
        tuple(_blocks(found)),
    )
    return markdown.render(document, rest=_REST)


def _blocks(found: Report) -> Iterator[Block]:
    """The most important first."""
    if found.run.problems:
        yield Listing(tuple(map(Item, found.run.problems)))
    yield from outcomes(found)
    yield from findings(found, Links(), COMMENT)
    yield from (Heading("Leaderboard"), leaderboard(found.board))
    yield from alone(found)
    yield from found.estimates
    if found.together:
        for page in found.pages:
            yield from article.blocks(page)
    else:
        yield from articles(found)
    yield Heading("All metrics")
    yield Folded("Every metric of every system", (every_metric(found.everything),))
    for block in provenance(found):
        yield Folded(block.title, block.blocks) if isinstance(block, Folded) else block
