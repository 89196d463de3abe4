"""What the list of runs says of a run: which systems come first, and by which metric."""

from __future__ import annotations

from pathlib import Path

from stored_runs import Plan, Values, write

from harness.data.runs.results import RunFolder
from harness.view.overview import line


def test_a_run_without_a_value_of_fact_recall_is_ranked_by_a_metric_that_it_has(tmp_path: Path) -> None:
    """As a run over articles that have no facts."""
    values: Values = {
        "m": {"fact_recall": [None], "faithfulness": [0.25]},
        "n": {"fact_recall": [None], "faithfulness": [0.5]},
    }
    run = write(tmp_path / "run", Plan(values, prompts={"m": ("m", "plain"), "n": ("n", "plain")}))
    row = line(RunFolder(run))
    assert row.metric is not None
    assert (row.metric.name, row.best, row.value) == ("faithfulness", "n", "0.50")


BOTH = {"m": ("m", "plain"), "n": ("n", "plain")}


def test_a_system_with_a_value_on_few_articles_does_not_come_first_by_these(tmp_path: Path) -> None:
    plan = Plan({"m": {"fact_recall": [0.5] * 12}, "n": {"fact_recall": [1.0, *[None] * 11]}}, prompts=BOTH)
    row = line(RunFolder(write(tmp_path / "run", plan)))
    assert (row.best, row.value) == ("m", "0.50")


def test_a_run_without_a_value_has_none_that_comes_first(tmp_path: Path) -> None:
    run = write(tmp_path / "run", Plan({"m": {"fact_recall": [None], "faithfulness": [None]}}))
    row = line(RunFolder(run))
    assert row.metric is not None
    assert (row.metric.name, row.best, row.value) == ("fact_recall", "", "")


def test_means_that_are_equal_but_for_rounding_come_first_together_and_level_with_the_floor(tmp_path: Path) -> None:
    """Each mean is 2/7; that of 0, 1/7 and 5/7 differs in its last binary digit."""
    spread, flat = [0, 1 / 7, 5 / 7], [2 / 7] * 3
    plan = Plan(
        {"m": {"fact_recall": spread}, "n": {"fact_recall": flat}, "lead": {"fact_recall": flat}},
        prompts=BOTH,
    )
    row = line(RunFolder(write(tmp_path / "run", plan)))
    assert (row.best, row.value, row.floor) == ("m and n", "0.29", "0.29 (lead)")
