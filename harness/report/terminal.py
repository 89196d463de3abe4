"""The report of a run in a terminal: the answer, what is wrong or lost, and the table, within the width there is."""

from __future__ import annotations

from rich.console import Console

from harness.document import terminal
from harness.document.blocks import Paragraph
from harness.document.medium import TERMINAL
from harness.records import Results
from harness.report import document, words
from harness.report.links import Links
from harness.report.report import report


def show(results: Results, console: Console) -> None:
    """Print the report of a run. Text from outside is shown without its control characters."""
    run_report = report(results)
    alone = [Paragraph(words.by_verifier_alone(run_report.alone.answer[0]), "quiet")] if run_report.alone else []
    blocks = (
        *document.result(run_report, Links(), TERMINAL),
        *alone,
        *run_report.estimates,
        *document.trust(run_report),
    )
    terminal.show(document.document(run_report, *blocks), console)
