"""``harness compare`` and ``harness gate``: formats, exit codes, instructions instead of tracebacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import Result
from command_line import harness, list_imports
from stored_runs import Plan, write

from harness.records import Label

PLAN = Plan({"lead": {"fact_recall": [0.5, 0.6]}, "oracle": {"fact_recall": [0.8, 0.9]}})


def compare(*arguments: str | Path) -> Result:
    return harness("compare", *arguments)


def test_one_run_is_compared_by_system_in_the_terminal(tmp_path: Path) -> None:
    done = compare(write(tmp_path / "run", PLAN))
    assert done.exit_code == 0
    assert "oracle ranks first by Fact recall: 0.85." in done.stdout


def test_suffix_decides_the_format_of_a_file(tmp_path: Path) -> None:
    write(tmp_path / "old", PLAN)
    write(tmp_path / "new", PLAN)
    names = ("c.html", "c.md", "c.json")
    files = [argument for name in names for argument in ("-o", tmp_path / name)]
    done = compare(tmp_path / "old", tmp_path / "new", *files)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 3)
    assert (tmp_path / "c.html").read_text("utf-8").startswith("<!doctype html>")
    assert (tmp_path / "c.md").read_text("utf-8").startswith("### old → new\n")
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))["by"] == "run"


def test_output_follows_links_and_writes_to_pipes(tmp_path: Path) -> None:
    run = write(tmp_path / "run", PLAN)
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    (tmp_path / "real.md").write_text("old")
    os.mkfifo(tmp_path / "pipe.md")
    reading = [sys.executable, "-c", f"print(open({str(tmp_path / 'pipe.md')!r}).read(), end='')"]
    reader = subprocess.Popen(reading, stdout=subprocess.PIPE, text=True)
    assert compare(run, "-o", tmp_path / "link.md", "-o", tmp_path / "pipe.md").exit_code == 0
    assert (tmp_path / "link.md").is_symlink()
    assert reader.communicate()[0] == (tmp_path / "real.md").read_text("utf-8")


@pytest.mark.slow
def test_unencodable_characters_are_escaped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "harness", "compare", str(write(tmp_path / "run", PLAN))]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False)
    assert done.returncode == 0
    assert rb"Fact recall \u2191" in done.stdout


@pytest.mark.slow
def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    _, modules = list_imports("compare", str(write(tmp_path / "run", PLAN)))
    assert not modules & {"torch", "transformers", "datasets", "spacy", "evaluate", "nltk", "jinja2", "pandas"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("{run}", "{none}"), "there is no folder"), (("{run}", "-o", "{folder}/c.pdf"), "c.pdf ends in .pdf; use .md")],
)
def test_mistake_exits_2_with_one_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    run = write(tmp_path / "run", PLAN)
    done = compare(*(part.format(run=run, none=tmp_path / "none", folder=tmp_path) for part in arguments))
    assert done.exit_code == 2
    assert message in done.stderr


def plan(label: Label) -> Plan:
    return Plan({"lead": {"fact_recall": [0.5]}}, {"lead": {"main": [label]}})


def gate(folder: Path, label: Label, *options: str | Path) -> Result:
    """A run with this verdict on its one fact, against one that keeps it."""
    baseline, run = write(folder / "base", plan("supported")), write(folder / "new", plan(label))
    return harness("gate", run, "--against", baseline, *options)


def test_regression_exits_100_and_names_reasons(tmp_path: Path) -> None:
    done = gate(tmp_path, "absent", "--junit", tmp_path / "gate.xml", "--markdown", tmp_path / "gate.md")
    assert done.exit_code == 100
    assert done.stdout.splitlines()[2].startswith("✗ lead, essential_facts_lost: keeps 0 of 1")
    assert "main (kept → lost): The main fact." in done.stdout
    assert Xml.parse(tmp_path / "gate.xml").getroot().get("failures") == "1"  # noqa: S314  # our own document
    markdown = (tmp_path / "gate.md").read_text("utf-8")
    assert markdown.startswith("### ✗ Gate failed: 4 checks, 1 broken, in 1 system\n")


@pytest.mark.slow
def test_files_and_exit_code_survive_a_closed_pipe(tmp_path: Path) -> None:
    """``harness gate … | head`` closes the pipe early."""
    baseline, run = write(tmp_path / "base", plan("supported")), write(tmp_path / "new", plan("absent"))
    outputs = [f"--junit={tmp_path}/gate.xml", f"--markdown={tmp_path}/gate.md"]
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w") as closed:
        command = [sys.executable, "-m", "harness", "gate", str(run), "--against", str(baseline), *outputs]
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 100
    assert "Traceback" not in done.stderr
    assert (tmp_path / "gate.xml").stat().st_size
    assert (tmp_path / "gate.md").stat().st_size


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that nobody can write to")
def test_gate_reports_an_unwritable_file(tmp_path: Path) -> None:
    done = gate(tmp_path, "supported", "--junit", "/proc/gate.xml")
    assert done.exit_code == 2
    assert "/proc/gate.xml cannot be written: " in done.stderr
    assert done.stderr.endswith("; choose another file\n")
