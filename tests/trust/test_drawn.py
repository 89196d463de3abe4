"""The labels that are a random sample."""

from __future__ import annotations

from judged_run import run

from harness.data.labels.people import PairKey
from harness.trust.queue import Task, list_tasks, select_sample


def many(count: int) -> list[Task]:
    """The pairs of a run in the order in which they are drawn."""
    return sorted(
        list_tasks([run({f"s{number}": {"a": ["supported"] * 10} for number in range(count // 10)})]), key=_draw
    )


def _draw(task: Task) -> float:
    return task.draw


def questions(asked: list[Task]) -> set[PairKey]:
    return {task.question for task in asked}


def sample(every: list[Task], asked: list[Task], because_drawn: list[Task] | None = None) -> list[Task]:
    """The sample; ``because_drawn``: what was asked because it was drawn, where that is not all of it."""
    return select_sample(every, questions(asked), questions(asked if because_drawn is None else because_drawn))


def test_it_ends_before_the_first_pair_that_nobody_was_asked_about() -> None:
    every = many(20)
    assert sample(every, [*every[:7], *every[8:12]]) == every[:7]


def test_it_ends_with_the_last_pair_that_was_labelled_because_it_was_drawn() -> None:
    """A chosen pair between two that were drawn belongs to the sample; those behind the last do not."""
    every = many(20)
    assert sample(every, every[:7], [every[0], every[4]]) == every[:5]


def test_labels_of_pairs_that_somebody_picked_are_no_sample() -> None:
    every = many(20)
    assert sample(every, every[:7], []) == []


def test_of_a_run_that_was_labelled_whole_it_is_all() -> None:
    every = many(20)
    assert sample(every, every) == every
    assert sample(every, every, []) == every


def test_one_gap_in_fifty_is_let_go() -> None:
    every = many(100)
    asked = [*every[:30], *every[31:]]
    assert sample(every, asked) == asked
    assert sample(every, [*every[:30], *every[31:49]]) == every[:30]  # 1 of 49 is more than 2%
    assert sample(every, [*every[:30], *every[31:50]]) == [*every[:30], *every[31:50]]


def test_nothing_asked_is_no_sample() -> None:
    assert sample(many(20), []) == []
