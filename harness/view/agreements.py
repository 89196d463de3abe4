"""How far people agree on the runs that were looked at, kept while these stay as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.analysis.accord import Accord, accord
from harness.analysis.queue import tasks
from harness.data import labels
from harness.records import Results
from harness.reports import accord as told
from harness.reports import estimates
from harness.reports.sections import Section


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What the page shows of a run, as it was when it was read."""

    results: Results
    found: Accord
    warnings: tuple[str, ...]
    estimates: Section | None


class Agreements:
    """The last of each run: its resamples take a second or more, and are the same until the run is read anew."""

    def __init__(self) -> None:
        self._made: dict[str, Agreement] = {}

    def of(self, run: str, results: Results) -> Agreement:
        """The agreement of a run that was just opened."""
        made = self._made.get(run)
        if made is None or made.results is not results:
            made = self._made[run] = _made(results)
        return made


def _made(results: Results) -> Agreement:
    rng = np.random.default_rng(results.manifest.seed)
    found = accord(tasks([results]), results.labels, rng)
    warnings = (*filter(None, [told.flattered(results)]), *map(str, labels.faults(results)))
    return Agreement(results, found, warnings, estimates.section(results))
