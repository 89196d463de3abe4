"""The leaderboard: means over articles, their order, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import memory_run
import pytest

from harness.records import Label, Metric, Results, Score
from harness.report.index import Index
from harness.report.scores import Mean, build_leaderboard, collect_scores

RECALL = Metric("fact_recall", "Fact recall", headline=True)
FAITHFULNESS = Metric("faithfulness", "Faithfulness", headline=True)
ROUGE = Metric("rouge2", "ROUGE-2", headline=True)
WORDS = Metric("words", "Words", "neither", "count", headline=True)


def scored(values: Mapping[str, Sequence[float | None]], metric: Metric, *more: Metric) -> Results:
    """A run without verdicts and with scores of one metric; None is a missing value."""
    articles = [f"a{number}" for number in range(max(map(len, values.values())))]
    supported: list[Label] = ["supported"]
    results = memory_run.run({name: dict.fromkeys(articles, supported) for name in values})
    scores = [
        Score(name, article, 0, metric.name, value, "s", reason="timeout" if value is None else None)
        for name, row in values.items()
        for article, value in zip(articles, row, strict=True)
    ]
    return replace(results, checks=(), scores=scores, metrics=(metric, *more))


def mean(results: Results, system: str) -> Mean:
    found = build_leaderboard(Index(results)).mean(system, "fact_recall")
    assert found is not None
    return found


def order(results: Results) -> list[str]:
    return [row.system.name for row in build_leaderboard(Index(results)).rows]


def test_note_says_how_many_articles_a_mean_covers() -> None:
    results = scored({"none": [None] * 3, "x": [0.25, None, 0.75]}, RECALL)
    board, found = build_leaderboard(Index(results)), mean(results, "x")
    assert (found.estimate.mean, found.cell.note) == (0.5, 1)
    assert board.notes[0] == "n = 2 of 3 articles, 1 missing: timeout"
    assert board.mean("none", "fact_recall") is None
    assert order(results) == ["x", "none"]


def test_samples_of_an_article_are_averaged_first(results: Results) -> None:
    """``human`` keeps 2, 1 and 1 of 3 facts on minerals, and 1 and 2 on flood."""
    assert mean(results, "human").estimate.mean == pytest.approx(((2 + 1 + 1) / 9 + (1 + 2) / 6) / 2)


def test_systems_are_sorted_by_wrong_claims_then_facts_then_overlap() -> None:
    facts: dict[str, list[Label]] = {
        "liar": ["supported"] * 3,
        "long": ["supported", "supported", "absent"],
        "short": ["absent"] * 3,
    }
    claims: dict[str, list[Label]] = {"liar": ["absent"], "long": ["supported"], "short": ["supported"]}
    results = memory_run.run(
        {name: {"a": row} for name, row in facts.items()}, claims={name: {"a": row} for name, row in claims.items()}
    )
    rouge = [
        Score(name, "a", 0, "rouge2", value, "s") for name, value in (("liar", 0.9), ("short", 0.8), ("long", 0.1))
    ]
    assert order(replace(results, scores=rouge, metrics=(ROUGE,))) == ["long", "short", "liar"]


def test_overlap_with_references_comes_last_whatever_the_order_in_the_config() -> None:
    results = scored({"x": [0.5]}, ROUGE, WORDS, FAITHFULNESS, RECALL)
    scores = [Score("x", "a0", 0, name, 0.5, "s") for name in ("rouge2", "words", "faithfulness", "fact_recall")]
    board = build_leaderboard(Index(replace(results, scores=scores)))
    assert [metric.name for metric in board.metrics] == ["fact_recall", "faithfulness", "words", "rouge2"]


def test_means_have_intervals_from_eight_articles_on_and_letters() -> None:
    values = [0.1, 0.3, 0.2, 0.5, 0.4, 0.6, 0.35, 0.45]
    assert mean(scored({"x": values[:7]}, RECALL), "x").cell.interval == ""
    results = scored({"x": [value + 0.5 for value in values], "y": values}, RECALL)
    better, worse = mean(results, "x"), mean(results, "y")
    assert (worse.estimate.low or 1) < sum(values) / 8 < (worse.estimate.high or 0)
    assert (better.cell.letters, worse.cell.letters) == ("a", "b")


def test_metrics_without_values_are_left_out_with_the_reason() -> None:
    results = scored({"x": [0.5]}, FAITHFULNESS, RECALL, ROUGE)
    lacking = [Score("x", "a0", 0, each.name, None, "s", reason="I refuse.") for each in (RECALL, ROUGE)]
    board = build_leaderboard(Index(replace(results, scores=[*results.scores, *lacking])))
    assert ([metric.name for metric in board.metrics], board.notes) == (["faithfulness"], ())
    assert board.caption.endswith(". Fact recall and ROUGE-2 are not available: I refuse.")


def test_verifier_only_scores_ignore_peoples_labels() -> None:
    results = scored({"x": [0.9]}, RECALL)
    (score,) = results.scores
    labels = (memory_run.annotation(("coverage", "It is old.", "premise"), "supported"),)
    judged = Index(replace(results, scores=[replace(score, automatic=0.4)], labels=labels))
    means = [collect_scores(index).mean("x", "fact_recall") for index in (judged, judged.verifier_only)]
    assert means == [0.9, 0.4]
