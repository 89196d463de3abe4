"""The report as Markdown, fit for a pull request: what the HTML page shows, but evidence for contradicted facts only,
as a forge takes 64 thousand characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from harness.document import format as fmt
from harness.document.escaping import escape
from harness.document.labels import MARKS, probability
from harness.document.markdown import bullets, fitted, folded, grid
from harness.document.roles import TITLES
from harness.document.sections import markdown_lines
from harness.document.segments import Excerpt, Segment
from harness.records import Metric, Results
from harness.report.card import Card, ClaimLine, FactLine
from harness.report.leaderboard import Cell, Table
from harness.report.matrix import Cell as FactCell
from harness.report.matrix import Matrix
from harness.report.outcomes import Kept, outcomes
from harness.report.report import Lost, Page, Report, report
from harness.report.tally import GRAVE

_REST = "The rest is left out, as a comment holds no more; it stands in report.html."


def render(results: Results) -> str:
    """The report."""
    return fitted(_parts(report(results)), _REST)


def _parts(found: Report) -> Iterator[Iterable[str]]:
    """The document in pieces, the most important first."""
    yield _head(found)
    if found.lost:
        signs = ", ".join(f"{MARKS[label].symbol} {MARKS[label].of_fact}" for label in GRAVE)
        yield ("## Essential facts lost", "", f"{signs}.", "", *bullets(map(_lost, found.lost)))
    if found.estimates:
        yield markdown_lines(found.estimates)
    if found.together:
        for page in found.pages:
            yield from _page(page)
    else:
        yield _outcomes(found)
    yield ("## All metrics", "", *folded("Every metric of every system", _flipped(found.everything)))
    yield ("## How it was made", "")
    for heading, values in found.run.provenance:
        yield folded(heading, bullets(f"{escape(key)}: {escape(value)}" for key, value in values.items()))


def _head(found: Report) -> Iterator[str]:
    yield from (f"# {escape(found.run.title)}", "", escape(found.run.line), "")
    if found.run.banner:
        yield from (f"> **{escape(found.run.banner)}**", "")
    yield from bullets(map(escape, found.run.problems))
    for sentence in found.answer:
        yield from (escape(sentence), "")
    yield from (f"*{escape(found.run.trust)}*", "", "## Leaderboard", "")
    yield from _board(found.board)
    yield from (escape(f"{found.board.order} {found.board.bounds}".strip()), "")


# Metrics -----------------------------------------------------------------------------------------------------------


def _board(table: Table) -> Iterator[str]:
    rows = []
    for group in table.groups:
        rows.append([f"*{TITLES[group.role]}*", *("" for _ in table.metrics)])
        rows += [[escape(row.system.name), *(_value(cell) for cell in row.cells)] for row in group.rows]
    yield from grid(["", *(_title(metric) for metric in table.metrics)], rows)
    yield from _notes(table)


def _flipped(table: Table) -> Iterator[str]:
    heads = [f"{escape(row.system.name)}{_role_of(table, place)}" for place, row in enumerate(table.rows)]
    rows = [
        [_title(metric), *(_value(row.cells[place]) for row in table.rows)]
        for place, metric in enumerate(table.metrics)
    ]
    yield from grid(["", *heads], rows)
    yield from _notes(table)


def _notes(table: Table) -> Iterator[str]:
    yield from (table.caption, "")
    for number, note in enumerate(table.notes, start=1):
        yield from (f"{fmt.superscript(number)} {escape(note)}", "")


def _title(metric: Metric) -> str:
    return f"{escape(metric.title)} {fmt.ARROWS[metric.better]}".strip()


def _value(cell: Cell) -> str:
    return f"{cell.form}{fmt.superscript(cell.note)} {escape(cell.doubt)}".rstrip()


def _role_of(table: Table, place: int) -> str:
    roles = [group.role for group in table.groups for _ in group.rows]
    return "" if roles[place] == "system" else f" ({roles[place]})"


def _lost(lost: Lost) -> str:
    name = f"**{escape(lost.system.name)}**"
    if not lost.judged:
        return f"{name}: not known, nothing was verified"
    if not lost.losses:
        return f"{name}: none of {lost.judged}"
    facts = ", ".join(f"{MARKS[loss.label].symbol} {escape(loss.name)}{loss.times}" for loss in lost.losses)
    several = " in one sample or more" if lost.several else ""
    more = lost.count - len(lost.losses)
    return f"{name}: {lost.count} of {lost.judged}{several}: {facts}" + (f", and {more:,} more" if more else "")


def _outcomes(found: Report) -> Iterator[str]:
    """A row an article: so many of them one by one are more than a forge takes."""
    rows = [
        [escape(outcome.item.article.title or outcome.item.article.id), *map(_kept, outcome.cells)]
        for outcome in outcomes(found)
    ]
    yield from ("## Articles", "")
    yield from grid(["", *(escape(system.name) for system in found.systems)], rows)
    yield f"Facts, or claims, found to be supported of those judged; {MARKS['contradicted'].symbol} contradicted."
    yield from ("`report.html` leads to a page for each article.", "")


def _kept(kept: Kept | None) -> str:
    if kept is None:
        return fmt.MISSING
    return f"{kept.form} {MARKS['contradicted'].symbol}{kept.wrong}" if kept.wrong else kept.form


# One article -------------------------------------------------------------------------------------------------------


def _page(page: Page) -> Iterator[Iterable[str]]:
    article = page.item.article
    yield (f"## {escape(article.title or article.id)}", "")
    if page.matrix.groups:
        yield ("### Facts × systems", "", *_matrix(page.matrix))
    else:
        yield ("No facts are written for this article.", "")
    yield ("### The summaries", "")
    yield from (_card(card) for column in page.cards for card in column)
    yield folded(f"{fmt.plural(len(page.item.references), 'reference')} and the article", _texts(page))


def _matrix(matrix: Matrix) -> Iterator[str]:
    heads = [
        escape(system.name) + ("" if role == "system" else f" ({role})")
        for role, systems in matrix.columns
        for system in systems
    ]
    rows = [
        [f"{row.number}. {escape(row.fact.statement)} *({row.fact.importance}, {row.fact.kind})*"]
        + [_fact_cell(cell) for cell in row.cells]
        for row in matrix.rows
    ]
    yield from grid(["Fact", *heads], rows, ":---:")
    signs = " · ".join(f"{mark.symbol} {mark.letter} {mark.word}: {mark.of_fact}" for mark in MARKS.values())
    yield from (f"{signs} · 2/3: supported in 2 of 3 samples", "")
    yield from bullets(f"{fmt.MISSING} {escape(name)}: {escape(reason)}" for name, reason in matrix.unjudged)


def _fact_cell(cell: FactCell) -> str:
    if not cell.judged:
        return fmt.MISSING
    if cell.judged == 1 and cell.label:
        return f"{MARKS[cell.label].symbol} {MARKS[cell.label].letter}"
    if cell.label:
        return f"{MARKS[cell.label].symbol} {cell.judged}/{cell.judged}"
    wrong = cell.labels["contradicted"]
    return f"{cell.labels['supported']}/{cell.judged}" + (f" {MARKS['contradicted'].symbol} {wrong}" if wrong else "")


def _card(card: Card) -> Iterator[str]:
    title = f" ({escape(card.title)})" if card.title else ""
    yield from (f"#### {escape(card.system.name)}{title}", "")
    if card.text is None:
        yield from (f"{fmt.MISSING} No summary: {escape(card.reason or '')}", "")
        return
    for number, line in enumerate(card.lines):
        yield from (">",) if number else ()
        yield f"> {''.join(_piece(card, claims, list(pieces)) for claims, pieces in _runs(card, line))}".rstrip()
    yield ""
    if card.tally:
        yield from ("Facts: " + ", ".join(f"{number} {label}" for label, number in card.tally), "")
    contradicted = [line for line in card.facts if line.verdict and line.verdict.label == "contradicted"]
    yield from bullets(
        [*map(escape, card.notes), *map(_claim, card.problems), *map(_contradicted, contradicted), *_uncertain(card)]
    )


def _runs(card: Card, line: Sequence[Segment]) -> Iterator[tuple[tuple[ClaimLine, ...], Iterator[Segment]]]:
    """The pieces of a line by the unsupported claims that they belong to."""
    problems = {claim.number - 1: claim for claim in card.problems}
    return groupby(line, key=lambda piece: tuple(problems[index] for index in piece.covering if index in problems))


def _piece(card: Card, claims: Sequence[ClaimLine], pieces: Sequence[Segment]) -> str:
    shown = _edged("".join(piece.text for piece in pieces))
    if not claims:
        return shown
    marks = " ".join(f"{MARKS[claim.verdict.label].symbol}{claim.number}" for claim in claims)
    return f"<b>{shown}</b> {marks}"


def _edged(text: str) -> str:
    """The text escaped, with a space where white space parts it from what stands before and after."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{escape(text)}{after}"


def _claim(claim: ClaimLine) -> str:
    mark = MARKS[claim.verdict.label]
    said = f"{mark.symbol}{claim.number} {mark.word} ({probability(claim.verdict)}): {mark.of_claim}"
    return f"{said}{_reason(claim.verdict.reason)}{_quoted(claim.evidence, 'the article')}"


def _contradicted(line: FactLine) -> str:
    mark = MARKS["contradicted"]
    chance = f" ({probability(line.verdict)})" if line.verdict else ""
    said = f"{mark.symbol} fact {line.number} {mark.word}{chance}: {escape(line.fact.statement)}"
    return f"{said}{_reason(line.reason)}{_quoted(line.evidence, 'the summary')}"


def _uncertain(card: Card) -> Iterator[str]:
    verdicts = [(line.number, line.verdict) for line in card.facts if line.verdict]
    found = [
        f"{number} ({fmt.share(verdict.probabilities.supported)})"
        for number, verdict in verdicts
        if verdict.label == "uncertain"
    ]
    if found:
        yield f"{MARKS['uncertain'].symbol} uncertain facts, each with its probability of support: {', '.join(found)}"


def _reason(reason: str | None) -> str:
    return f" ({escape(reason)})" if reason else ""


def _quoted(evidence: Excerpt | None, source: str) -> str:
    return f"; {source}: “{escape(evidence.passage)}”" if evidence else ""


def _texts(page: Page) -> Iterator[str]:
    for reference in page.item.references:
        shape = f" ({escape(reference.shape)})" if reference.shape else ""
        yield from (f"**{escape(reference.id)}**{shape}", "", *_quote(reference.text), "")
    yield from ("**The article**", "", *_quote(page.item.article.text), "")


def _quote(text: str) -> Iterator[str]:
    for number, line in enumerate(line for line in text.split("\n") if line.strip()):
        yield from (">",) if number else ()
        yield f"> {escape(line)}"
