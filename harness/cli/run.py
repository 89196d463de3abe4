"""``harness run CONFIG``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.echo import echo
from harness.cli.options import (
    PATH,
    all_overrides,
    engine_options,
    engine_override,
    narrowing,
    set_option,
    silent_option,
)
from harness.document.format import plural

if TYPE_CHECKING:
    from harness.config import RunConfig

_SUGGEST = "First write at most N suggested facts, marked as unreviewed, for each article that has none."


@click.command()
@click.argument("config", type=PATH)
@set_option
@narrowing
@engine_options
@click.option("--suggest-facts", type=click.IntRange(1), metavar="N", help=_SUGGEST)
@click.option("--no-cache", is_flag=True, help="Use no cache; a finished run is computed anew.")
@silent_option
def command(
    config: Path, overrides: tuple[str, ...], limit: int | None, only: tuple[str, ...], seed: int | None,
    output: str | None, engine: str | None, address: str | None, suggest_facts: int | None, no_cache: bool, quiet: bool,
) -> None:  # fmt: skip  # one signature
    """Generate summaries, verify their facts, score them and write the report, as CONFIG says.

    A run that was stopped goes on where it stopped, and what any run made before comes from the cache.
    Exit code 0: done; 1: something failed, and the report says what; 2: the config or the data must change.
    """
    from harness import config as configs
    from harness import pipeline, progress
    from harness.cli.outcome import show

    progress.quiet = quiet
    narrowed = all_overrides(overrides, limit=limit, only=only, seed=seed, output=output)
    checked = configs.load(config, [*narrowed, *engine_override(engine, address)])
    for warning in configs.list_warnings(checked):
        echo(f"warning: {warning}", err=True)
    if suggest_facts:
        _suggest(checked, suggest_facts)
    outcome = pipeline.run(checked, use_cache=not no_cache)
    sys.exit(show(outcome, quiet))


def _suggest(config: RunConfig, limit: int) -> None:
    """Write suggested facts for the articles that have none, and say so."""
    from harness import pipeline, plugins, progress
    from harness.seams import Verifier
    from harness.suggest import unreviewed

    written = unreviewed.write(pipeline.plan(config).items, plugins.find(Verifier, "lexical")().verify, limit)
    if facts := sum(written.values()):
        progress.note(
            f"wrote {plural(facts, 'suggested fact')} for {plural(len(written), 'article')}; they count as unreviewed "
            "until somebody reviews them: harness view, then Review"
        )
