"""``harness ls``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default="results")
def command(folder: Path) -> None:
    """List the runs in FOLDER (default: results)."""
    from harness.cli.console import Console
    from harness.cli.tables import runs as runs_table
    from harness.data.runs import results

    runs_table.show(folder, results.runs(folder), Console())
