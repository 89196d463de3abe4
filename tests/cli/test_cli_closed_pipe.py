"""A command writes its files even if the reader of its output stops early, as ``head`` does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest
from stored_runs import Plan, write

pytestmark = pytest.mark.slow  # every command is started in a process of its own

PLAN = Plan({"lead": {"fact_recall": [0.5, 0.6]}, "oracle": {"fact_recall": [0.8, 0.9]}})
EDIT = {"premise": "It closes on Monday.", "supported": "It closes on Monday.", "contradicted": "It opens on Friday."}
ROW = {"premise": "The town is old. It has a bridge.", "hypothesis": "The town is old.", "label": "supported"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs and some labels, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        write(tmp_path / name, PLAN)
    Path("edits.jsonl").write_text("".join(json.dumps({**EDIT, "group": f"g{at}"}) + "\n" for at in range(10)))
    labels = [{**ROW, "group": f"g{at}", "label": ("supported", "absent")[at % 2]} for at in range(40)]
    Path("labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labels))
    Path("articles.jsonl").write_text(json.dumps({"id": "a", "text": "It rained in Hull.", "reference": "It rained."}))
    Path("config.yaml").write_text(
        "articles: articles.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\nscorers: [length]\n"
    )
    return tmp_path


def closed_pipe() -> IO[str]:
    """The writing end of a pipe that nobody reads."""
    read, written = os.pipe()
    os.close(read)
    return os.fdopen(written, "w")


@pytest.mark.parametrize(
    "command",
    [
        "compare old new -o c.md -o c.html -o c.json",
        "gate new --against old --junit gate.xml --markdown gate.md",
        "meta-eval edits.jsonl --verifier lexical -q -o report.md -o report.json",
        "calibrate labels.jsonl --verifier lexical -q -o lexical.json",
        "selftest config.yaml -q -o selftest.md",
        "run config.yaml -o results",
    ],
)
def test_files_are_complete_after_a_closed_pipe(folder: Path, command: str) -> None:
    words = command.split()
    with closed_pipe() as closed:
        arguments = [sys.executable, "-m", "harness", *words]
        done = subprocess.run(arguments, stdout=closed, stderr=subprocess.PIPE, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stderr
    files = [after for word, after in pairwise(words) if word in ("-o", "--junit", "--markdown")]
    for file in ["results/report.md", "results/report.html"] if files == ["results"] else files:
        assert (folder / file).stat().st_size


def test_closed_pipe_does_not_hide_a_regression(folder: Path) -> None:
    write(folder / "worse", Plan({"lead": {"fact_recall": [0.5, None]}, "oracle": {"fact_recall": [0.8, 0.9]}}))
    with closed_pipe() as closed:
        command = [sys.executable, "-m", "harness", "gate", "worse", "--against", "old"]
        assert subprocess.run(command, stdout=closed, timeout=300, check=False).returncode == 100
