"""Run a harness command in its own process, and measure its time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import ROOT


@dataclass(frozen=True, slots=True)
class Cost:
    """Time in seconds, and memory in MB."""

    wall: float
    processor: float
    """Processor time, which other programs hardly change."""
    memory: float
    """Peak resident memory, as the kernel counts it."""


def run_command(arguments: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT) -> Cost:
    """Run ``harness ARGUMENTS`` in a folder; raise SystemExit if the command fails."""
    command = [sys.executable, "-m", "harness", *arguments]
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603  # our own command
        command, env={**os.environ, **environment}, cwd=folder, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"harness {' '.join(arguments)} failed with status {status}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kilobytes
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
