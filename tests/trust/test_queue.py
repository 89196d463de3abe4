from __future__ import annotations

from dataclasses import replace

import builders
from memory_run import WeightedLabel, run

from harness.records import Article, Fact, Item, Label, Span
from harness.stages.verify import list_pending_checks
from harness.trust.queue import Task, list_tasks, order_tasks, select_sample

SYSTEMS = [f"s{number}" for number in range(20)]


def test_pair_in_two_summaries_is_asked_once() -> None:
    made = run({"x": {"a": ["supported", "absent"]}, "y": {"a": ["supported", "absent"]}})
    first, second = made.summaries
    found = list_tasks(replace(made, summaries=(first, replace(second, generation=first.generation))))
    assert [(task.hypothesis, len(task.checks)) for task in found] == [("Fact 0 of a.", 2), ("Fact 1 of a.", 2)]


def test_worth_is_uncertainty_plus_importance() -> None:
    """P = 0.8, 0.1, 0.1: the margin is 0.7, so the uncertainty is 0.3. Essential facts add 1, supporting ones 0.5."""
    tasks = list_tasks(run({"x": {"a": [WeightedLabel("supported", 0.8)] * 2}}, ["essential", "supporting"]))
    assert [round(task.worth, 6) for task in tasks] == [1.3, 0.8]


def test_least_certain_pair_comes_first_and_every_second_one_is_drawn() -> None:
    sure, torn = WeightedLabel("supported", 0.95), WeightedLabel("absent", 0.5)
    asked = order_tasks(list_tasks(run({"x": {"a": [sure, torn, *[WeightedLabel("contradicted", 0.8)] * 8]}})))
    assert (len(asked), asked[0][0].hypothesis) == (10, "Fact 1 of a.")
    assert {probability for _, probability in asked[::2]} == {None}
    drawn = [probability for _, probability in asked[1::2]]
    assert drawn == sorted(drawn, key=lambda share: share or 0)
    assert all(share and 0 < share <= 1 for share in drawn)


def test_draws_do_not_depend_on_verdicts() -> None:
    """A smaller random sample is therefore part of a larger one, and two runs share it."""

    def list_draws(label: Label) -> list[float]:
        tasks = list_tasks(run({system: {"a": [WeightedLabel(label, 0.9)] * 20} for system in SYSTEMS}))
        return sorted(task.draw for task in tasks)

    assert list_draws("supported") == list_draws("absent")


def test_a_passage_is_marked_whether_or_not_the_verifier_found_one() -> None:
    """A missing mark would reveal to a blind annotator that the verdict is absent."""
    made = run({"x": {"a": ["absent"]}}, claims={"x": {"a": ["absent"]}})
    spans = [Span(0, 18, "Summary of a by x."), Span(0, 21, "The town of a is old.")]  # the second shares "of", "a"
    assert [task.evidence for task in list_tasks(made)] == spans


def test_task_has_the_pair_that_the_run_verified() -> None:
    """The pair has the facts that a claim is checked against, and the date and language of the article."""
    facts = (Fact("f0", "The town has a bridge.", accepted=("It has.",), contradictions=("The town has no bridge.",)),)
    item = Item(Article("a", "The town is old. It has a bridge.", language="de", date="2025-03-01"), facts=facts)
    summary = builders.summary("The town has no bridge.")
    pending = list(list_pending_checks([item], [summary], "lexical"))
    checks = tuple(each.to_check(builders.verdict("absent")) for each in pending)
    made = replace(run({"s": {"a": ["absent"]}}), items=(item,), summaries=(summary,), checks=checks)
    assert [task.pair for task in list_tasks(made)] == [each.pair for each in pending]
    assert pending[1].pair.facts == ("The town has a bridge.",)


def test_rewritten_fact_keeps_the_judged_statement() -> None:
    made = run({"x": {"a": ["absent"]}})
    item = replace(made.items[0], facts=(Fact("f0", "Another statement."),))
    assert [task.pair.hypothesis for task in list_tasks(replace(made, items=(item,)))] == ["Fact 0 of a."]


def list_pairs(count: int) -> list[Task]:
    """List the pairs of a run in the order of their random numbers."""
    made = run({f"s{number}": {"a": ["supported"] * 10} for number in range(count // 10)})
    return sorted(list_tasks(made), key=lambda task: task.draw)


def sample(every: list[Task], asked: list[Task], drawn: list[Task] | None = None) -> list[Task]:
    """Select the sample; ``drawn``: the pairs labelled because they were drawn (default: all that were asked)."""
    keys = ({task.pair_key for task in tasks} for tasks in (asked, asked if drawn is None else drawn))
    return select_sample(every, *keys)


def test_sample_ends_with_the_last_drawn_pair_before_an_unasked_pair() -> None:
    """A chosen pair before the last drawn pair belongs to the sample; chosen pairs after it do not."""
    every = list_pairs(20)
    assert sample(every, [*every[:7], *every[8:12]]) == every[:7]
    assert sample(every, every[:7], [every[0], every[4]]) == every[:5]
    assert sample(every, every[:7], []) == []


def test_all_pairs_of_a_fully_labelled_run_are_in_the_sample() -> None:
    every = list_pairs(20)
    assert sample(every, every) == sample(every, every, []) == every


def test_sample_tolerates_one_gap_in_fifty() -> None:
    every = list_pairs(100)
    asked = [*every[:30], *every[31:]]
    assert sample(every, asked) == asked
    assert sample(every, [*every[:30], *every[31:49]]) == every[:30]  # 1 of 49 is more than 2%
    assert sample(every, [*every[:30], *every[31:50]]) == [*every[:30], *every[31:50]]
