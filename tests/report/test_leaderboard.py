"""The table of metrics: means, what is missing, and the order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.records import Metric, Results
from harness.report.index import Index
from harness.report.leaderboard import Mean, MetricTable, headlines, table


def board(results: Results) -> MetricTable:
    return table(Index(results), [metric for metric in results.metrics if metric.headline])


def cell(found: MetricTable, system: str, metric: str) -> Mean:
    place = [column.name for column in found.metrics].index(metric)
    return next(row.cells[place] for row in found.rows if row.system.name == system)


def test_a_mean_is_over_articles_of_the_mean_over_samples(results: Results) -> None:
    """human: (2/5 + 2/5 + 0) / 3 on one article and (0 + 1/2 + 2/2) / 3 on the other."""
    found = cell(board(results), "human", "fact_recall")
    assert found.value == pytest.approx(((0.4 + 0.4 + 0) / 3 + (0 + 0.5 + 1) / 3) / 2)
    assert (found.form, found.note) == ("0.38", None)


def test_an_article_without_a_value_is_out_of_the_mean_and_in_a_note(results: Results) -> None:
    found = board(results)
    broken = cell(found, "broken/<script>alert(1)</script>", "rouge1")
    assert (broken.value, broken.note) == (0.5, 1)
    assert found.notes[0].startswith("n = 1 of 2 articles, 1 missing: the model gave nothing but white space")


def test_a_sample_without_a_value_is_told_though_its_article_has_one(results: Results) -> None:
    scores = tuple(
        replace(score, value=None, reason="too short")
        if (score.system, score.article_id, score.sample, score.metric) == ("human", "flood", 0, "fact_recall")
        else score
        for score in results.scores
    )
    found = board(replace(results, scores=scores))
    human = cell(found, "human", "fact_recall")
    assert human.note is not None
    assert found.notes[human.note - 1] == "n = 2 of 2 articles, 1 summary left out: too short"


def test_a_system_that_has_nothing_keeps_its_row_and_says_why(results: Results) -> None:
    found = board(replace(results, summaries=(), scores=()))
    assert {row.system.name for row in found.rows} == {system.name for system in results.manifest.systems}
    assert {(cell.value, cell.form) for row in found.rows for cell in row.cells} == {(None, "–")}
    assert found.notes == ("n = 0 of 2 articles, 2 missing: none was asked for (2 summaries)",)


def test_a_summary_that_no_scorer_saw_is_said_to_be_unscored(results: Results) -> None:
    found = board(replace(results, scores=()))
    assert found.notes[0] == "n = 0 of 2 articles, 2 missing: it was not scored (2 summaries)"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_never_reaches_a_mean(results: Results, value: float) -> None:
    scores = tuple(
        replace(score, value=value) if (score.system, score.article_id) == ("lead", "flood") else score
        for score in results.scores
    )
    found = board(replace(results, scores=scores))
    lead = cell(found, "lead", "fact_recall")
    assert lead.value == 0.4
    assert lead.note is not None
    assert found.notes[lead.note - 1] == ("n = 1 of 2 articles, 1 missing: the scorer gave a number that is not finite")


def test_many_reasons_are_cut_to_the_commonest(results: Results) -> None:
    scores = tuple(
        replace(score, value=None, reason=f"reason {number}")
        for number, score in enumerate(score for score in results.scores if score.metric == "rouge1")
    )
    found = board(replace(results, scores=scores, metrics=results.metrics[:1]))
    human = cell(found, "human", "rouge1")
    assert human.note is not None
    assert found.notes[human.note - 1].endswith("; and 3 other reasons")


def test_floor_and_ceiling_stand_apart_and_each_group_has_its_best_first(results: Results) -> None:
    groups = [(group.role, [row.system.name for row in group.rows]) for group in board(results).groups]
    assert groups == [
        ("system", ["smollm2/key-facts", "smollm2/plain", "broken/<script>alert(1)</script>"]),
        ("floor", ["lead"]),
        ("ceiling", ["oracle", "human"]),
    ]


def test_a_metric_that_is_better_lower_ranks_the_lowest_first_and_missing_values_last(results: Results) -> None:
    seconds = Metric("seconds", "Seconds", better="lower", format="seconds", headline=True)
    wanted = {"smollm2/plain": 2.0, "smollm2/key-facts": 1.0}
    scores = tuple(
        replace(score, value=wanted.get(score.system), reason=None if score.system in wanted else "not timed")
        for score in results.scores
        if score.metric == "seconds"
    )
    found = board(replace(results, metrics=(seconds,), scores=scores))
    assert [row.system.name for row in found.groups[0].rows] == [
        "smollm2/key-facts",
        "smollm2/plain",
        "broken/<script>alert(1)</script>",
    ]
    assert found.order == "Sorted by Seconds."


def test_without_a_headline_that_has_a_direction_the_config_gives_the_order(results: Results) -> None:
    words = results.metrics[3:4]
    found = table(Index(replace(results, metrics=words)), words)
    assert (found.ranked_by, found.order) == (None, "")
    assert next(row.system.name for row in found.groups[0].rows) == "smollm2/plain"


def test_a_headline_that_no_system_has_a_value_of_is_a_note_and_orders_nothing(results: Results) -> None:
    """rouge1 is the first metric, and fact_recall would order the rows."""
    scores = tuple(
        replace(score, value=None, reason="no facts") if score.metric == "fact_recall" else score
        for score in results.scores
    )
    found = headlines(Index(replace(results, scores=scores)))
    assert "fact_recall" not in [metric.name for metric in found.metrics]
    assert found.notes[-1].startswith("Fact recall: n = 0 of 2 articles, 2 missing: no facts (")
    assert found.order == "Sorted by ROUGE-1."
    without = headlines(Index(replace(results, scores=())))
    assert [metric.name for metric in without.metrics] == ["rouge1", "fact_recall", "facts_contradicted"]


def test_essential_facts_that_are_not_kept_stand_in_the_place_of_those_lost(results: Results) -> None:
    """Three of three contradicted are none lost, and three not kept."""
    counted = {"essential_lost": 0.0, "essential_contradicted": 3.0, "essential_undecided": 1.0}
    metrics = tuple(
        Metric(name, name, better="lower", format="count", headline=name == "essential_lost") for name in counted
    )
    scores = [
        replace(score, metric=name, value=value)
        for name, value in counted.items()
        for score in results.scores
        if score.metric == "words"
    ]
    run = replace(results, metrics=(*metrics, *results.metrics), scores=(*results.scores, *scores))
    found = headlines(Index(run))
    assert [metric.title for metric in found.metrics][:2] == ["Essential facts not kept", "ROUGE-1"]
    assert cell(found, "smollm2/plain", "essential_not_kept").value == 4
