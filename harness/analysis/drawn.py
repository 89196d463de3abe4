"""Which of the labels are a random sample of the run: those of the pairs with the smallest random numbers.

The sample ends before the first pair that nobody was asked about. Given where it ends, each pair was as likely to be in
it as any other (rank conditioning: Cohen & Kaplan 2007), whatever else was labelled because it was doubtful.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from harness.analysis.queue import Question, Task


def drawn(tasks: Sequence[Task], asked: Collection[Question]) -> list[Task]:
    """The sample, in the order in which it was drawn; all tasks where people were ``asked`` about all."""
    sample: list[Task] = []
    for task in sorted(tasks, key=lambda task: task.draw):
        if task.question not in asked:
            break
        sample.append(task)
    return sample
