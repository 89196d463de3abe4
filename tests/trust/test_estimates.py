from __future__ import annotations

from dataclasses import replace

import pytest
from memory_run import A, S, add_labels, annotation, run

from harness.records import Generation, Label, Manifest, Results, Shown
from harness.trust.estimates import SystemEstimate, estimate_run
from harness.trust.queue import list_tasks


def estimate(results: Results) -> dict[tuple[str, str], SystemEstimate]:
    _, estimates = estimate_run(results)
    assert estimates
    return {(each.system, each.metric.name): each for each in estimates}


def test_estimate_of_a_fully_labelled_run_is_what_people_found() -> None:
    """The weights are 3, 2, 1. The verifier supports the first fact (3/6), people the first and the last (4/6)."""
    results = run({"x": {"a": [S, A, A]}}, ["essential", "supporting", "detail"])
    found = estimate(add_labels(results, {("x", "a", "f0"): S, ("x", "a", "f1"): A, ("x", "a", "f2"): S}))
    recall = found["x", "fact_recall"].shares
    assert recall.automatic.value == pytest.approx(3 / 6)
    assert recall.human.value == pytest.approx(4 / 6)
    assert recall.combined.value == pytest.approx(4 / 6)
    assert recall.combined.low is None
    assert recall.combined.reason == "an interval needs at least 8 articles, and there is 1"
    assert (found["x", "fact_recall"].labelled, found["x", "fact_recall"].total) == (3, 3)


def test_articles_count_equally_regardless_of_claims() -> None:
    """One article has faithfulness 1 (one claim), the other 1/3 (three claims): their mean, as in the leaderboard."""
    results = run({"x": {"a": [S], "b": [S]}}, claims={"x": {"a": [S], "b": [S, A, A]}})
    found = estimate(add_labels(results, {("x", "b", "1"): S}))
    assert found["x", "faithfulness"].shares.automatic.value == pytest.approx((1 + 1 / 3) / 2)


def test_several_votes_count_by_their_share() -> None:
    """One of the two people who decided says supported; the third is uncertain and does not count."""
    results, shares = run({"x": {"a": [S]}}), []
    votes: list[tuple[str, Label]] = [("eve", "uncertain"), ("ada", S), ("bob", A), ("bea", S)]
    for name, label in votes:
        results = add_labels(results, {("x", "a", "f0"): label}, name)
        shares.append(estimate(results)["x", "fact_recall"].shares.human.value)
    assert shares == [None, 1.0, 0.5, pytest.approx(2 / 3)]


def test_summary_lacking_a_verdict_has_no_recall() -> None:
    """Article a has recall 1/2. Article b has none, because its second fact has no verdict, but its claim counts."""
    results = run({"x": {"a": [S, A], "b": [S, S]}}, claims={"x": {"a": [S], "b": [A]}})
    checks = tuple(each for each in results.checks if (each.article_id, each.target) != ("b", "f1"))
    estimated = estimate(add_labels(replace(results, checks=checks), {("x", "a", "f0"): S}))
    assert estimated["x", "fact_recall"].shares.automatic.value == 0.5
    assert estimated["x", "fact_recall"].total == 2
    assert estimated["x", "faithfulness"].shares.automatic.value == 0.5


def test_summary_lacking_a_verdict_on_a_claim_has_no_faithfulness() -> None:
    """The summary of b has two sentences, and a verdict on one of them."""
    results = run({"x": {"a": [S], "b": [S]}}, claims={"x": {"a": [S], "b": [A]}})
    first, second = results.summaries
    second = replace(second, generation=Generation("r", "The town is old. Its bridge is new."))
    found = estimate(add_labels(replace(results, summaries=(first, second)), {("x", "a", "0"): S}))
    assert found["x", "faithfulness"].shares.automatic.value == 1.0
    assert found["x", "faithfulness"].total == 1


def test_corrections_are_not_part_of_the_sample() -> None:
    """People correct only wrong verdicts, so such labels alone would say that every verdict is wrong."""
    results = run({"x": {"a": [S] * 6}})
    first, second, *_ = sorted(list_tasks(results), key=lambda task: task.draw)
    corrected = tuple(annotation(task.pair_key, A, drawn=False) for task in (first, second))
    assert estimate(replace(results, labels=corrected))["x", "fact_recall"].labelled == 0
    in_sight = replace(annotation(first.pair_key, A), shown=Shown(False, (), S, "x"))
    assert estimate(replace(results, labels=(in_sight,)))["x", "fact_recall"].labelled == 0


def test_unlabelled_run_has_no_estimates() -> None:
    assert estimate_run(run({"x": {"a": [S]}})) == ([], [])


def test_estimates_use_the_weights_of_the_scorer() -> None:
    results = run({"x": {"a": [S, A]}}, ["essential", "detail"])
    options = {"scorers": [{"kind": "fact_recall", "essential": 9.0, "detail": 1.0}]}
    manifest: Manifest = replace(results.manifest, config=options)
    found = estimate(add_labels(replace(results, manifest=manifest), {("x", "a", "f0"): S}))
    assert found["x", "fact_recall"].shares.automatic.value == pytest.approx(0.9)
