"""The number of processor cores and of computing threads."""

from __future__ import annotations

import os


def usable() -> int:
    """The cores that this process may use; on macOS and Windows, the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """``OMP_NUM_THREADS`` of the outermost level (4 for ``4,2``: OpenMP 5.2, 21.2), else one thread for each core."""
    outermost = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(outermost) if outermost.isdecimal() and int(outermost) else usable()
