"""``harness score RUN``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.cli.options import engine_options, engine_override, set_option, trust_option, trusted


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="Take verifier and scorers from this config.")
@set_option
@engine_options
@trust_option
@click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only what went wrong.")
def command(
    run: Path, config: Path | None, overrides: tuple[str, ...], trust: bool, quiet: bool, **spread: str | None
) -> None:
    """Judge and score the stored summaries of RUN again, after facts, references or scorers changed.

    Loads no summariser. Only facts that are new or were changed are judged anew.
    """
    from harness import pipeline, progress
    from harness.cli.outcome import show

    progress.quiet = quiet
    trusted([run], trust)
    sys.exit(show(pipeline.score(run, config, [*overrides, *engine_override(**spread)]), quiet))
