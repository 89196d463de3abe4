"""The report of a run as one document of blocks, of which a terminal and a comment have the first parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from harness.document import format as fmt
from harness.document.blocks import (
    Block,
    Cell,
    Document,
    Figure,
    Folded,
    Heading,
    Item,
    KeyValues,
    Listing,
    Paragraph,
    Row,
    Table,
)
from harness.document.labels import MARKS
from harness.document.medium import Medium
from harness.document.roles import TITLES
from harness.records import Article, Check, Label, Metric, System
from harness.records import Item as ArticleItem
from harness.report import words
from harness.report.findings import findings, leads
from harness.report.index import Index
from harness.report.leaderboard import Mean, MetricTable
from harness.report.links import Links
from harness.report.outcomes import outcomes
from harness.report.report import Report

_OPENING = 60
"""Characters of the text of an article that has no title."""


def document(run_report: Report, *blocks: Block) -> Document:
    """The head of the report, above these blocks."""
    run = run_report.run
    banners = (*filter(None, [run.banner]), *run.problems)
    cautions = (*run_report.cautions, run.trust.short)
    return Document(run.title, run.line, banners, run_report.answer, cautions, blocks, eyebrow=words.EYEBROW)


def result(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """The numbers of every system, with what is wrong, made up or lost."""
    if tables := list(outcomes(run_report, links)):
        yield Heading(words.OUTCOMES, anchor="outcomes")
        yield from tables
        yield from findings(run_report, links, medium)
    yield from (
        Heading("Leaderboard", anchor="leaderboard"),
        leaderboard_table(run_report.board, leads(run_report, links)),
    )


def alone(run_report: Report) -> Iterator[Block]:
    """The answer and the tables by the verifier alone, where people judged some of its verdicts."""
    if own := run_report.alone:
        tables = [
            replace(table, anchor=f"alone-{table.anchor}") for table in (*outcomes(own), leaderboard_table(own.board))
        ]
        yield Folded(words.BY_VERIFIER_ALONE, (*map(Paragraph, own.answer), *tables))


def trust(run_report: Report) -> Iterator[Block]:
    """What was measured of the verifier, beyond the sentence in the head."""
    if run_report.run.trust.details:
        yield Heading(words.TRUST, anchor="trust")
        yield Listing(tuple(map(Item, run_report.run.trust.details)))


def pictures(run_report: Report) -> Iterator[Block]:
    """What can be drawn of the run."""
    if drawn := run_report.pictures():
        yield Heading("Pictures", anchor="pictures")
        yield from map(Figure, drawn)


def articles(run_report: Report, links: Links, first: int = 0) -> Iterator[Block]:
    """The table of the articles, where these are too many to be shown on one page."""
    yield from (Heading("Articles", anchor="articles"), _article_table(run_report, links, first))


def appendix(run_report: Report, folded: bool = False) -> Iterator[Block]:
    """Every metric, and what it takes to repeat the run; all ``folded`` in a comment."""
    yield Heading("All metrics", anchor="metrics")
    yield (
        Folded("Every metric of every system", (metrics_table(run_report.everything),))
        if folded
        else metrics_table(run_report.everything)
    )
    yield Heading("How it was made", anchor="provenance")
    for number, (heading, values) in enumerate(run_report.run.provenance):
        yield Folded(heading, (KeyValues(tuple(values.items())),), open=number == 0 and not folded)
    yield Paragraph(words.IN_MANIFEST, "quiet")


def _article_table(run_report: Report, links: Links, first: int = 0) -> Table:
    """What each system keeps of each article. ``first``: the place in the run of the first one shown."""
    systems = run_report.systems
    rows = [
        Row(
            (
                Cell(_name(item.article), href=links.article(number)),
                *(
                    _kept(run_report.index, item, each, links.article(number, f"s{at}"))
                    for at, each in enumerate(systems)
                ),
            )
        )
        for number, item in enumerate(run_report.items, first)
    ]
    caption = f"{words.KEPT_BY_ARTICLE} {words.LEADS_TO_SUMMARY if links.pages else words.PAGE_PER_ARTICLE}"
    return Table(("Article", *(system.name for system in systems)), tuple(rows), caption=caption, tall=True)


def _name(article: Article) -> str:
    return article.title or f"{article.id}: {fmt.opening(' '.join(article.text.split()), _OPENING)}"


def _kept(index: Index, item: ArticleItem, system: System, href: str) -> str | Cell:
    """``5.5/14 ✗1``: the facts kept, or the claims supported where no fact was judged; means over samples."""
    summaries = index.summaries(system.name, item)
    facts = [list(checks.values()) for summary in summaries if (checks := index.coverage(summary))]
    samples = facts or [claims for summary in summaries if (claims := index.grounding(summary))]
    if not samples:
        return fmt.MISSING
    wrong = _mean(samples, "contradicted")
    kept = f"{fmt.count(_mean(samples, 'supported'))}/{fmt.count(fmean(map(len, samples)))}"
    parts = (kept, "" if facts else "claims", f"{MARKS['contradicted'].symbol}{fmt.count(wrong)}" if wrong else "")
    return Cell(" ".join(filter(None, parts)), href=href)


def _mean(samples: Sequence[Sequence[Check]], label: Label) -> float:
    return fmean(sum(check.verdict.label == label for check in checks) for checks in samples)


# Tables ---------------------------------------------------------------------------------------------------------------


def leaderboard_table(board: MetricTable, leads: Callable[[System, Metric], str] = lambda system, metric: "") -> Table:
    """A row a system, under the name of its role; the best first. Each number ``leads`` to what it stands on."""
    rows: list[Row] = []
    for group in board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        for row in group.rows:
            pairs = zip(row.cells, board.metrics, strict=True)
            rows.append(
                Row((row.system.name, *(_mean_cell(mean, leads(row.system, metric)) for mean, metric in pairs)))
            )
    caption = " ".join(filter(None, (board.caption, board.order, board.undecided, board.bounds, words.ARROWS)))
    return Table(("System", *board.metrics), tuple(rows), caption=caption, notes=board.notes, anchor="board")


def metrics_table(board: MetricTable) -> Table:
    """A row a metric, a column a system: the leaderboard turned round."""
    members = [(group.role, row.system.name) for group in board.groups for row in group.rows]
    heads = ["Metric", *(name if role == "system" else f"{name} ({role})" for role, name in members)]
    rows: list[list[str | Cell]] = [
        [fmt.title(metric), *(_mean_cell(row.cells[place]) for row in board.rows)]
        for place, metric in enumerate(board.metrics)
    ]
    return Table.of(heads, rows, caption=board.caption, notes=board.notes, anchor="all", tall=True)


def _mean_cell(mean: Mean, href: str = "") -> Cell:
    return Cell(mean.form, mean.interval, mean.letters, mean.note, href if mean.value is not None else "")
