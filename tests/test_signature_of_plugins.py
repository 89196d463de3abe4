"""The signature of a plugin from another package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from harness.seams import FilePath, Verifier

IMPORTS = ("from theirs import helper", "from theirs.helper import X", "from . import helper", "import theirs.helper")


def test_changed_helper_of_the_plugins_package_changes_the_version(tmp_path: Path) -> None:
    package = tmp_path / "theirs"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "helper.py").write_text("X = 1\n")
    for number, line in enumerate(IMPORTS):
        (package / f"plugin{number}.py").write_text(f"{line}\n")
    before = read_versions(tmp_path)
    (package / "helper.py").write_text("X = 2\n")
    assert [old == new for old, new in zip(before, read_versions(tmp_path), strict=True)] == [False] * len(IMPORTS)


def read_versions(folder: Path) -> list[str]:
    """The versions of the plugins in a new process, because a process reads each module's code once."""
    script = "from harness.signature import code_version\n"
    script += f"for number in range({len(IMPORTS)}): print(code_version(f'theirs.plugin{{number}}'))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.split()


class WeightsFromFile(Verifier):
    """A verifier with weights in a file."""

    weights: FilePath


def test_signature_has_a_files_content_not_its_path(tmp_path: Path) -> None:
    for name, text in (("here", "1"), ("there", "1"), ("other", "2")):
        (tmp_path / name).write_text(text)
    names = ("here", "there", "other", "missing")
    here, there, other, missing = (WeightsFromFile(weights=tmp_path / name).signature() for name in names)
    assert "|weights:6b86b273|" in here  # sha256 of "1": sha256sum
    assert here == there
    assert here != other
    assert f"|weights:{tmp_path}/missing|" in missing  # check() reports it
