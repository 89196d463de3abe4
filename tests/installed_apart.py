"""Packages that tests need and whose pins contradict ours, installed once into pytest's cache, apart from our own.

Without a network these tests are skipped with the reason, but never in CI.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
SECONDS = 1200


def install_apart(requirement: str, config: pytest.Config) -> dict[str, str]:
    """The environment of a process that has the package, and harness; the package's own dependencies come first."""
    folder = config.rootpath / ".pytest_cache" / "d" / requirement
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):
        if not (folder / "done").is_file():
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--upgrade", requirement]
            done = subprocess.run(
                [*command, "--target", folder / "site"], capture_output=True, text=True, timeout=SECONDS, check=False
            )
            if done.returncode:
                reason = f"pip could not install {requirement}: {done.stderr.strip()[-300:]}"
                pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
            (folder / "done").touch()
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)])}
