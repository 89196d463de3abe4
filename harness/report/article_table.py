"""The table of a run's articles, where these are too many for one page: what each system keeps of each."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from harness.document import format as fmt
from harness.document.blocks import Cell, Row, Table
from harness.document.labels import MARKS
from harness.records import Article, Check, Item, Label, System
from harness.report import words
from harness.report.index import Index
from harness.report.links import Links
from harness.report.report import Report

_OPENING = 60
"""Characters of the text of an article that has no title."""


def article_table(run_report: Report, links: Links, first: int = 0) -> Table:
    """A row an article that is shown, a column a system. ``first``: the place in the run of the first one shown."""
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
    opening = " ".join(article.text.split())
    shown = opening if len(opening) <= _OPENING else f"{opening[:_OPENING].rpartition(' ')[0]} …"
    return article.title or f"{article.id}: {shown}"


def _kept(index: Index, item: Item, system: System, href: str) -> str | Cell:
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
