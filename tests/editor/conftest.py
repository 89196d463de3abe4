"""The real yaml-language-server, fetched once by npm into pytest's cache.

Where there is no npm, or where it fetches nothing, these tests are skipped with the reason, but never in CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from editing import Editor
from filelock import FileLock

PACKAGE = "yaml-language-server@2.0.0"
ROOT = Path(__file__).parents[2]
SECONDS = 240
"""How long npm may take: it fetches 4 MB."""


@pytest.fixture(scope="package", autouse=True)
def schemas() -> None:
    """The schemas of the code as it is, where the shipped YAML files name them."""
    subprocess.run([sys.executable, "-m", "harness", "schema"], cwd=ROOT, check=True, timeout=300)


@pytest.fixture(scope="package")
def editor(pytestconfig: pytest.Config) -> Iterator[Editor]:
    """One language server for all tests of the package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _missing("there is no node with npm here, install them: apt-get install nodejs npm")
    cache = getattr(pytestconfig, "cache", None) or _missing("run pytest with its cache, which holds the server")
    folder = cache.mkdir(PACKAGE)
    server = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    with FileLock(folder / ".lock"):
        if not server.is_file():
            command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
            except subprocess.SubprocessError as error:
                told = str(getattr(error, "stderr", "") or error).strip().splitlines()
                _missing(f"npm could not fetch {PACKAGE}: {told[-1]}")
    with Editor([node, str(server), "--stdio"]) as made:
        yield made


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
