"""What ``harness doctor`` found, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.doctor import Finding
from harness.document.plain import plain


def show(findings: Sequence[Finding], console: Console) -> None:
    """A row a finding; what to do stands under the table. Names of paths and packages are shown, never obeyed."""
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
