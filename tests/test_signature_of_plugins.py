"""The signature of a plugin from another package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.seams import FilePath, Verifier


@pytest.mark.parametrize(
    "line",
    [
        "from theirs_{n} import helper",
        "from theirs_{n}.helper import VALUE",
        "from . import helper",
        "import theirs_{n}.helper",
    ],
)
def test_changed_helper_of_the_plugins_package_changes_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    name = f"theirs_{abs(hash(line)) % 10**8}"
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plugin.py").write_text(line.format(n=name.partition("_")[2]) + "\n")
    (package / "helper.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = read_version(f"{name}.plugin")
    (package / "helper.py").write_text("VALUE = 2\n")
    assert read_version(f"{name}.plugin") != before


def read_version(module: str) -> str:
    """The version that a new process sees: a process reads each module's code once."""
    script = f"from harness.signature import code_version; print(code_version({module!r}))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    ).stdout


class Fitted(Verifier):
    """A verifier with weights in a file."""

    weights: FilePath


def test_signature_has_a_files_content_not_its_path(tmp_path: Path) -> None:
    for name, text in (("here", "1"), ("there", "1"), ("other", "2")):
        (tmp_path / name).write_text(text)
    here, there, other, missing = (
        Fitted(weights=tmp_path / name).signature() for name in ("here", "there", "other", "missing")
    )
    assert "|weights:6b86b273|" in here  # sha256 of "1": sha256sum
    assert here == there
    assert here != other
    assert f"|weights:{tmp_path}/missing|" in missing  # check() reports it
