"""``harness ls``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="results")
def command(folder: Path) -> None:
    """List the runs in FOLDER (default: results)."""
    from rich.console import Console

    from harness.data import results
    from harness.reports import runs_table

    runs_table.show(folder, results.runs(folder), Console())
