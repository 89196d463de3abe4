"""What a run or a re-scoring prints at its end, and the exit code."""

from __future__ import annotations

from harness.cli.console import Console
from harness.cli.echo import echo
from harness.files import show as shown
from harness.pipeline import Outcome
from harness.report import document


def show(outcome: Outcome, quiet: bool) -> int:
    """Print the table, what went wrong and where the report is; give the exit code."""
    manifest = outcome.results.manifest
    if not quiet:
        document.show(outcome.results, Console())
        echo(f"\nreport: {shown(outcome.report)}")
    for problem in manifest.problems:
        echo(f"harness: {problem}", err=True)
    if manifest.status == "interrupted":
        echo("harness: stopped; run the same command again and it goes on from here", err=True)
    return 1 if manifest.problems or manifest.status != "complete" else 0
