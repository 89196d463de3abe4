"""How far people agree on the runs that were looked at, kept while these stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.checker.agreement import report as told
from harness.checker.agreement.agreement import AnnotatorAgreement, agreement_of
from harness.checker.labelling.queue import Task
from harness.data import labels
from harness.view.run_index import OpenedRun


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """What the page shows of a run, as it was when it was read."""

    opened: OpenedRun
    annotators: AnnotatorAgreement
    warnings: tuple[str, ...]


class Agreements:
    """The last of each run: its resamples take a second or more, and are the same until the run is read anew."""

    def __init__(self) -> None:
        self._made: dict[str, Agreement] = {}

    def of(self, run: str, opened: OpenedRun, tasks: Sequence[Task]) -> Agreement:
        """The agreement of a run that was just opened, on its pairs."""
        cached = self._made.get(run)
        if cached is None or cached.opened is not opened:
            cached = self._made[run] = _made(opened, tasks)
        return cached


def _made(opened: OpenedRun, tasks: Sequence[Task]) -> Agreement:
    results = opened.results
    annotators = agreement_of(tasks, results.labels, np.random.default_rng(results.manifest.seed))
    return Agreement(opened, annotators, (*filter(None, [told.flattered(results)]), *map(str, labels.faults(results))))
