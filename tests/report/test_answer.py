"""Which system a report recommends, on verdicts that are written down here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import judged_run
import pytest
from judged_run import Said, Verdicts, annotation, questions

from harness.records import Label, Metric, Results, Role, Score, System
from harness.report.answer import advise, answer, warn_of_missing_verdicts
from harness.report.index import Index

S, C, A, U = Said("supported"), Said("contradicted"), Said("absent"), Said("uncertain")


def run(facts: Mapping[str, Sequence[Said]], claims: Mapping[str, Sequence[Said]], **roles: Role) -> Results:
    """A run on one article; all facts are essential."""
    in_article: Verdicts = {name: {"a": row} for name, row in facts.items()}
    found = judged_run.run(in_article, ("essential",) * 9, claims={name: {"a": row} for name, row in claims.items()})
    return with_roles(found, **roles)


def with_roles(results: Results, **roles: Role) -> Results:
    systems = tuple(replace(system, role=roles.get(system.name, "system")) for system in results.manifest.systems)
    return replace(results, manifest=replace(results.manifest, systems=systems))


def without_facts(results: Results) -> Results:
    checks = tuple(check for check in results.checks if check.use == "grounding")
    return replace(results, items=tuple(replace(item, facts=()) for item in results.items), checks=checks)


def advice(results: Results) -> dict[str, str]:
    return {each.name: each.advice for each in advise(Index(results)) if each.tally.system.role == "system"}


TRUE_AND_FALSE = run(
    {"true": [S, S, S], "false": [C, C, S], "lead": [S, A, A]},
    {"true": [S, S], "false": [C, A, A], "lead": [S]},
    lead="floor",
)


@pytest.mark.parametrize("results", [TRUE_AND_FALSE, without_facts(TRUE_AND_FALSE)])
def test_true_summaries_are_recommended_and_false_ones_are_not(results: Results) -> None:
    assert advice(results) == {"true": "use", "false": "mostly wrong"}
    first, *rest = answer(Index(results))
    assert first.startswith("Use true: ")
    assert any(line.startswith("Avoid false (3 of 3 claims)") for line in rest)


def test_keeping_most_facts_does_not_outweigh_more_errors_than_the_floor() -> None:
    results = run({"liar": [S, S, S], "lead": [S, A, A]}, {"liar": [S, S, A], "lead": [S, S, S]}, lead="floor")
    assert advice(results) == {"liar": "more wrong"}
    assert answer(Index(results))[0].startswith("Publish none of these summaries unedited: ")


def test_without_a_floor_one_error_is_too_many() -> None:
    assert advice(run({"x": [S]}, {"x": [S, S, S, A]})) == {"x": "more wrong"}


def test_a_system_that_another_one_beats_on_facts_and_does_not_lose_to_on_claims_is_second_best() -> None:
    results = run({"long": [S, S, S], "short": [S, A, A]}, {"long": [S, S, S], "short": [S]})
    assert advice(results) == {"long": "use", "short": "second best"}


def test_a_floor_that_keeps_more_facts_is_better() -> None:
    results = run({"x": [S, A, A], "lead": [S, S, A]}, {"x": [S], "lead": [S]}, lead="floor")
    assert advice(results) == {"x": "second best"}


def test_undecided_facts_that_could_close_the_gap_leave_both_to_choose_from() -> None:
    results = run({"one": [S, S, A], "two": [S, U, A]}, {"one": [S], "two": [S]})
    assert advice(results) == {"one": "use", "two": "use"}


def test_a_system_with_too_many_errors_is_no_rival_however_much_it_keeps() -> None:
    """Whether ``liar`` is worse on claims depends on the undecided ones of ``true``; it still has the only error."""
    results = run(
        {"true": [S, A, A], "liar": [S, S, S], "lead": [A, A, A]},
        {"true": [S, S, U], "liar": [S, S, A], "lead": [S]},
        lead="floor",
    )
    assert advice(results) == {"true": "use", "liar": "more wrong"}


def test_undecided_claims_do_not_count_as_wrong_but_are_to_be_read() -> None:
    results = run({"x": [S]}, {"x": [S, U]})
    assert advice(results) == {"x": "use"}
    assert "1 of its claims is undecided: read it first." in answer(Index(results))


def test_without_verdicts_on_claims_nothing_is_recommended() -> None:
    results = run({"x": [S], "y": [A]}, {})
    assert advice(results) == {"x": "unchecked", "y": "unchecked"}
    assert "x keeps the most: 1 of 1 essential facts kept." in answer(Index(results))


def test_a_system_that_was_checked_on_too_few_articles_is_not_recommended() -> None:
    articles = [f"a{number}" for number in range(10)]
    verdicts: Verdicts = {"x": {article: [S] for article in articles}, "y": {"a0": [S]}}
    assert advice(judged_run.run(verdicts, claims=verdicts)) == {"x": "use", "y": "incomplete"}


def test_with_enough_articles_only_significant_differences_count() -> None:
    """Recall is 0.9 and 0.5 on each of 12 articles in one run; in the other one the sign of the difference varies."""
    articles = [f"a{number}" for number in range(12)]
    row: Verdicts = {name: {article: [S, A] for article in articles} for name in ("x", "y")}
    results = judged_run.run(row, claims=row)
    metrics = (
        Metric("fact_recall", "Fact recall", headline=True),
        Metric("faithfulness", "Faithfulness", headline=True),
    )

    def scored(recall: Mapping[str, Sequence[float]]) -> Results:
        scores = [
            Score(system, article, 0, metric.name, value if metric.name == "fact_recall" else 0.5 + value / 100, "s")
            for system, values in recall.items()
            for article, value in zip(articles, values, strict=True)
            for metric in metrics
        ]
        floor = System("lead", "lead", "lead", None, None, "lead", "floor")
        manifest = replace(results.manifest, systems=(*results.manifest.systems, floor))
        checks = [
            check if check.use == "coverage" else replace(check, verdict=replace(check.verdict, label="supported"))
            for check in results.checks
        ]
        return replace(results, manifest=manifest, checks=checks, scores=scores, metrics=metrics)

    varied = [0.02 * number for number in range(12)]
    assert advice(scored({"x": [0.9 - each for each in varied], "y": [0.5 - each for each in varied]})) == {
        "x": "use",
        "y": "second best",
    }
    signs = [0.1 * (-1) ** number for number in range(12)]
    assert advice(scored({"x": [0.5 + each for each in signs], "y": [0.51 - each for each in signs]})) == {
        "x": "use",
        "y": "use",
    }


def test_verdicts_that_the_verifier_could_not_give_are_missing_and_not_errors() -> None:
    results = run({"x": [S, S], "y": [S, S]}, {"x": [S, S], "y": [S, S]})
    checks = tuple(
        replace(
            check, verdict=replace(check.verdict, label="uncertain", abstained=True, reason="the judge gave no JSON")
        )
        for check in results.checks
    )
    silent = Index(replace(results, checks=checks))
    assert warn_of_missing_verdicts(silent).startswith("8 of 8 verdicts are missing: the judge gave no JSON.")
    assert answer(silent) == ("No verdict could be given, so this report cannot say which summaries to use.",)
    half = Index(replace(results, checks=(*list(results.checks)[:4], *checks[4:])))
    assert warn_of_missing_verdicts(half).startswith("4 of 8 verdicts are missing")
    assert warn_of_missing_verdicts(Index(results)) == ""


def test_labels_of_people_decide() -> None:
    results = run({"x": [A]}, {"x": [S]})
    asked = questions(results)
    labels: tuple[tuple[str, Label], ...] = (("f0", "supported"), ("0", "contradicted"))
    labelled = replace(results, labels=tuple(annotation(asked["x", "a", target], label) for target, label in labels))
    assert advice(labelled) == {"x": "mostly wrong"}
    assert advice(results) == {"x": "use"}


def test_one_article_is_said_to_show_nothing_about_the_systems() -> None:
    assert any(line.startswith("How sure? One article") for line in answer(Index(TRUE_AND_FALSE)))


def test_a_run_without_verdicts_says_so() -> None:
    results = run({"x": [S]}, {})
    first, *_ = answer(Index(replace(results, checks=())))
    assert first.startswith("Nothing was checked")


def test_floor_and_ceiling_alone_are_no_choice() -> None:
    assert answer(Index(run({"lead": [S]}, {"lead": [S]}, lead="floor")))[0].startswith("This run has only floor")
