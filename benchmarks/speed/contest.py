"""Time contenders in turns: in each run, every contender does its work once, so that a busy machine slows all alike.

The time is processor time, which other programs hardly change. Ratios are computed per run, and reported as the median
with minimum and maximum.
"""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from statistics import median

from benchmarks.common import describe_machine


@dataclass(frozen=True)
class Contender:
    name: str
    do: Callable[[int], object]
    """Does the work of a run, given its number, and returns a result to compare."""


Seconds = dict[str, list[float]]
"""Contender → processor seconds of each run."""


def alternate(contenders: Sequence[Contender], runs: int, check: Callable[[Mapping[str, object]], None]) -> Seconds:
    """Time all contenders; ``check`` gets the results of a run, by contender, and raises if they differ."""
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


def format_ratio(slower: Sequence[float], faster: Sequence[float]) -> str:
    """Format how many times as fast one contender is: ``3.1 (2.9–3.4)``."""
    ratios = [one / other for one, other in zip(slower, faster, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def format_time(seconds: Sequence[float], items: int, unit: float = 1.0) -> str:
    """Format the time per item: ``2.71 (2.65–2.80)``."""
    times = [unit * one / items for one in seconds]
    return f"{median(times):.2f} ({min(times):.2f}–{max(times):.2f})"


def describe_environment(*packages: str) -> str:
    """Describe date, machine, load and versions, for the foot of a table."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = f"load {os.getloadavg()[1]:.1f}"
    return f"{date.today():%Y-%m-%d}; {describe_machine()}, {load}; Python {platform.python_version()}, {versions}."
