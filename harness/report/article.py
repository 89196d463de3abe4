"""One article of a run as blocks: its facts against the systems, every summary with what is wrong in it, the texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from harness.document import format as fmt
from harness.document.blocks import Block, Folded, Heading, Item, Listing, Marked, Paragraph, Piece, Table
from harness.document.labels import BY_PEOPLE, MARKS, kind, people, probability
from harness.document.segments import Excerpt, Segment
from harness.records import Use, Verdict
from harness.report import words
from harness.report.card import Card, ClaimLine, FactLine
from harness.report.matrix import Matrix, MatrixCell
from harness.report.report import Page


def blocks(page: Page) -> Iterator[Block]:
    """The article's part of a report."""
    article = page.item.article
    yield Heading(article.title or article.id)
    if page.matrix.groups:
        yield from _matrix(page.matrix)
    else:
        yield Paragraph(words.NO_FACTS)
    yield Heading(words.SUMMARIES, level=3)
    for column in page.cards:
        for card in column:
            yield from _card(card)
    yield Folded(words.references_and_article(len(page.item.references)), tuple(_texts(page)))


def _matrix(matrix: Matrix) -> Iterator[Block]:
    heads = [
        system.name if role == "system" else f"{system.name} ({role})"
        for role, systems in matrix.columns
        for system in systems
    ]
    rows = [
        (
            f"{row.number}. {row.fact.statement} ({row.fact.importance}, {kind(row.fact)})",
            *(_fact_cell(cell, matrix.marked) for cell in row.cells),
        )
        for row in matrix.rows
    ]
    yield Heading(words.FACTS_BY_SYSTEM, level=3)
    yield Table.of(["Fact", *heads], rows)
    signs = " · ".join(f"{mark.symbol} {mark.letter} {mark.fact}: {mark.of_fact}" for mark in MARKS.values())
    judged = f" · {BY_PEOPLE} {words.JUDGED_BY_PERSON}" if matrix.marked else ""
    sampled = f" · 2/3 {words.SAMPLES}" if matrix.sampled else ""
    yield Paragraph(f"{signs}{sampled}{judged}")
    if matrix.unjudged:
        yield Listing(tuple(Item(f"{fmt.MISSING} {name}: {reason}") for name, reason in matrix.unjudged))


def _fact_cell(cell: MatrixCell, marked: bool) -> str:
    return f"{_labels(cell)}{BY_PEOPLE if marked and cell.people else ''}"


def _labels(cell: MatrixCell) -> str:
    if not cell.judged:
        return fmt.MISSING
    if cell.judged == 1 and cell.label:
        return f"{MARKS[cell.label].symbol} {MARKS[cell.label].letter}"
    if cell.label:
        return f"{MARKS[cell.label].symbol} {cell.labels['supported']}/{cell.judged}"
    wrong = cell.labels["contradicted"]
    return f"{cell.labels['supported']}/{cell.judged}" + (f" {MARKS['contradicted'].symbol} {wrong}" if wrong else "")


def _card(card: Card) -> Iterator[Block]:
    """A summary, with evidence for what is contradicted only: a comment has no room for more."""
    yield Heading(f"{card.system.name} ({card.title})" if card.title else card.system.name, level=4)
    if card.text is None:
        yield Paragraph(f"{fmt.MISSING} {words.no_summary_here(card.reason)}")
        return
    yield Marked(tuple(tuple(_pieces(card, line)) for line in card.lines))
    if card.tally:
        yield Paragraph("Facts: " + ", ".join(f"{number} {MARKS[label].fact}" for label, number in card.tally))
    contradicted = [line for line in card.facts if line.verdict and line.verdict.label == "contradicted"]
    remarks = [*card.notes, *map(_claim, card.problems), *map(_contradicted, contradicted), *_uncertain(card)]
    if remarks:
        yield Listing(tuple(map(Item, remarks)))


def _pieces(card: Card, line: Sequence[Segment]) -> Iterator[Piece]:
    """The line by the unsupported claims that its parts belong to, each with the claims' numbers after it."""
    problems = {claim.number - 1: claim for claim in card.problems}
    for claims, segments in groupby(line, key=lambda piece: [at for at in piece.covering if at in problems]):
        text = "".join(segment.text for segment in segments)
        yield Piece(text, "flagged" if claims else "")
        if claims:
            signs = (f"{MARKS[problems[at].verdict.label].symbol}{problems[at].number}" for at in claims)
            yield Piece(f" {' '.join(signs)}")


def _claim(claim: ClaimLine) -> str:
    mark = MARKS[claim.verdict.label]
    verdict = f"{mark.symbol}{claim.number} {mark.claim} ({_certainty(claim.verdict, 'grounding')}): {mark.of_claim}"
    return f"{verdict}{_reason(claim.reason)}{_quoted(claim.evidence, 'the article')}"


def _contradicted(line: FactLine) -> str:
    mark = MARKS["contradicted"]
    chance = f" ({_certainty(line.verdict, 'coverage')})" if line.verdict else ""
    verdict = f"{mark.symbol} fact {line.number} {mark.fact}{chance}: {line.fact.statement}"
    return f"{verdict}{_reason(line.reason)}{_quoted(line.evidence, 'the summary')}"


def _certainty(verdict: Verdict, use: Use) -> str:
    """Who judged it, or how sure the verifier is."""
    names = people(verdict)
    return f"judged by {names}" if names else probability(verdict, use)


def _uncertain(card: Card) -> Iterator[str]:
    facts = [
        f"{line.number} ({fmt.share(line.verdict.probabilities.supported)})"
        for line in card.facts
        if line.verdict and line.verdict.label == "uncertain"
    ]
    if facts:
        yield f"{MARKS['uncertain'].symbol} {words.undecided_facts(facts)}"


def _reason(reason: str | None) -> str:
    return f" ({reason})" if reason else ""


def _quoted(evidence: Excerpt | None, source: str) -> str:
    return f"; {source}: “{evidence.passage}”" if evidence else ""


def _texts(page: Page) -> Iterator[Block]:
    for reference in page.item.references:
        shape = f" ({reference.shape})" if reference.shape else ""
        yield Paragraph((Piece(reference.id, "strong"), Piece(shape)))
        yield _lines(reference.text)
    yield Paragraph((Piece(words.THE_ARTICLE, "strong"),))
    yield _lines(page.item.article.text)


def _lines(text: str) -> Marked:
    return Marked(tuple((Piece(line),) for line in text.split("\n") if line.strip()))
