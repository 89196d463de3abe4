"""``harness gate``: the exit code that a CI job reads, and the files that it shows."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import Result
from command_line import harness
from stored_runs import Plan, write

from harness.records import Label


def plan(label: Label) -> Plan:
    return Plan({"lead": {"fact_recall": [0.5]}}, {"lead": {"main": [label]}})


def gate(folder: Path, label: Label, *options: str | Path) -> Result:
    """A run with this verdict on its one fact, against one that keeps it."""
    baseline, run = write(folder / "base", plan("supported")), write(folder / "new", plan(label))
    return harness("gate", run, "--against", baseline, *options)


def test_run_that_meets_every_rule_passes(tmp_path: Path) -> None:
    done = gate(tmp_path, "supported")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Gate passed: 4 checks\n")


def test_regression_exits_100_and_names_reasons(tmp_path: Path) -> None:
    done = gate(tmp_path, "absent", "--junit", tmp_path / "gate.xml", "--markdown", tmp_path / "gate.md")
    assert done.exit_code == 100
    assert done.stdout.splitlines()[2].startswith("✗ lead, essential_facts_lost: keeps 0 of 1")
    assert "main (kept → lost): The main fact." in done.stdout
    assert Xml.parse(tmp_path / "gate.xml").getroot().get("failures") == "1"  # noqa: S314  # our own document
    markdown = (tmp_path / "gate.md").read_text("utf-8")
    assert markdown.startswith("### ✗ Gate failed: 4 checks, 1 broken, in 1 system\n")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that nobody can write to")
def test_gate_reports_an_unwritable_file(tmp_path: Path) -> None:
    done = gate(tmp_path, "supported", "--junit", "/proc/gate.xml")
    assert done.exit_code == 2
    assert "/proc/gate.xml cannot be written: " in done.stderr
    assert done.stderr.endswith("; choose another file\n")
