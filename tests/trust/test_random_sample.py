"""The labels that are a random sample."""

from __future__ import annotations

from judged_run import run

from harness.trust.queue import Task, list_tasks, select_sample


def many(count: int) -> list[Task]:
    """The pairs of a run in the order in which they are drawn."""
    made = run({f"s{number}": {"a": ["supported"] * 10} for number in range(count // 10)})
    return sorted(list_tasks([made]), key=lambda task: task.draw)


def sample(every: list[Task], asked: list[Task], drawn: list[Task] | None = None) -> list[Task]:
    """``drawn``: the pairs asked because they were drawn (default: all of those asked)."""
    questions = ({task.question for task in tasks} for tasks in (asked, asked if drawn is None else drawn))
    return select_sample(every, *questions)


def test_sample_ends_before_the_first_unasked_pair() -> None:
    every = many(20)
    assert sample(every, [*every[:7], *every[8:12]]) == every[:7]


def test_sample_ends_with_the_last_drawn_pair() -> None:
    """A chosen pair between two that were drawn belongs to the sample; those behind the last do not."""
    every = many(20)
    assert sample(every, every[:7], [every[0], every[4]]) == every[:5]


def test_picked_pairs_are_no_sample() -> None:
    every = many(20)
    assert sample(every, every[:7], []) == []


def test_fully_labelled_run_is_all_sample() -> None:
    every = many(20)
    assert sample(every, every) == every
    assert sample(every, every, []) == every


def test_sample_tolerates_one_gap_in_fifty() -> None:
    every = many(100)
    asked = [*every[:30], *every[31:]]
    assert sample(every, asked) == asked
    assert sample(every, [*every[:30], *every[31:49]]) == every[:30]  # 1 of 49 is more than 2%
    assert sample(every, [*every[:30], *every[31:50]]) == [*every[:30], *every[31:50]]
