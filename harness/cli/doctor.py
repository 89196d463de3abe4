"""``harness doctor`` and ``harness doctor RUN``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.cli.echo import echo


@click.command()
@click.argument("run", type=click.Path(path_type=Path), required=False)
def command(run: Path | None) -> None:
    """Say what works on this machine: packages, models, device, threads, folders. Exit code 1 if a base run cannot.

    With RUN, say whether that run is whole: every line a record, every record there once, and no file cut or edited
    since the run was closed. Exit code 1 if it is not.
    """
    if run is not None:
        sys.exit(_of_run(run))
    from harness import doctor
    from harness.cli.console import Console
    from harness.cli.tables import doctor as findings_table

    findings = doctor.examine()
    findings_table.show(findings, Console())
    sys.exit(0 if all(finding.ok or finding.optional for finding in findings) else 1)


def _of_run(run: Path) -> int:
    """Tell what is wrong with a run; the exit code."""
    from harness.data.runs import check as run_check
    from harness.data.runs import mirror
    from harness.files import show

    problems = run_check.examine(mirror.copied(run))
    for problem in problems:
        echo(str(problem))
    if not problems:
        echo(f"{show(run)} is whole")
    return 1 if problems else 0
