"""The report of a run in a terminal: the answer, what is wrong or lost, and the table, within the width there is."""

from __future__ import annotations

from rich.console import Console

from harness.document import terminal
from harness.document.blocks import Paragraph
from harness.records import Results
from harness.report import document, words
from harness.report.findings import TERMINAL
from harness.report.links import Links
from harness.report.report import report


def show(results: Results, console: Console) -> None:
    """Print the report of a run. Text from outside is shown without its control characters."""
    found = report(results)
    alone = [Paragraph(words.by_verifier_alone(found.alone.answer[0]), "quiet")] if found.alone else []
    blocks = (*document.result(found, Links(), TERMINAL), *alone, *found.estimates, *document.trust(found))
    terminal.show(document.document(found, *blocks), console)
