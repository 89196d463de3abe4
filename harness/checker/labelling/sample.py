"""Which of the labels are a random sample of the run: those of the pairs with the smallest random numbers.

The sample ends before the pairs that nobody was asked about. Given where it ends, each pair was as likely to be in it
as any other (rank conditioning: Cohen & Kaplan 2007), whatever else was labelled because it was doubtful. A few gaps
are let go, as a run leaves them that was made again: they move a share by no more than their own part.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from harness.checker.labelling.queue import Task
from harness.data.labels.pair_key import PairKey

GAPS = 0.02
"""Part of the sample that nobody may have been asked about."""


def drawn(tasks: Sequence[Task], asked: Collection[PairKey]) -> list[Task]:
    """The pairs of the sample that people were ``asked`` about, in the order in which they were drawn."""
    sample: list[Task] = []
    end = 0
    for size, task in enumerate(sorted(tasks, key=lambda task: task.draw), start=1):
        if task.question in asked:
            sample.append(task)
            if size - len(sample) <= GAPS * size:
                end = len(sample)
    return sample[:end]
