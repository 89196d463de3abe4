"""How many processor cores this process may use, and how many threads are to compute on them."""

from __future__ import annotations

import os


def usable() -> int:
    """The cores that the process may run on; of the machine, where its system does not tell (macOS, Windows)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """What ``OMP_NUM_THREADS`` says of the outermost level (4 of ``4,2``: OpenMP 5.2, 21.2), else a thread a core."""
    outermost = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(outermost) if outermost.isdecimal() and int(outermost) else usable()
