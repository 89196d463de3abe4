"""``harness score RUN…`` and ``harness score --stale``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.echo import echo
from harness.cli.options import PATH, engine_options, engine_override, silent_option, trust_option, trusted
from harness.errors import HarnessError, UsageError
from harness.files import show as shown

if TYPE_CHECKING:
    from harness.seams import Verifier

_FOLDER = Path("results")


@click.command()
@click.argument("runs", nargs=-1, metavar="[RUN]...", type=PATH)
@click.option("--stale", is_flag=True, help="Score only those runs (default: of results/) that are stale.")
@click.option("--config", type=PATH, help="Take verifier, scorers, labels and articles from this config.")
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE",
    help="Override a key of verifier, scorers, labels or articles, as verifier.threshold=.6; as often as needed.",
)  # fmt: skip  # one option
@engine_options
@trust_option
@silent_option
def command(
    runs: tuple[Path, ...], stale: bool, config: Path | None, overrides: tuple[str, ...], engine: str | None,
    address: str | None, trust: bool, quiet: bool,
) -> None:  # fmt: skip  # one signature
    """Judge and score the stored summaries of each RUN again, after facts, references or scorers changed.

    No summariser is loaded, and only new or changed facts are judged again, with claims near them. A run is stale if
    facts, references, labels, an article's date or language, its verifier or its scorers have changed since it was
    scored.
    """
    from harness import pipeline, progress
    from harness.cli.outcome import show

    progress.quiet = quiet
    trusted(runs, trust)
    spread = engine_override(engine, address)
    if stale and (config or overrides):
        raise UsageError(
            "--stale scores each run by its own config; leave out --config and --set, or name the run alone"
        )
    if trust and not runs:
        raise UsageError("--trust is for runs that are named; name them, as in --stale --trust results/base")
    if not runs and not stale:
        raise UsageError("name a run to score, as results/base; --stale scores every run that is stale")
    if stale:
        sys.exit(_score_stale(runs, spread, quiet))
    code = 0
    for run in runs:
        outcome = pipeline.score(run, config, [*overrides, *spread])
        code = max(code, show(outcome, quiet))
        if outcome.was_stopped:
            break
    sys.exit(code)


def _score_stale(runs: Sequence[Path], overrides: Sequence[str], quiet: bool) -> int:
    """Score the stale ones of the runs, a line each; the exit code. One that cannot be scored stops no other."""
    from harness import pipeline
    from harness import stale as staleness
    from harness.cli.outcome import show
    from harness.data.runs import results
    from harness.data.runs.results import RunFolder

    loaded: dict[str, Verifier] = {}
    done, failed = 0, 0
    for folder in [RunFolder(run) for run in runs] or results.runs(_FOLDER):
        name = shown(folder.path)
        try:
            changes = staleness.of(folder)
            if not changes:
                continue
            outcome = pipeline.score(folder.path, None, overrides, loaded)
            if outcome.was_stopped:
                return show(outcome, True)
            problems = outcome.results.manifest.problems
        except HarnessError as error:
            problems = tuple(str(error).splitlines())
        else:
            done += 1
            if not quiet:
                echo(f"{name}: scored again; what changed: {', '.join(map(str, changes))}")
        for problem in problems:
            echo(f"harness: {name}: {problem}", err=True)
        failed += bool(problems)
    if not done and not failed and not quiet:
        echo("no run is stale")
    return 1 if failed else 0
