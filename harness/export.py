"""Export a run: its tables as CSV or Parquet files, or all of it to an MLflow server."""

from __future__ import annotations

import getpass
import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from harness import __version__
from harness.api import Evaluation
from harness.document import markdown
from harness.document.format import guard_formula
from harness.errors import HarnessError, MissingDependencyError, UsageError, first_line
from harness.files import show, write_bytes, write_text
from harness.records import System
from harness.report import document
from harness.signature import kind_of

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from pandas import DataFrame

_PLACE = ["system", "article_id", "sample"]
_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",  # the default keeps retrying for four minutes if a server is down
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
"""Environment variables to set for MLflow's client, unless the user has set them."""
_LONGEST_PARAM, _LONGEST_TAG = 6000, 5000
"""MLflow's limits on the characters of a parameter and of a tag."""


def make_tables(run: Evaluation) -> dict[str, DataFrame]:
    """Return the tables by name; ``summaries`` also has a column for each metric."""
    names = [metric.name for metric in run.results.metrics]
    wide = run.scores.pivot(index=_PLACE, columns="metric", values="value").reindex(columns=names).reset_index()
    summaries = run.summaries.merge(wide, how="left", on=_PLACE, suffixes=("", "_score"))
    return {"summaries": summaries, **{name: getattr(run, name) for name in ("claims", "facts", "scores", "metrics")}}


def write_tables(run: Evaluation, folder: Path, form: Literal["csv", "parquet"]) -> list[Path]:
    """Write each table to ``FOLDER/NAME.csv`` or ``.parquet``, over older files, and return the paths.

    In CSV, an apostrophe precedes text that a spreadsheet would take for a formula; Parquet keeps the text unchanged.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{show(folder)} is a file; name a folder")
    written = {folder / f"{name}.{form}": table for name, table in make_tables(run).items()}
    folder.mkdir(parents=True, exist_ok=True)
    for path, table in written.items():
        if form == "csv":
            write_text(path, table.map(guard_formula).to_csv(index=False, lineterminator="\r\n"))  # quotes a lone "\r"
        else:
            write_bytes(path, table.to_parquet(index=False))
    return list(written)


def log_to_mlflow(run: Evaluation, server: str | None, experiment: str) -> str:
    """Log a run to an MLflow server, and return the address of its page there.

    The MLflow run has the report, the manifest and the tables; its description is the start of the report. Each
    system becomes a child run with its parameters, mean scores and intervals. ``server`` is a tracking URI (default:
    MLFLOW_TRACKING_URI). Raises HarnessError if the server cannot be reached or refuses the run.
    """
    try:
        from mlflow import MlflowClient
    except ImportError as error:
        raise MissingDependencyError(
            "logging to MLflow needs the package mlflow: pip install 'fact-harness[mlflow]'"
        ) from error
    address = server or os.environ.get("MLFLOW_TRACKING_URI")
    if not address:
        raise UsageError("name the MLflow server: --server http://127.0.0.1:5000, or set MLFLOW_TRACKING_URI")
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    with _explain_failures(address):
        client = MlflowClient(address)
        known = client.get_experiment_by_name(experiment)
        experiment_id = str(known.experiment_id if known else client.create_experiment(experiment))
        _title, _, overview = markdown.render(document.build_overview(run.results)).partition("\n")
        note = {"mlflow.note.content": overview.lstrip()[:_LONGEST_TAG]}
        with _mlflow_run(client, experiment_id, run.results.manifest.name, note) as run_id:
            _log_values(client, run_id, _describe_run(run))
            for system in run.results.manifest.systems:
                with _mlflow_run(client, experiment_id, system.name, {"mlflow.parentRunId": run_id}) as child:
                    _log_values(client, child, _describe_system(run, system), _measure_system(run, system))
            for name, table in make_tables(run).items():
                client.log_table(run_id, table, f"{name}.json")
            with TemporaryDirectory() as folder:
                client.log_artifact(run_id, str(run.report(Path(folder, "report.html"))))
            client.log_artifact(run_id, str(run.folder / "manifest.json"))
    return f"{address.rstrip('/')}/#/experiments/{experiment_id}/runs/{run_id}"


@contextmanager
def _explain_failures(address: str) -> Iterator[None]:
    """Raise errors of MLflow and of the network as HarnessError."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, OSError) as error:
        cause: BaseException = error
        while deeper := cause.__cause__ or cause.__context__:  # MLflow's own message shows passwords in addresses
            cause = deeper
        server = re.sub(r"//[^@/]*@", "//…@", address)
        if isinstance(cause, OSError):
            advice = "start it (mlflow server --port 5000), or correct --server"
            failure = f"the MLflow server at {server} cannot be reached ({first_line(cause)})"
            raise HarnessError(f"{failure}; {advice}") from None
        raise HarnessError(f"the MLflow server at {server} refused the run: {first_line(error)}") from None


@contextmanager
def _mlflow_run(client: MlflowClient, experiment_id: str, name: str, tags: Mapping[str, str]) -> Iterator[str]:
    """Start an MLflow run and yield its id; end the run as finished or, after an error, as failed."""
    tags = {"mlflow.source.name": f"harness {__version__}", "mlflow.source.type": "LOCAL", **tags}
    with suppress(OSError, KeyError, ImportError):  # a container's user may have no name
        tags["mlflow.user"] = getpass.getuser()
    run_id = str(client.create_run(experiment_id, run_name=name, tags=tags).info.run_id)
    try:
        yield run_id
    except BaseException:
        with suppress(Exception):  # the first error is the one to show
            client.set_terminated(run_id, "FAILED")
        raise
    client.set_terminated(run_id)


def _log_values(
    client: MlflowClient, run_id: str, params: Mapping[str, object], metrics: Mapping[str, float] | None = None
) -> None:
    from mlflow.entities import Metric, Param

    now = int(time.time() * 1000)
    client.log_batch(
        run_id,
        metrics=[Metric(name, value, now, 0) for name, value in (metrics or {}).items()],
        params=[Param(name, str(value)[:_LONGEST_PARAM]) for name, value in params.items()],
    )


def _describe_run(run: Evaluation) -> dict[str, object]:
    manifest = run.results.manifest
    return {
        "harness": __version__,
        **({"config": manifest.config_file} if manifest.config_file else {}),
        "verifier": kind_of(manifest.verifier),
        "scorers": ", ".join(manifest.scorers),
        "seed": manifest.seed,
        "articles": len(manifest.articles),
        "facts": sum(len(item.facts) for item in run.results.items),
    }


def _describe_system(run: Evaluation, system: System) -> dict[str, object]:
    details = {name: getattr(system, name) for name in ("model", "kind", "prompt", "variant", "role", "signature")}
    weights = run.results.manifest.models.get(system.model, {})
    return {name: value for name, value in {**details, **weights}.items() if value}


def _measure_system(run: Evaluation, system: System) -> dict[str, float]:
    """Return each metric's mean, the ends of its 95% interval, and the number of articles without a value.

    Unknown values and counts of 0 are left out, because MLflow draws a chart for each number.
    """
    values = {}
    for row in run.metrics[run.metrics.system == system.name].to_dict("records"):
        values[row["metric"]] = row["mean"]
        values |= {f"{row['metric']}_{name}": row[name] for name in ("low", "high")}
        if row["missing"]:
            values[f"{row['metric']}_missing"] = row["missing"]
    return {name: float(value) for name, value in values.items() if not math.isnan(value)}
