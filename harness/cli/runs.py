"""``harness run``, ``score``, ``export``, ``ls`` and ``view``: make, rescore, export, list and show runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from harness import progress
from harness.cli.options import PATH, override_option, quiet_option, run_options, set_option, trust_option
from harness.cli.output import echo, print_document, warn_of_stale_runs
from harness.document.format import join_words, plural
from harness.errors import HarnessError, UsageError
from harness.files import as_argument, show

if TYPE_CHECKING:
    from harness.data.runs.results import RunFolder
    from harness.document.blocks import Cell, Notes
    from harness.pipeline import Outcome
    from harness.records import Results
    from harness.seams import Verifier

RESULTS = Path("results")

engine_option = override_option(
    "--engine", inside="kind", type=click.Choice(["local", "ray"]),
    help="Where to run: on this machine (default), or on a Ray cluster.",
)  # fmt: skip  # more compact
silent_option = quiet_option("Show no progress and no table, only problems.")
missing_option = click.option(
    "--max-missing", type=click.FloatRange(0, 1), default=0.2, show_default=True, metavar="SHARE",
    help="Fail if more than this share of the verdicts is missing.",
)  # fmt: skip  # more compact


@click.command()
@click.argument("config", type=PATH)
@set_option()
@run_options
@override_option("--labels", metavar="FILE|none", help='File of human labels, or "none" to ignore all labels.')
@engine_option
@override_option(
    "--suggest-facts", key="facts", inside="suggest", type=click.IntRange(1), metavar="N",
    help="Before running, suggest up to N facts for each article that has none (marked as unreviewed).",
)  # fmt: skip  # more compact
@click.option("--no-cache", is_flag=True, help="Ignore the cache, and recompute a finished run.")
@missing_option
@silent_option
def run(config: Path, overrides: list[str], no_cache: bool, max_missing: float) -> None:
    """Generate, verify and score summaries as set out in CONFIG, then write the report.

    A stopped run resumes where it left off. Summaries and verdicts of earlier runs come from the cache.

    Exit code 0: done; 1: something failed, and the report says what; 2: the command, config or data is wrong; 130:
    stopped by Ctrl-C.
    """
    from harness import config as configs
    from harness import pipeline

    loaded = configs.load(config, overrides)
    for warning in configs.list_warnings(loaded):
        echo(f"warning: {warning}", err=True)
    sys.exit(_show_outcome(pipeline.run(loaded, use_cache=not no_cache), max_missing))


@click.command()
@click.argument("runs", nargs=-1, metavar="[RUN]...", type=PATH)
@click.option("--stale", is_flag=True, help="Score only the stale runs among RUN... (default: among all in results/).")
@click.option("--config", type=PATH, help="Take verifier, scorers, labels and articles from this config.")
@set_option("Override verifier, scorers, labels or articles, e.g. verifier.threshold=.6 (repeatable).")
@engine_option
@trust_option("runs")
@missing_option
@silent_option
def score(runs: tuple[Path, ...], stale: bool, config: Path | None, overrides: list[str], max_missing: float) -> None:
    """Verify and score each RUN's stored summaries again, after facts, references or scorers have changed.

    harness loads no summariser, and verifies only the pairs that a change affects. A run is stale if its articles,
    facts, references, labels, verifier or scorers have changed since it was scored, or if its scoring was stopped.
    """
    from harness import pipeline

    if stale:
        if config or any(not each.startswith("engine=") for each in overrides):
            raise UsageError(
                "--stale scores each run with its own config; drop --config and --set, or name the run without --stale"
            )
        sys.exit(_score_stale(runs, overrides, max_missing))
    if not runs:
        raise UsageError("name a run to score, e.g. results/base; --stale scores every stale run")
    code = 0
    for path in runs:
        outcome = pipeline.score(path, config, overrides)
        code = max(code, _show_outcome(outcome, max_missing))
        if outcome.was_stopped:
            break
    sys.exit(code)


def _score_stale(runs: Sequence[Path], overrides: Sequence[str], max_missing: float) -> int:
    """Score the stale runs, even if one of them fails. Print a line for each run, and return the exit code."""
    from harness import pipeline
    from harness import stale as staleness
    from harness.data.runs import results
    from harness.data.runs.results import RunFolder

    verifiers: dict[str, Verifier] = {}
    code, found = 0, False
    for folder in [RunFolder(run) for run in runs] or results.list_runs(RESULTS):
        name = show(folder.path)
        try:
            changes, _ = staleness.find_changes(folder)
            if not changes:
                continue
            outcome = pipeline.score(folder.path, None, overrides, verifiers)
        except HarnessError as error:
            code, found = max(code, 1), True
            for problem in str(error).splitlines():
                _complain(problem, name)
            continue
        found = True
        if not (outcome.was_stopped or progress.quiet):
            echo(f"{name}: scored again; changed: {', '.join(changes)}")
        code = max(code, _show_outcome(outcome, max_missing, name))
        if outcome.was_stopped:
            break
    if not (found or progress.quiet):
        echo("no run is stale")
    return code


def _show_outcome(outcome: Outcome, max_missing: float, name: str = "") -> int:
    """Print the tables, the path of the report and the problems; return the exit code.

    With ``name``, the run's name, print only the problems, each with this name.
    """
    from harness.data.runs.results import format_rerun_command
    from harness.report import document
    from harness.report.index import Index
    from harness.report.report import build_report
    from harness.stages.generate import count_unmade

    manifest = outcome.results.manifest
    index = Index(outcome.results)
    missing = [check.verdict.abstained and index.own(check) is None for check in outcome.results.checks]
    too_many_missing = sum(missing) > max_missing * len(missing)
    if too_many_missing:
        _complain(
            f"{sum(missing):,} of {plural(len(missing), 'verdict')} are missing, more than the allowed "
            f"{max_missing:.0%} (--max-missing). Do not rely on the scores. The report gives the reasons",
            name,
        )
    if not (name or progress.quiet):
        print_document(document.build_overview(outcome.results))
        echo(f"\nreport: {show(outcome.report)}")
        for scorer, usage in manifest.judging.items():
            echo(f"{scorer}: {usage}")
    if outcome.set_aside:
        moved = f"{plural(outcome.set_aside, 'summary')} of an earlier run to {show(outcome.folder / 'superseded')}"
        _complain(f"moved {moved}, because this run does not use {'it' if outcome.set_aside == 1 else 'them'}", name)
    for notice in manifest.notices:
        _complain(notice, name, "warning")
    labels_file = outcome.results.labels_file
    if labels_file and outcome.results.labels and not build_report(outcome.results).counts.people:
        _complain(f"{labels_file}: none of its labels is for a fact or claim of this run", name, "warning")
    is_complete = manifest.status == "complete"
    problems = manifest.problems or (_find_silent_systems(outcome.results) if is_complete else ())
    for problem in problems:
        _complain(problem, name)
    if outcome.was_stopped:
        echo("harness: stopped; run the same command again to resume", err=True)
        return 130
    if not is_complete:
        count = count_unmade(manifest, outcome.results.summaries)
        left = f"{plural(count, 'summary')} still to generate" if count else "the run was killed before it ended"
        _complain(f"{left}; to finish the run: {format_rerun_command(manifest, outcome.folder)}", name)
    return 1 if too_many_missing or problems or not is_complete else 0


def _complain(message: str, name: str, kind: str = "harness") -> None:
    """Print a problem to standard error, preceded by the run's name unless the message starts with it."""
    echo(f"{kind}: {message}" if message.startswith(name) else f"{kind}: {name}: {message}", err=True)


def _find_silent_systems(results: Results) -> tuple[str, ...]:
    wrote = {summary.system for summary in results.summaries if summary.text is not None}
    silent = [each.name for each in results.manifest.systems if each.role == "system" and each.name not in wrote]
    return (f"{join_words(silent)}: no summary has text; the report gives the reasons",) if silent else ()


@click.command()
@click.argument("run", type=PATH)
@click.option("--to", "form", required=True, type=click.Choice(["csv", "parquet", "mlflow"]), help="The format.")
@click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Folder to write to (default: RUN/export).")
@click.option("--server", metavar="URI", help="The MLflow server (default: $MLFLOW_TRACKING_URI).")
@click.option("--experiment", default="harness", show_default=True, metavar="NAME", help="The experiment in MLflow.")
@trust_option("run")
def export(
    run: Path, form: Literal["csv", "parquet", "mlflow"], output: Path | None, server: str | None, experiment: str
) -> None:
    """Write RUN as tables: summaries, claims, facts, scores, and each system's metrics.

    With --to mlflow, log the tables and the report to an MLflow server, with a child run for each system.
    """
    from harness import api
    from harness import export as exporting

    if form == "mlflow" and output is not None:
        raise UsageError("--to mlflow writes no files; drop -o, or name the server with --server")
    if form != "mlflow" and server is not None:
        raise UsageError(f"--to {form} needs no server; drop --server, or use --to mlflow")
    loaded = api.open_run(run)
    warn_of_stale_runs([run])
    if form == "mlflow":
        echo(exporting.log_to_mlflow(loaded, server, experiment))
        return
    for path in exporting.write_tables(loaded, output or run / "export", form):
        echo(show(path))


@click.command()
@click.argument("folder", type=PATH, default=RESULTS)
def ls(folder: Path) -> None:
    """List the runs in FOLDER (default: results), and say why a run is stale."""
    from harness.data.runs import results
    from harness.document.blocks import Document, Notes, Table

    if (folder / "manifest.json").is_file():
        raise UsageError(f"{show(folder)} is a run; list its parent folder: harness ls {as_argument(folder.parent)}")
    if not folder.is_dir() and folder != RESULTS:
        raise UsageError(f"{show(folder)} is not a folder; name one that contains runs")
    runs = results.list_runs(folder)
    if not runs:
        echo(f"no runs in {show(folder)}; make one: harness run configs/base.yaml")
        return
    heads, notes = ("Run", "Status", "Started", "Systems", "Articles", "Verifier"), Notes()
    rows = [_describe_run(run, notes) for run in runs]
    caption = "harness score --stale scores stale runs again (by default, those in results/)." if notes.texts else ""
    table = Table.of(heads, rows, caption=caption, notes=notes.texts, left=frozenset({0, 1, 2, 5}))
    print_document(Document(f"Runs in {show(folder)}", blocks=(table,)))


def _describe_run(run: RunFolder, notes: Notes) -> tuple[str | Cell, ...]:
    """Return the cells of the run's row: name, status or error, start, systems, articles and verifier."""
    from harness import stale
    from harness.data.runs.results import find_status
    from harness.document.blocks import Cell
    from harness.signature import kind_of

    try:
        manifest = run.manifest
    except HarnessError as error:
        return run.path.name, f"cannot be read: {error}", "", "", "", ""
    status = Cell(find_status(manifest, run.path))
    if changes := stale.list_changes(run):
        note = notes.mark(f"changed since it was scored: {', '.join(changes)}")
        status = Cell(f"{status.text}, stale", note=note)
    started = manifest.started.replace("T", " ")[:16]
    counts = str(len(manifest.systems)), str(len(manifest.articles))
    return run.path.name, status, started, *counts, kind_of(manifest.verifier)


@click.command()
@click.argument("results", type=PATH, default=RESULTS)
@click.option(
    "--references", multiple=True, type=PATH, default=["references"], show_default=True,
    help="A folder with articles, in addition to those that the runs name (repeatable).",
)  # fmt: skip  # more compact
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="N",
    help="Port to listen on (default: 8421, or any free port if that is taken).",
)  # fmt: skip  # more compact
@click.option("--host", metavar="ADDRESS", help="Listen on this address, not 127.0.0.1, so other machines can connect.")
def view(results: Path, references: tuple[Path, ...], port: int | None, host: str | None) -> None:
    """Show the runs in RESULTS (default: results), articles and facts in the browser, until you press Ctrl-C.

    RESULTS may also be one run. Open the printed address; it includes a login token that the pages require. Without
    --host, only this machine can connect.
    """
    from harness.view import serve

    serve.serve(results, references, port, host)
