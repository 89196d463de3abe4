"""The table of metrics: means, what is missing, and the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from judged_run import Said, run

from harness.records import Label, Metric, Results
from harness.report.answer import answer
from harness.report.index import Index
from harness.report.leaderboard import Mean, MetricTable, headlines, table
from harness.scorers.fact_recall import FactRecall
from harness.stages.score import cases, score


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


def with_bounds(results: Results, most: dict[str, float]) -> Results:
    """The run with what fact recall would be if all that is undecided was kept; as it is where ``most`` names none."""
    metric = Metric("fact_recall.at_most", "Fact recall, undecided facts counted as kept")
    scores = [
        replace(score, metric=metric.name, value=most.get(score.system, score.value))
        for score in results.scores
        if score.metric == "fact_recall"
    ]
    return replace(results, metrics=(*results.metrics, metric), scores=(*results.scores, *scores))


@pytest.mark.parametrize(
    ("most", "sentence"),
    [
        ({}, "An undecided fact counts as not kept; counting all as kept would not change the order."),
        (
            {"smollm2/key-facts": 0.9, "lead": 0.9},
            "An undecided fact counts as not kept; counting all as kept would not change the order.",
        ),
        (
            {"smollm2/plain": 0.8},
            (
                "An undecided fact counts as not kept. If some counted as kept, the order could change: "
                "smollm2/plain could reach 0.80."
            ),
        ),
    ],
)
def test_the_leaderboard_says_whether_undecided_facts_could_change_its_order(
    results: Results, most: dict[str, float], sentence: str
) -> None:
    assert headlines(Index(with_bounds(results, most))).undecided == sentence
    assert headlines(Index(results)).undecided == ""


def judged(labels: Mapping[str, Sequence[Label | Said]], scorer: FactRecall) -> Results:
    """A run of one article, scored by this scorer."""
    found = run({system: {"a": row} for system, row in labels.items()})
    scores, _ = score([scorer], cases(found.items, list(found.summaries), list(found.checks)))
    manifest = replace(found.manifest, scorers={"fact_recall": scorer.signature()})
    return replace(found, manifest=manifest, scores=tuple(scores), metrics=tuple(scorer.metrics()))


def test_no_fact_is_called_undecided_where_none_is() -> None:
    labels: dict[str, list[Label | Said]] = {"m": ["supported", "absent"], "n": ["supported", "contradicted"]}
    assert headlines(Index(judged(labels, FactRecall()))).undecided == "No fact is undecided."


def test_of_sums_of_probabilities_no_bounds_are_said() -> None:
    """m's nine lost facts count 0.3 each: by labels it keeps less than its recall, undecided fact and all."""
    labels: dict[str, list[Label | Said]] = {
        "m": [*[Said("absent", 0.4)] * 9, "uncertain"],
        "n": [*[Said("absent", 0.99)] * 9, "supported"],
    }
    assert headlines(Index(judged(labels, FactRecall(soft=True)))).undecided == ""
    assert headlines(Index(judged(labels, FactRecall()))).undecided == (
        "An undecided fact counts as not kept; counting all as kept would not change the order."
    )


def test_floor_and_ceiling_alone_are_told_apart_from_systems_and_have_what_is_undecided(results: Results) -> None:
    bounds = tuple(system for system in results.manifest.systems if system.role != "system")
    alone = replace(with_bounds(results, {"lead": 0.9}), manifest=replace(results.manifest, systems=bounds))
    index = Index(alone)
    assert headlines(index).undecided.startswith("An undecided fact counts as not kept")
    first, second, *_ = answer(index, headlines(index))
    assert first == "No system is under test here, only floor and ceiling."
    assert second.startswith("Of the essential facts the floor (sentences picked without a model) keeps ")


def test_an_undecided_claim_is_said_to_count_against_its_system(results: Results) -> None:
    """plain's only undecided claim is one of three; with it, faithfulness would be 0.4."""
    metrics = (
        Metric("faithfulness", "Faithfulness", headline=True),
        Metric("faithfulness.at_most", "Faithfulness, undecided claims counted as supported"),
    )
    scores = [
        replace(score, metric=metric.name, value=0.4 if score.system == "smollm2/plain" and at else 0.0)
        for at, metric in enumerate(metrics)
        for score in results.scores
        if score.metric == "fact_recall"
    ]
    scored = replace(results, metrics=(*results.metrics, *metrics), scores=(*results.scores, *scores))
    assert headlines(Index(scored)).undecided.endswith(
        "An undecided claim counts as not supported: 1 here. If all counted as supported, smollm2/plain could reach "
        "0.40."
    )


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
