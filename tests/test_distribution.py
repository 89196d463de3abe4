"""The sdist and wheel are complete, and a starter project runs from the installed wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow  # builds and installs distributions


def python(*words: str | Path, folder: Path, **environment: str) -> str:
    """The output of a Python process; its errors are shown if it fails."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(
        command, cwd=folder, env=known | environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "hatchling", "build", "-t", "sdist", "-d", folder, folder=ROOT)
    (sdist,) = folder.glob("fact_harness-*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(folder, filter="data")
    python("-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=folder / sdist.name.removesuffix(".tar.gz"))
    (built,) = folder.glob("fact_harness-*.whl")
    return built


def test_wheel_has_every_tracked_file(wheel: Path) -> None:
    command = ["git", "ls-files", "harness"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    with ZipFile(wheel) as packed:
        assert {name for name in packed.namelist() if name.startswith("harness/")} >= set(listed)
        entry_points = packed.read("fact_harness-0.1.0.dist-info/entry_points.txt").decode()
    assert "harness = harness.cli:main" in entry_points
    assert "[pytest11]\nharness.testing = harness.testing" in entry_points


def test_starter_project_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """It works offline and without the checkout, and catches the false summary."""
    site, project = tmp_path / "site", tmp_path / "mine"
    python("-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel, folder=tmp_path)
    alone = {"PYTHONPATH": str(site), "PIP_NO_INDEX": "1", "HARNESS_HOME": str(tmp_path / "home"), "COLUMNS": "100"}
    where = python("-c", "import harness; print(harness.__file__)", folder=tmp_path, **alone)
    assert where.strip() == str(site / "harness" / "__init__.py")
    output = python("-m", "harness", "init", "mine", folder=tmp_path, **alone)
    assert "cd mine\n  harness run configs/base.yaml\n  harness view" in output
    assert "The verifier is lexical" in output
    assert "8 facts: 0 errors" in python("-m", "harness", "facts", "lint", folder=project, **alone)
    python("-m", "harness", "run", "configs/base.yaml", "-q", folder=project, **alone)
    report = (project / "results" / "base" / "report.md").read_text("utf-8")
    assert "Use careful: 3 of 3 essential facts" in report
    assert "✗ contradicted: The council of Aldermoor approved a new tram line." in report
    assert (project / "results" / "base" / "report.html").is_file()
    packages = json.loads((project / "results" / "base" / "manifest.json").read_text("utf-8"))["packages"]
    assert {"python", "harness", "numpy", "pydantic"} <= set(packages)
