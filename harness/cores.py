"""Count processor cores and computing threads."""

from __future__ import annotations

import os


def count_cores() -> int:
    """Count the cores that this process may use; on macOS and Windows, all cores of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_threads() -> int:
    """Return the first number of ``OMP_NUM_THREADS`` (4 for ``4,2``; OpenMP 5.2, 21.2), else the number of cores."""
    outermost = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(outermost) if outermost.isdecimal() and int(outermost) else count_cores()
