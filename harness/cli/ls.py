"""``harness ls``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from harness.data.runs.results import RunFolder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="results")
def command(folder: Path) -> None:
    """List the runs in FOLDER (default: results)."""
    from harness.cli.console import Console
    from harness.data.runs import results

    show(folder, results.runs(folder), Console())


def show(folder: Path, runs: Sequence[RunFolder], console: Console) -> None:
    """A row a run; a run that cannot be read is a row that says why."""
    from rich.table import Table
    from rich.text import Text

    from harness.document.plain import plain
    from harness.files import show as shown

    if not runs:
        console.print(Text(plain(f"no run in {shown(folder)}; make one: harness run configs/base.yaml")))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("run", "status", "started", "systems", "articles", "verifier"):
        table.add_column(heading, justify="right" if heading in ("systems", "articles") else "left")
    for run in runs:
        table.add_row(*(Text(plain(cell)) for cell in _row(run)))
    console.print(table)


def _row(run: RunFolder) -> tuple[str, ...]:
    from harness.data.runs.results import interrupted
    from harness.errors import HarnessError
    from harness.signature import kind_of

    try:
        manifest = run.manifest
    except HarnessError as error:
        return run.path.name, f"cannot be read: {error}", "", "", "", ""
    status = "interrupted" if interrupted(manifest, run.path) else manifest.status
    started = manifest.started.replace("T", " ")[:16]
    verifier = kind_of(manifest.verifier)
    return run.path.name, status, started, str(len(manifest.systems)), str(len(manifest.articles)), verifier
