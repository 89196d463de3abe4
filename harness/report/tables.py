"""The tables of a report: what facts and claims came to, the leaderboard, all metrics, and the articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from harness.document import format as fmt
from harness.document.blocks import Cell, Row, Table
from harness.document.labels import MARKS
from harness.document.notes import Notes
from harness.document.roles import TITLES
from harness.records import Article, Check, Item, Label, Metric, System, Use
from harness.report import words
from harness.report.index import Index
from harness.report.leaderboard import Mean, MetricTable
from harness.report.links import Column, Links
from harness.report.report import Report
from harness.report.tally import Tally, counts

_OPENING = 60
"""Characters of the text of an article that has no title."""


# Facts and claims -----------------------------------------------------------------------------------------------------


def outcome_tables(run_report: Report, links: Links | None = None) -> Iterator[Table]:
    """How many facts, and how many claims, of every system have which verdict; nothing where nothing was judged.

    With ``links`` each number leads to the first that it counts.
    """
    totals = counts(run_report.index)
    tallies = totals.tallies.values()
    if any(each.facts.total for each in tallies):
        several = words.MEAN_OF_SUMMARIES if any(each.several for each in tallies) else ""
        caption = " ".join(filter(None, (several, totals.caution)))
        yield _outcome_table(run_report, links, "coverage", f"{totals.noun.capitalize()}s", caption)
    if any(each.claims.total for each in tallies):
        yield _outcome_table(run_report, links, "grounding", "Claims")


def _outcome_table(run_report: Report, links: Links | None, use: Use, title: str, caption: str = "") -> Table:
    notes, rows = Notes(), list[Row]()
    columns = {system.name: Column(run_report, at, links or Links()) for at, system in enumerate(run_report.systems)}
    for group in run_report.board.groups:
        rows.append(Row((TITLES[group.role],), heads=True))
        rows += [_outcome_row(columns[row.system.name], use, links is not None, notes) for row in group.rows]
    heads = (title, *(mark.word(use) for mark in MARKS.values()), "all")
    anchor = "outcomes-facts" if use == "coverage" else "outcomes-claims"
    return Table(heads, tuple(rows), caption=caption, notes=notes.texts, anchor=anchor)


def _outcome_row(column: Column, use: Use, linked: bool, notes: Notes) -> Row:
    numbers = column.tally.facts if use == "coverage" else column.tally.claims
    if not numbers.total:
        note = notes.mark(_why_nothing_is_counted(column.tally, use))
        return Row((column.name, *(Cell(fmt.MISSING, note=note) for _ in MARKS), fmt.MISSING))
    cells: list[str | Cell] = []
    for label in MARKS:
        number: float = getattr(numbers, label)
        cells.append(Cell(fmt.count(number), href=_first(column, use, label) if linked and number else ""))
    few = column.tally.articles if use == "coverage" else column.totals.articles
    note = notes.mark(words.of_articles(few, column.totals.articles)) if few < column.totals.articles else None
    return Row((column.name, *cells, Cell(fmt.count(numbers.total), note=note)))


def _first(column: Column, use: Use, label: Label) -> str:
    """Where the first fact or claim with this verdict stands, or else the system's first summary."""
    if use == "coverage":
        places = (column.fact_verdict(loss) for loss in column.tally.losses if loss.label == label)
    else:
        places = (column.claim(claim) for claim in column.tally.wrong if claim.label == label)
    return next(places, column.summary())


def _why_nothing_is_counted(tally: Tally, use: Use) -> str:
    """Why no fact, or no claim, of a system is counted."""
    without = tally.without.copy()
    if not without:
        return words.NO_SUMMARY
    if without.pop("", 0):
        if not tally.judged:
            return words.NOT_VERIFIED
        return words.NOT_ALL_VERIFIED if use == "coverage" else words.NO_CLAIM
    return words.no_summary(without.most_common(1)[0][0])


# Metrics --------------------------------------------------------------------------------------------------------------


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
    caption = " ".join(filter(None, (board.caption, board.order, board.bounds, words.ARROWS)))
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


# Articles -------------------------------------------------------------------------------------------------------------


def articles_table(run_report: Report, links: Links, first: int) -> Table:
    """What each system keeps of each article. ``first``: the place in the run of the first one shown."""
    systems, rows = run_report.systems, []
    for number, item in enumerate(run_report.items, first):
        title = Cell(_name(item.article), href=links.article(number))
        kept = (
            _kept(run_report.index, item, system, links.article(number, f"s{at}")) for at, system in enumerate(systems)
        )
        rows.append(Row((title, *kept)))
    caption = f"{words.KEPT_BY_ARTICLE} {words.LEADS_TO_SUMMARY if links.pages else words.PAGE_PER_ARTICLE}"
    return Table(("Article", *(system.name for system in systems)), tuple(rows), caption=caption, tall=True)


def _name(article: Article) -> str:
    return article.title or f"{article.id}: {fmt.opening(' '.join(article.text.split()), _OPENING)}"


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
