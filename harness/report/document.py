"""How the report of a run is put together: what stands in a terminal, in Markdown and on a page, in this order.

A part is one of the functions below. Its tables are made in ``tables``, what is wrong or lost in ``findings``, an
article in ``article`` (Markdown) and in ``templates`` (a page); its sentences and headings stand in ``words``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.document import markdown, terminal
from harness.document.blocks import Block, Document, Figure, Folded, Heading, Item, KeyValues, Listing, Paragraph
from harness.document.medium import COMMENT, PAGE, TERMINAL, Medium
from harness.records import Results
from harness.report import article, words
from harness.report.findings import findings, leads
from harness.report.links import Links
from harness.report.report import Report, report
from harness.report.tables import articles_table, leaderboard_table, metrics_table, outcome_tables

if TYPE_CHECKING:
    from rich.console import Console


def show(results: Results, console: Console) -> None:
    """Print the report within the width there is. Text from outside is shown without its control characters."""
    run_report = report(results)
    parts = (
        *_result(run_report, Links(), TERMINAL),
        *_alone_in_short(run_report),
        *run_report.estimates,
        *_trust(run_report),
    )
    terminal.show(_document(run_report, *parts), console)


def as_markdown(results: Results) -> str:
    """The report for a pull request, the most important first: a forge takes 64 thousand characters."""
    run_report = report(results)
    parts = (
        *_result(run_report, Links(), COMMENT),
        *_alone(run_report),
        *_trust(run_report),
        *run_report.estimates,
        *(_whole_articles(run_report) if run_report.together else _articles(run_report, Links())),
        *appendix(run_report, folded=True),
    )
    return markdown.render(_document(run_report, *parts), rest="report.html has")


def on_page(run_report: Report, links: Links, first: int = 0) -> Document:
    """What stands on the first page above the articles, or above the ``appendix`` where these have pages of their own.

    ``first``: the place in the run of the first article that is shown.
    """
    parts = (
        *_result(run_report, links, COMMENT if links.pages else PAGE),
        *_alone(run_report),
        *_trust(run_report),
        *run_report.estimates,
        *_pictures(run_report),
        *(_articles(run_report, links, first) if links.pages else ()),
    )
    return _document(run_report, *parts)


# The parts ------------------------------------------------------------------------------------------------------------


def _document(run_report: Report, *parts: Block) -> Document:
    """The head of the report, above these parts."""
    run = run_report.run
    banners = (*filter(None, [run.banner]), *run.problems)
    cautions = (*run_report.cautions, run.trust.short)
    return Document(run.title, run.line, banners, run_report.answer, cautions, parts, eyebrow=words.EYEBROW)


def _result(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """The numbers of every system, with what is wrong, made up or lost."""
    if tables := list(outcome_tables(run_report, links)):
        yield Heading(words.OUTCOMES, anchor="outcomes")
        yield from tables
        yield from findings(run_report, links, medium)
    yield Heading(words.LEADERBOARD, anchor="leaderboard")
    yield leaderboard_table(run_report.board, leads(run_report, links))


def _alone(run_report: Report) -> Iterator[Block]:
    """The answer and the tables by the verifier alone, where people judged some of its verdicts."""
    if own := run_report.alone:
        tables = (*outcome_tables(own), leaderboard_table(own.board))
        anchored = [replace(table, anchor=f"alone-{table.anchor}") for table in tables]
        yield Folded(words.BY_VERIFIER_ALONE, (*map(Paragraph, own.answer), *anchored))


def _alone_in_short(run_report: Report) -> Iterator[Block]:
    """The first sentence of that."""
    if own := run_report.alone:
        yield Paragraph(words.by_verifier_alone(own.answer[0]), "quiet")


def _trust(run_report: Report) -> Iterator[Block]:
    """What was measured of the verifier, beyond the sentence in the head."""
    if run_report.run.trust.details:
        yield Heading(words.TRUST, anchor="trust")
        yield Listing(tuple(map(Item, run_report.run.trust.details)))


def _pictures(run_report: Report) -> Iterator[Block]:
    """What can be drawn of the run."""
    if drawn := run_report.pictures():
        yield Heading(words.PICTURES, anchor="pictures")
        yield from map(Figure, drawn)


def _whole_articles(run_report: Report) -> Iterator[Block]:
    """Every article with its facts and summaries, where there is room for all of them."""
    for page in run_report.pages:
        yield from article.blocks(page)


def _articles(run_report: Report, links: Links, first: int = 0) -> Iterator[Block]:
    """A row for each article, where these are too many for that."""
    yield Heading(words.ARTICLES, anchor="articles")
    yield articles_table(run_report, links, first)


def appendix(run_report: Report, folded: bool = False) -> Iterator[Block]:
    """Every metric, and what it takes to repeat the run; all ``folded`` in a comment."""
    table = metrics_table(run_report.everything)
    yield Heading(words.ALL_METRICS, anchor="metrics")
    yield Folded(words.EVERY_METRIC, (table,)) if folded else table
    yield Heading(words.HOW_IT_WAS_MADE, anchor="provenance")
    for number, (heading, values) in enumerate(run_report.run.provenance):
        yield Folded(heading, (KeyValues(tuple(values.items())),), open=number == 0 and not folded)
    yield Paragraph(words.IN_MANIFEST, "quiet")
