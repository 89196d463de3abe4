"""Runs as tables in files, and in a real MLflow server on loopback."""

from __future__ import annotations

import getpass
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pandas as pd
import pytest
import stored_runs
from command_line import harness as run_command
from resources import install_apart, run_server

import harness
from harness import api
from harness.records import Label
from harness.signature import digest

RECALL = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, None]
"""The mean of the nine values is 0.5."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Ten articles and two systems; bart has no summary of the last one."""
    kept: list[Label | None] = ["supported"] * 9
    kept.append(None)
    ids = [f"a{number:02}" for number in range(10)]
    plan = stored_runs.Plan(
        {"bart": {"fact_recall": RECALL}, "lead": {"fact_recall": [0.5] * 10}},
        labels={"bart": {"main": kept}},
        texts={"bart": ["=1+1 is what the mayor said.", "One.\rTwo.", *["A summary."] * 7, None]},
        claims={"bart": ["contradicted"] * 9},
    )
    hashes = {name: digest(f"The text of {name}.", "") for name in ids}
    return stored_runs.write(tmp_path / "run", plan, articles=hashes)


def test_csv_has_a_row_for_each_summary_claim_and_fact(run: Path) -> None:
    assert run_command("export", run, "--to", "csv").exit_code == 0
    summaries, claims, facts = (pd.read_csv(run / f"export/{name}.csv") for name in ("summaries", "claims", "facts"))
    assert (len(summaries), len(claims), len(facts)) == (20, 9, 9)
    last = summaries[(summaries.system == "bart") & (summaries.article_id == "a09")].iloc[0]
    assert pd.isna(last.text)
    assert last.reason == "refused"
    assert summaries[summaries.system == "bart"].fact_recall.dropna().tolist() == RECALL[:9]
    assert set(claims.label) == {"contradicted"}
    assert set(facts.importance) == {"essential"}


def test_csv_escapes_formulas_and_parquet_keeps_text(run: Path, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        assert run_command("export", run, "--to", form, "-o", tmp_path / "out").exit_code == 0
    written = pd.read_csv(tmp_path / "out/summaries.csv").text
    assert (written[0], written[2]) == ("'=1+1 is what the mayor said.", "One.\rTwo.")
    frame = pd.read_parquet(tmp_path / "out/summaries.parquet")
    assert frame.text[0] == "=1+1 is what the mayor said."
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out/claims.parquet"), api.open_run(run).claims)


def test_metrics_are_means_with_intervals_and_counts(run: Path) -> None:
    metrics = api.open_run(run).metrics.set_index(["system", "metric"])
    bart, lead = metrics.loc[("bart", "fact_recall")], metrics.loc[("lead", "fact_recall")]
    assert bart["mean"] == pytest.approx(0.5)
    assert 0.2 < bart["low"] < 0.4 < 0.6 < bart["high"] < 0.8
    assert (bart["articles"], bart["missing"]) == (9, 1)
    assert pd.isna(lead["low"])
    assert "have the same value" in lead["reason"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--to", "csv", "--server", "http://127.0.0.1:1"], "--to csv needs no server"),
        (["--to", "mlflow", "-o", "out"], "--to mlflow writes no files"),
        (["--to", "mlflow"], "pip install 'fact-harness[mlflow]'"),
        (["--to", "csv", "-o", "run/manifest.json"], "manifest.json is a file; name a folder"),
    ],
)
def test_bad_export_says_what_to_do(run: Path, words: list[str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    monkeypatch.setitem(sys.modules, "mlflow", None)
    done = run_command("export", "run", *words)
    assert done.exit_code in (1, 2)
    assert message in done.output


@pytest.fixture
def mlflow(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a running server, and the environment of its client."""
    environment = install_apart("mlflow==3.17.2", pytestconfig)
    stores = f"--backend-store-uri sqlite:///{tmp_path}/mlflow.db --artifacts-destination {tmp_path}/kept"
    command = [sys.executable, "-m", "mlflow", "server", "--workers", "1", *stores.split()]
    with run_server(command, "/health", environment) as address:
        yield address, environment


def ask(address: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{address}{path}", data, {"Content-Type": "application/json"}), timeout=60) as answer:  # noqa: S310
        return json.loads(answer.read())


def by_key(run: dict[str, Any], kind: str) -> dict[str, Any]:
    return {each["key"]: each["value"] for each in run["data"][kind]}


@pytest.mark.slow
def test_mlflow_server_has_params_metrics_tables_and_report(run: Path, mlflow: tuple[str, dict[str, str]]) -> None:
    address, environment = mlflow

    def export(server: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "harness", "export", str(run), "--to", "mlflow", "--server", server]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    done = export(address)
    assert done.returncode == 0, done.stderr
    *_, experiment, _, run_id = done.stdout.strip().split("/")
    found = ask(address, "/api/2.0/mlflow/runs/search", {"experiment_ids": [experiment]})["runs"]
    runs = {each["info"]["run_name"]: each for each in found}
    assert set(runs) == {"run", "bart", "lead"}
    assert {each["info"]["status"] for each in found} == {"FINISHED"}
    assert by_key(runs["bart"], "params")["model"] == "bart"
    assert by_key(runs["bart"], "tags")["mlflow.parentRunId"] == run_id
    metrics = by_key(runs["bart"], "metrics")
    assert metrics["fact_recall"] == pytest.approx(0.5)
    assert 0.2 < metrics["fact_recall_low"] < 0.4
    assert metrics["fact_recall_missing"] == 1
    assert "fact_recall_missing" not in by_key(runs["lead"], "metrics")
    tags = by_key(runs["run"], "tags")
    assert "## Leaderboard\n\n| System |" in tags["mlflow.note.content"]
    assert (tags["mlflow.user"], tags["mlflow.source.name"]) == (getpass.getuser(), f"harness {harness.__version__}")
    files = {each["path"] for each in ask(address, f"/api/2.0/mlflow/artifacts/list?run_id={run_id}")["files"]}
    tables = {"summaries.json", "claims.json", "facts.json", "scores.json", "metrics.json"}
    assert files == {*tables, "report.html", "manifest.json"}
    table = ask(address, f"/get-artifact?run_uuid={run_id}&path=claims.json")
    assert (len(table["data"]), "label" in table["columns"]) == (9, True)

    down = export("http://127.0.0.1:9")
    assert down.returncode == 1
    assert "cannot be reached ([Errno 111] Connection refused); start it (mlflow server" in down.stderr
