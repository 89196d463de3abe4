"""``harness ls``."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.options import PATH
from harness.document import format as fmt
from harness.document.plain import plain
from harness.errors import HarnessError, UsageError
from harness.files import show as shown

if TYPE_CHECKING:
    from rich.console import Console

    from harness.data.runs.results import RunFolder


@click.command()
@click.argument("folder", type=PATH, default="results")
def command(folder: Path) -> None:
    """List the runs in FOLDER (default: results)."""
    from harness.cli.console import Console
    from harness.data.runs import results

    if (folder / "manifest.json").is_file():
        raise UsageError(
            f"{shown(folder)} is a run; list the folder that it lies in: harness ls {shown(folder.parent)}"
        )
    if not folder.is_dir() and folder != Path("results"):
        raise UsageError(f"{shown(folder)} is no folder; name one that has runs in it")
    show(folder, results.runs(folder), Console())


def show(folder: Path, runs: Sequence[RunFolder], console: Console) -> None:
    """A row a run; a run that cannot be read is a row that says why."""
    from rich.table import Table
    from rich.text import Text

    from harness import stale

    if not runs:
        console.print(Text(plain(f"no run in {shown(folder)}; make one: harness run configs/base.yaml")))
        return
    looked_at = stale.glance(runs)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("run", "status", "started", "systems", "articles", "verifier"):
        table.add_column(heading, justify="right" if heading in ("systems", "articles") else "left")
    rows = {run.path: _row(run) for run in runs}
    for path, (name, status, *rest) in rows.items():
        mark = f"{status}, stale" if looked_at.get(path) else status
        table.add_row(*(Text(plain(cell)) for cell in (name, mark, *rest)))
    console.print(table)
    for path, changes in looked_at.items():
        if changes:
            console.print(
                Text(plain(f"{path.name} is stale. Changed since it was scored: {', '.join(map(str, changes))}"))
            )
    if is_stale := [shown(path) for path, changes in looked_at.items() if changes]:
        named = "" if folder == Path("results") else f" {shlex.join(is_stale)}"
        console.print(Text(plain(f"score again: harness score --stale{named}")))
    if left := [path.name for path, row in rows.items() if row[1] == "complete" and path not in looked_at]:
        console.print(Text(plain(f"not checked for changes, as that takes longer: {fmt.listed(left)}")))


def _row(run: RunFolder) -> tuple[str, ...]:
    from harness.data.runs.results import interrupted
    from harness.signature import kind_of

    try:
        manifest = run.manifest
    except HarnessError as error:
        return run.path.name, f"cannot be read: {error}", "", "", "", ""
    status = "interrupted" if interrupted(manifest, run.path) else manifest.status
    started = manifest.started.replace("T", " ")[:16]
    verifier = kind_of(manifest.verifier)
    return run.path.name, status, started, str(len(manifest.systems)), str(len(manifest.articles)), verifier
