"""``harness export``: a run as tables, or in MLflow."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from harness.cli.options import PATH, trust_option, trust_runs
from harness.cli.output import echo
from harness.errors import UsageError
from harness.files import show


@click.command()
@click.argument("run", type=PATH)
@click.option("--to", "form", required=True, type=click.Choice(["csv", "parquet", "mlflow"]), help="The format.")
@click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Folder of the files (default: RUN/export).")
@click.option("--server", metavar="URI", help="The MLflow server (default: MLFLOW_TRACKING_URI).")
@click.option("--experiment", default="harness", show_default=True, metavar="NAME", help="The experiment in MLflow.")
@trust_option
def export(
    run: Path, form: Literal["csv", "parquet", "mlflow"], output: Path | None, server: str | None, experiment: str,
    trust: bool,
) -> None:  # fmt: skip  # one signature
    """Write RUN as tables: a row for each summary, claim, fact, score, and metric of a system.

    With --to mlflow, log them to an MLflow server, with the report and a child run for each system.
    """
    from harness import api
    from harness import export as exporting
    from harness.compare import stored

    if form == "mlflow" and output is not None:
        raise UsageError("--to mlflow writes no files; drop -o, or name the server with --server")
    if form != "mlflow" and server is not None:
        raise UsageError(f"--to {form} needs no server; drop --server, or use --to mlflow")
    trust_runs([run], trust)
    stored.open_all([run])  # raises an error if the run is unfinished or not scored
    loaded = api.load_run(run)
    if form == "mlflow":
        echo(exporting.log_to_mlflow(loaded, server, experiment))
        return
    for path in exporting.write_tables(loaded, output or run / "export", form):
        echo(show(path))
