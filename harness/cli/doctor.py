"""``harness doctor`` and ``harness doctor RUN``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.echo import echo
from harness.cli.options import PATH
from harness.document.plain import plain
from harness.files import show as shown

if TYPE_CHECKING:
    from rich.console import Console

    from harness.doctor import Finding


@click.command()
@click.argument("run", type=PATH, required=False)
def command(run: Path | None) -> None:
    """Check packages, models, device, threads and folders on this machine. Exit code 1 if a base run cannot work.

    With RUN, say whether that run is whole: every line a record, every record there once, and no file cut or edited
    since the run was closed. Exit code 1 if it is not.
    """
    if run is not None:
        sys.exit(_of_run(run))
    from harness import doctor
    from harness.cli.console import Console

    findings = doctor.examine()
    show(findings, Console())
    sys.exit(0 if all(finding.ok or finding.optional for finding in findings) else 1)


def show(findings: Sequence[Finding], console: Console) -> None:
    """A row a finding; what to do stands under the table. Names of paths and packages are shown, never obeyed."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for finding in findings:
        mark = "[green]ok[/]" if finding.ok else "[yellow]–[/]" if finding.optional else "[red]no[/]"
        table.add_row(mark, Text(plain(finding.what)), Text(plain(finding.found)))
    console.print(table)
    for finding in findings:
        if finding.remedy:
            console.print(Text(plain(f"{finding.what}: {finding.remedy}")))


def _of_run(run: Path) -> int:
    """Tell what is wrong with a run; the exit code."""
    from harness.data.runs import check as run_check

    problems = run_check.examine(run)
    for problem in problems:
        echo(str(problem))
    if not problems:
        echo(f"{shown(run)} is whole")
    return 1 if problems else 0
