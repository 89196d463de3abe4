"""The sdist and wheel are complete, and the starter project, the plugin, the GitHub Action and the image use them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from ruamel.yaml import YAML

from harness.weights import store

ROOT = Path(__file__).parents[1]
GITHUB_FILES = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")

pytestmark = pytest.mark.slow  # builds and installs distributions


OUTSIDE = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
"""The environment without our checkout."""


def python(*words: str | Path, folder: Path, **environment: str) -> str:
    """The output of a Python process, which must succeed."""
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, cwd=folder, env=OUTSIDE | environment, capture_output=True, text=True, check=False)
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
    (tmp_path / "test_it.py").write_text(
        "from harness.testing import assert_faithful\n\n"
        "def test_it():\n    assert_faithful('The mayor resigned on Monday.', 'The mayor resigned.')\n"
    )
    lexical = "harness_verifier=lexical"  # an option of the pytest plugin; the default verifier has no model here
    assert "1 passed" in python("-m", "pytest", "-W", "error", "-o", lexical, "test_it.py", folder=tmp_path, **alone)
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


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A fresh virtual environment that sees our dependencies, but not our harness; nothing can be downloaded."""
    folder, links = tmp_path_factory.mktemp("fresh"), tmp_path_factory.mktemp("links")
    python("-m", "venv", "--without-pip", folder, folder=folder)
    (folder / "bin/pip").write_text('#!/bin/sh\nexec python -m pip "$@"\n')
    (folder / "bin/pip").chmod(0o755)
    ours = Path(sysconfig.get_path("purelib"))
    for path in ours.iterdir():
        if "fact_harness" not in path.name:
            (links / path.name).symlink_to(path)
    (folder / ours.relative_to(sys.prefix) / "links.pth").write_text(f"{links}\n")
    programs = f"{folder / 'bin'}:{os.environ['PATH']}"
    return OUTSIDE | {"PATH": programs, "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}


def run_action(folder: Path, environment: dict[str, str], inputs: dict[str, str]) -> dict[str, int]:
    """Run the steps of ``action.yml`` as GitHub does, without those that use other actions; return step → exit code.

    After a failure only steps with ``always()`` run. The steps write files with the names of ``GITHUB_FILES``.
    """
    action: Any = YAML(typ="safe").load(ROOT / "action.yml")
    given = {name: str(each.get("default", "")) for name, each in action["inputs"].items()} | inputs
    context = {"runner.temp": str(folder / "temp")} | {f"inputs.{name}": value for name, value in given.items()}
    files = {name: folder / name for name in GITHUB_FILES}
    environment = environment | {name: str(path) for name, path in files.items()}
    codes: dict[str, int] = {}
    for path in files.values():
        path.write_text("")
    for step in action["runs"]["steps"]:
        condition = step.get("if", "success()")
        is_wanted = condition != "inputs.baseline != ''" or given["baseline"]
        if "run" not in step or not is_wanted or (any(codes.values()) and condition != "always()"):
            continue
        own = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: context[found[1]], value)
            for name, value in step.get("env", {}).items()
        }
        command = ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        codes[step["name"]] = subprocess.run(command, cwd=folder, env=environment | own, check=False).returncode
        environment |= dict(line.split("=", 1) for line in files["GITHUB_ENV"].read_text().splitlines())
    return codes


def test_action_runs_gates_and_summarises_elsewhere(wheel: Path, environment: dict[str, str], tmp_path: Path) -> None:
    """The change copies one sentence less, and the gate names the fact that lead no longer keeps."""
    alone = {"HARNESS_HOME": str(tmp_path / "empty"), "PYTHONPATH": str(ROOT)}
    python("-m", "harness", "init", "repository", folder=tmp_path, **alone)
    folder = tmp_path / "repository"
    inputs = {"package": str(wheel), "options": "--only lead --only textrank", "output": "results/base"}
    assert run_action(folder, environment, inputs) == {"Install": 0, "Run": 0, "Summary": 0}
    assert (folder / "GITHUB_STEP_SUMMARY").read_text("utf-8").startswith("# base")
    assert re.fullmatch(r"models=[0-9a-f]{6}(-[0-9a-f]{6})+\n", (folder / "GITHUB_OUTPUT").read_text())

    change = {"options": "--only lead --only textrank --set models.textrank.sentences=1\n--set models.lead.sentences=1"}
    gate = {"output": "results/ci", "baseline": "results/base", "rules": "configs/gate.yaml"}
    codes = run_action(folder, environment, inputs | change | gate)
    assert codes == {"Install": 0, "Run": 0, "Gate": 100, "Summary": 0}
    summary = (folder / "GITHUB_STEP_SUMMARY").read_text("utf-8")
    assert "Gate failed" in summary
    assert "harbour-to-hospital" in summary
    assert "\n\n# ci" in summary
    assert ElementTree.parse(folder / "results/ci/gate.xml").findall(".//failure")  # noqa: S314  # our own file


def test_image_runs_the_base_job_offline(environment: dict[str, str], tmp_path: Path) -> None:
    """Without Docker, the steps of the Dockerfile run in a fresh environment, and the job without a network."""
    words = ["run", "configs/base.yaml", "--only", "smollm2/plain", "--set", "models.smollm2.max_new_tokens=40", "-qo"]
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0:
        subprocess.run([docker, "build", "-t", "harness-test", ROOT], check=True)
        mounts = ["-v", f"{ROOT}:/work:ro", "-v", f"{tmp_path}:/out"]
        command = [docker, "run", "--rm", "--network", "none", *mounts, "harness-test", *words, "/out/run"]
        subprocess.run(command, check=True)
    else:
        (tmp_path / "opt/harness").mkdir(parents=True)
        for name in ("models", "unpacked"):
            (store.home() / name).mkdir(exist_ok=True)
            (tmp_path / "opt/harness" / name).symlink_to(store.home() / name)
        variables = _run_dockerfile(tmp_path, environment)
        offline = ["unshare", "--net"] if os.geteuid() == 0 else []
        command = [*offline, "harness", *words, str(tmp_path / "run")]
        subprocess.run(command, cwd=ROOT, env={**environment, **variables}, check=True)
    report = (tmp_path / "run/report.md").read_text("utf-8")
    assert "smollm2/plain" in report
    assert "entailment" in report


def _run_dockerfile(root: Path, environment: dict[str, str]) -> dict[str, str]:
    """Execute COPY and RUN below ``root``, and return the variables that ENV sets."""
    text = re.sub(r"\\\n *", "", (ROOT / "Dockerfile").read_text("utf-8"))
    variables: dict[str, str] = {}
    for name, rest in re.findall(r"^([A-Z]+) (.*)$", text, re.MULTILINE):
        moved = re.sub(r"(?<![\w.])/(src|opt)\b", f"{root}/\\1", rest)
        if name == "ENV":
            variables |= dict([moved.split("=", 1)])
        elif name == "COPY":
            *sources, target = moved.split()
            for source in sources:
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    Path(target).mkdir(exist_ok=True)
                    shutil.copy(ROOT / source, target)
        elif name == "RUN":
            subprocess.run(["/bin/bash", "-ec", moved], cwd=root, env={**environment, **variables}, check=True)
    return variables
