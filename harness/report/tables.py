"""The tables of a report: what each system keeps and gets wrong, the leaderboard, all metrics, and the articles."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from harness.document import format as fmt
from harness.document.blocks import Cell, Notes, Row, Table
from harness.document.labels import MADE_OF, MARKS, ROLES, name_article
from harness.records import Item, System, Use
from harness.report.answer import advise
from harness.report.article import Links, make_anchor
from harness.report.report import Report
from harness.report.scores import average_metrics, collect_scores
from harness.report.tally import Split, Tally, average_counts, count_verdicts


def systems_table(run_report: Report) -> Table:
    """Tabulate whether to use each system, the facts it keeps and the claims it gets wrong.

    If people judged verdicts, additional columns count the verifier's own verdicts.
    """
    recommendations, counts = advise(run_report.index), run_report.counts
    alone = count_verdicts(run_report.index.verifier_only).tallies if counts.people else {}
    uses: tuple[Use, ...] = ("coverage", "grounding")
    checked = [use for use in uses if any(_split(each.tally, use).total for each in recommendations)]
    columns = [(use, tallies) for use in checked for tallies in (counts.tallies, alone) if tallies]
    notes, rows = Notes(), list[Row]()
    for role, group in groupby(recommendations, key=lambda each: each.tally.system.role):
        rows.append(Row((ROLES[role],), is_heading=True))
        for recommendation in group:
            name = recommendation.name
            cells = (_count(tallies[name], use, notes, brief=tallies is alone) for use, tallies in columns)
            rows.append(Row((name, recommendation.words, *cells), strong=recommendation.advice == "use"))
    titles = {"coverage": f"{counts.noun.capitalize()}s kept", "grounding": "Claims wrong or invented"}
    whose = " (people)" if alone and counts.people == counts.verdicts else ""
    counted = ("verifier alone" if tallies is alone else f"{titles[use]}{whose}" for use, tallies in columns)
    heads = ("System", "Use it?", *counted)
    ranges = any(_split(tally, use).uncertain for use, tallies in columns for tally in tallies.values())
    several, roles = any(each.tally.several for each in recommendations), {each.role for each in run_report.systems}
    sentences = (
        "A range such as 8–9 means that undecided verdicts could go either way." if ranges else "",
        "The “verifier alone” columns show what the verifier says without people's labels." if alone else "",
        "If a system has several summaries of an article, their counts are averaged." if several else "",
        "Within each group, systems are sorted by the share of claims wrong or invented, then by facts kept.",
        "Invented means: not in the article.",
        *(f"{ROLES[role]}: {meaning}." for role, meaning in MADE_OF.items() if role in roles),
    )
    caption, left = " ".join(filter(None, sentences)), frozenset({0, 1})
    return Table(heads, tuple(rows), caption=caption, notes=notes.texts, anchor="recommendations", left=left)


def _split(tally: Tally, use: Use) -> Split:
    return tally.facts if use == "coverage" else tally.claims


def _count(tally: Tally, use: Use, notes: Notes, brief: bool = False) -> Cell:
    """Count the facts kept, or the claims wrong or invented: ``7–8 of 8`` if one is undecided.

    If ``brief``, leave out the total and the link to the errors.
    """
    split = _split(tally, use)
    if not split.total:
        return Cell(fmt.MISSING, note=notes.mark(_explain_no_count(tally, use)))
    number = split.format(split.supported if use == "coverage" else split.rejected)
    missing = f"{fmt.plural(split.missing, 'verdict')} missing, not counted" if split.missing else None
    text = number if brief else f"{number} of {fmt.count(split.total)}"
    return Cell(text, note=notes.mark(missing), href="" if brief else _link_errors(tally))


def _link_errors(tally: Tally) -> str:
    return f"#{make_anchor('errors', tally.system.name)}" if tally.errors else ""


def _explain_no_count(tally: Tally, use: Use) -> str:
    if tally.missing:
        return f"This system's verdicts are missing: {tally.missing.most_common(1)[0][0].removesuffix('.')}."
    if tally.without_text:
        return f"This system has no summary: {tally.without_text.most_common(1)[0][0].removesuffix('.')}."
    return f"No {'fact' if use == 'coverage' else 'claim'} of this system was checked."


def leaderboard_table(run_report: Report) -> Table:
    """Tabulate the headline metrics by system; the numbers link to the system's errors."""
    board, counts = run_report.board, run_report.counts
    rows: list[Row] = []
    for role, group in groupby(board.rows, key=lambda row: row.system.role):
        rows.append(Row((ROLES[role],), is_heading=True))
        for row in group:
            href = _link_errors(counts.tallies[row.system.name])
            cells = (replace(mean.cell, href=href if mean.estimate.n else "") for mean in row.means)
            rows.append(Row((row.system.name, *cells)))
    order = "Sorted like the first table of this report. " if counts.verdicts else ""
    caption = f"{board.caption} {order}An arrow shows which direction is better."
    return Table(("System", *board.metrics), tuple(rows), caption=caption, notes=board.notes, anchor="board")


def metrics_table(run_report: Report) -> Table:
    board = average_metrics(run_report.index, collect_scores(run_report.index).metrics)
    systems = [row.system for row in board.rows]
    heads = ["Metric", *(each.name if each.role == "system" else f"{each.name} ({each.role})" for each in systems)]
    rows: list[list[str | Cell]] = [
        [fmt.title(metric), *(mean.cell for mean in means)]
        for metric, *means in zip(board.metrics, *(row.means for row in board.rows), strict=True)
    ]
    return Table.of(heads, rows, caption=board.caption, notes=board.notes, anchor="all")


def articles_table(run_report: Report, links: Links) -> Table:
    """Count the facts that each system keeps or, without facts, its supported claims, by article."""
    systems, rows = run_report.systems, []
    for number, item in zip(run_report.shown, run_report.items, strict=True):
        title = Cell(name_article(item.article), href=links.article(number, make_anchor("a", item.article.id)))
        rows.append([title, *(_count_kept(run_report, item, system, links, number) for system in systems)])
    what = "Facts that each system keeps" if run_report.counts.facts else "Claims that the article supports"
    caption = f"{what} ({MARKS['contradicted'].symbol}: contradicted)."
    return Table.of(("Article", *(system.name for system in systems)), rows, caption=caption)


def _count_kept(run_report: Report, item: Item, system: System, links: Links, number: int) -> str | Cell:
    """Count the facts kept (``5.5/14 ✗1`` if 1 is contradicted) or, without verdicts on facts, the claims supported.

    The counts are means over samples.
    """
    index = run_report.index
    summaries = index.summaries(system.name, item.article.id)
    facts = [list(checks.values()) for summary in summaries if (checks := index.coverage(summary))]
    samples = facts or [claims for summary in summaries if (claims := index.grounding(summary))]
    split = average_counts(samples)
    if not split.total:
        return fmt.MISSING
    text = f"{fmt.count(split.supported)}/{fmt.count(split.total)}{'' if facts else ' claims'}"
    text += f" {MARKS['contradicted'].symbol}{fmt.count(split.contradicted)}" if split.contradicted else ""
    return Cell(text, href=links.article(number, make_anchor("s", system.name, item.article.id, 0)))
