"""What a run or a re-scoring prints at its end, and the exit code."""

from __future__ import annotations

import shlex

from harness.cli.console import Console
from harness.cli.echo import echo
from harness.document.format import plural
from harness.files import show as shown
from harness.pipeline import Outcome
from harness.report import document
from harness.stages.generate import never_made


def show(outcome: Outcome, quiet: bool) -> int:
    """Print the table, what went wrong and where the report is; give the exit code."""
    manifest = outcome.results.manifest
    if not quiet:
        document.show(outcome.results, Console())
        echo(f"\nreport: {shown(outcome.report)}")
    if outcome.set_aside:
        why = "this run makes anew" if outcome.is_fresh else "this one does not make"
        earlier = f"{plural(outcome.set_aside, 'summary')} of an earlier run that {why}"
        echo(f"harness: set aside in {shown(outcome.folder / 'superseded')}: {earlier}", err=True)
    for problem in manifest.problems:
        echo(f"harness: {problem}", err=True)
    if outcome.was_stopped:
        echo("harness: stopped; run the same command again and it goes on from here", err=True)
    elif manifest.status != "complete":
        echo(f"harness: {_incomplete(outcome)}", err=True)
    return 1 if manifest.problems or manifest.status != "complete" else 0


def _incomplete(outcome: Outcome) -> str:
    """What a run lacks that a re-scoring cannot make, and what makes it."""
    manifest = outcome.results.manifest
    count = never_made(outcome.results.summaries, manifest.systems, manifest.articles)
    run = shlex.join(["harness", "run", manifest.config_file or "CONFIG"])
    if not count:
        return f"the run was killed before it ended; {run} ends it"
    were, them = ("was", "it") if count == 1 else ("were", "them")
    return f"{plural(count, 'summary')} {were} never made; {run} makes {them}"
