"""The report of a run in a terminal: the answer, what is wrong or lost, and the table, within the width there is."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from harness.document import terminal
from harness.document.blocks import Block, Document, Paragraph, sentences
from harness.records import Results
from harness.report.document import leaderboard
from harness.report.findings import TERMINAL, findings, outcomes
from harness.report.links import Links
from harness.report.report import Report, report


def show(results: Results, console: Console) -> None:
    """Print the report of a run. Text from outside is shown without its control characters."""
    found = report(results)
    banners = (*filter(None, [found.run.banner]), *found.run.problems)
    terminal.show(Document(found.run.title, found.run.line, banners, blocks=tuple(_blocks(found))), console)


def _blocks(found: Report) -> Iterator[Block]:
    yield from sentences(found.answer)
    yield from outcomes(found)
    yield from findings(found, Links(), TERMINAL)
    yield leaderboard(found.board)
    if found.alone:
        yield Paragraph(f"By the verifier alone: {found.alone.answer[0]}", "quiet")
    yield from found.estimates
    yield Paragraph(found.run.trust, "quiet")
