"""Contenders timed in turns: in each run every contender does its work once, so that a busy machine is fair to all.

Processor time is counted, of this process and of a server's where one is asked, so that other programs cost nobody
anything. Ratios are taken run by run; of them the median stands with the least and the most.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from statistics import median

from harness import provenance


@dataclass(frozen=True)
class Contender:
    """A way to do the work of a run; ``do`` is handed the run's number and returns what can be compared."""

    name: str
    do: Callable[[int], object]
    server: int | None = None
    """The process that does the work, where this one only asks it."""


Seconds = dict[str, list[float]]
"""Contender → processor seconds of each run."""


def alternated(contenders: Sequence[Contender], runs: int, same: Callable[[Mapping[str, object]], None]) -> Seconds:
    """Times of all contenders; ``same`` raises where the results of a run, by contender, are not as they should be."""
    seconds: Seconds = {contender.name: [] for contender in contenders}
    for run in range(runs):
        results = {}
        first = run % len(contenders)
        for contender in [*contenders[first:], *contenders[:first]]:
            gc.collect()
            started = _processor(contender.server)
            results[contender.name] = contender.do(run)
            seconds[contender.name].append(_processor(contender.server) - started)
        same(results)
    return seconds


def ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    """How many times as fast, with the spread over the runs: ``3.1 (2.9–3.4)``."""
    found = [one / other for one, other in zip(slower, faster, strict=True)]
    return f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def spread(seconds: Sequence[float], each: int, unit: float = 1.0) -> str:
    """Median, least and most of a share of each run: ``2.71 (2.65–2.80)``."""
    found = [unit * one / each for one in seconds]
    return f"{median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def where(*packages: str) -> str:
    """Date, machine, load and versions, for the foot of a table."""
    machine = provenance.machine()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{date.today():%Y-%m-%d}; {machine['cores']} cores of {machine['processor']} ({machine['system']}), "
        f"load {os.getloadavg()[1]:.1f}; Python {provenance.packages()['python']}, {versions}."
    )


def _processor(server: int | None) -> float:
    """Processor seconds of this process, and of a server's."""
    mine = time.process_time()
    if server is None:
        return mine
    import psutil

    theirs = psutil.Process(server).cpu_times()
    return mine + theirs.user + theirs.system
