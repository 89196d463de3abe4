"""Contenders timed in turns: in each run every contender does its work once, so that a busy machine is fair to all.

Processor time is counted, so other programs cost nobody anything. Ratios are taken per run and reported as the median
with minimum and maximum.
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
    """A way to do the work of a run; ``do`` takes the run's number and returns a result to compare."""

    name: str
    do: Callable[[int], object]


Seconds = dict[str, list[float]]
"""Contender → processor seconds of each run."""


def alternated(contenders: Sequence[Contender], runs: int, check: Callable[[Mapping[str, object]], None]) -> Seconds:
    """Time all contenders; ``check`` takes the results of a run by contender, and raises if they are wrong."""
    seconds: Seconds = {contender.name: [] for contender in contenders}
    for run in range(runs):
        results = {}
        first = run % len(contenders)
        for contender in [*contenders[first:], *contenders[:first]]:
            gc.collect()
            started = time.process_time()
            results[contender.name] = contender.do(run)
            seconds[contender.name].append(time.process_time() - started)
        check({contender.name: results[contender.name] for contender in contenders})
    return seconds


def ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    """How many times as fast: ``3.1 (2.9–3.4)``."""
    ratios = [one / other for one, other in zip(slower, faster, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def spread(seconds: Sequence[float], each: int, unit: float = 1.0) -> str:
    """Time per item: ``2.71 (2.65–2.80)``."""
    shares = [unit * one / each for one in seconds]
    return f"{median(shares):.2f} ({min(shares):.2f}–{max(shares):.2f})"


def where(*packages: str) -> str:
    """Date, machine, load and versions, for the foot of a table."""
    machine = provenance.describe_machine()
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{date.today():%Y-%m-%d}; {machine['cores']} cores of {machine['processor']} ({machine['system']}), "
        f"load {os.getloadavg()[1]:.1f}; Python {provenance.list_packages()['python']}, {versions}."
    )
