"""``harness run CONFIG``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.cli.echo import echo
from harness.cli.options import all_overrides, engine_options, engine_override, narrowing, set_option


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@set_option
@narrowing
@engine_options
@click.option("--no-cache", is_flag=True, help="Use no cache; a finished run is computed anew.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no table: only what went wrong.")
def command(config: Path, overrides: tuple[str, ...], no_cache: bool, quiet: bool, **narrowed: Any) -> None:
    """Generate summaries, verify their facts, score them and write the report, as CONFIG says.

    What an earlier try made is kept, and what any run made is taken from the cache: run it again and it goes on.
    Exit code 0: done; 1: something failed, and the report says what; 2: the config or the data must change.
    """
    from harness import config as configs
    from harness import pipeline, progress
    from harness.cli.outcome import show

    progress.quiet = quiet
    spread = engine_override(narrowed.pop("engine"), narrowed.pop("address"))
    checked = configs.load(config, [*all_overrides(overrides, **narrowed), *spread])
    for warning in configs.warnings(checked):
        echo(f"warning: {warning}", err=True)
    outcome = pipeline.run(checked, use_cache=not no_cache)
    sys.exit(show(outcome, quiet))
