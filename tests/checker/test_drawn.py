"""The labels that are a random sample."""

from __future__ import annotations

from judged_run import run

from harness.checker.labelling.queue import Task, drawn, tasks
from harness.data.labels.pair_key import PairKey


def many(count: int) -> list[Task]:
    """The pairs of a run in the order in which they are drawn."""
    return sorted(tasks([run({f"s{number}": {"a": ["supported"] * 10} for number in range(count // 10)})]), key=_draw)


def _draw(task: Task) -> float:
    return task.draw


def questions(asked: list[Task]) -> set[PairKey]:
    return {task.question for task in asked}


def test_it_ends_before_the_first_pair_that_nobody_was_asked_about() -> None:
    every = many(20)
    assert drawn(every, questions([*every[:7], *every[8:12]])) == every[:7]


def test_of_a_run_that_was_labelled_whole_it_is_all() -> None:
    every = many(20)
    assert drawn(every, questions(every)) == every


def test_one_gap_in_fifty_is_let_go() -> None:
    every = many(100)
    asked = [*every[:30], *every[31:]]
    assert drawn(every, questions(asked)) == asked
    assert drawn(every, questions([*every[:30], *every[31:49]])) == every[:30]  # 1 of 49 is more than 2%
    assert drawn(every, questions([*every[:30], *every[31:50]])) == [*every[:30], *every[31:50]]


def test_nothing_asked_is_no_sample() -> None:
    assert drawn(many(20), set()) == []
