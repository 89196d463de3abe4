"""Record where a number came from: packages, git commit and machine, without host name, user name or paths."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path

from harness import __version__, cores


def list_packages() -> dict[str, str]:
    """Return the installed versions of harness and its declared dependencies."""
    versions = {"python": platform.python_version(), "harness": __version__}
    try:
        declared = metadata.requires("fact-harness") or []
    except metadata.PackageNotFoundError:  # sources that are not installed
        declared = []
    for requirement in declared:
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


@cache
def hash_code() -> str:
    """Hash all files of harness, including templates and word lists."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def describe_git(folder: Path) -> dict[str, str]:
    """Return the commit of the repository around ``folder``, and whether it has changes; empty outside a repository."""
    commit = _run_git(folder, "rev-parse", "HEAD")
    if commit is None:
        return {}
    changed = _run_git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit, "dirty": "yes" if changed else "no"}


def describe_machine() -> Mapping[str, str]:
    """Return the system, the processor and the number of usable cores."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _name_processor(),
        "cores": str(cores.count_cores()),
    }


def _run_git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  # fixed arguments
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # the user's own git
            capture_output=True, text=True, timeout=10, check=False,
        )  # fmt: skip  # one call
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _name_processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return match[1] if match else platform.processor()
