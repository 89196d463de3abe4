"""Which system a report recommends, on verdicts that are written down here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import memory_run
import pytest
from memory_run import Verdicts, WeightedLabel, annotation, pair_keys
from report_page import render_in_terminal

from harness.records import LABELS, Article, Check, Generation, Metric, Results, Role, Score, Summary
from harness.report.answer import advise, answer, warn_of_missing_verdicts
from harness.report.index import Index

S, C, A, U = map(WeightedLabel, LABELS)


def run(
    facts: Mapping[str, Sequence[WeightedLabel]], claims: Mapping[str, Sequence[WeightedLabel]], **roles: Role
) -> Results:
    """A run on one article; all facts are essential."""
    in_article: Verdicts = {name: {"a": row} for name, row in facts.items()}
    found = memory_run.run(in_article, ("essential",) * 9, claims={name: {"a": row} for name, row in claims.items()})
    return with_roles(found, **roles)


def with_roles(results: Results, **roles: Role) -> Results:
    systems = tuple(replace(system, role=roles.get(system.name, "system")) for system in results.manifest.systems)
    return replace(results, manifest=replace(results.manifest, systems=systems))


def without_facts(results: Results) -> Results:
    checks = tuple(check for check in results.checks if check.use == "grounding")
    return replace(results, items=tuple(replace(item, facts=()) for item in results.items), checks=checks)


def suggest(results: Results, number: int) -> Results:
    """Mark the first facts of the article as unreviewed suggestions."""
    (item,) = results.items
    facts = tuple(replace(fact, unreviewed=at < number) for at, fact in enumerate(item.facts))
    return replace(results, items=(replace(item, facts=facts),))


def abstain(results: Results, lost: Callable[[Check], bool]) -> Results:
    """Let the verifier abstain on some pairs."""
    checks = [
        replace(check, verdict=replace(check.verdict, label="uncertain", abstained=True, reason="no JSON"))
        if lost(check)
        else check
        for check in results.checks
    ]
    return replace(results, checks=checks)


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
    assert any(line == "Avoid false (3 of 3 claims wrong or invented)." for line in rest)
    assert any(line.startswith("How sure? One article") for line in rest)


@pytest.mark.parametrize(
    ("facts", "claims", "expected"),
    [
        pytest.param(
            {"liar": [S, S, S], "lead": [S, A, A]}, {"liar": [S, S, A], "lead": [S, S, S]}, {"liar": "more wrong"},
            id="more errors than the floor outweigh more facts",
        ),
        pytest.param({"x": [S]}, {"x": [S, S, S, A]}, {"x": "to check"}, id="without a floor, errors need a check"),
        pytest.param({"x": [S]}, {"x": [S, C]}, {"x": "mostly wrong"}, id="half of the claims wrong are too many"),
        pytest.param(
            {"long": [S, S, S], "short": [S, A, A]}, {"long": [S, S, S], "short": [S]},
            {"long": "use", "short": "second best"},
            id="better on facts and equal on claims",
        ),
        pytest.param(
            {"x": [S, A, A], "lead": [S, S, A]}, {"x": [S], "lead": [S]}, {"x": "second best"},
            id="a floor that keeps more facts is better",
        ),
        pytest.param(
            {"one": [S, S, A], "two": [S, U, A]}, {"one": [S], "two": [S]}, {"one": "use", "two": "use"},
            id="undecided facts could close the gap",
        ),
        pytest.param(
            {"true": [S, A, A], "liar": [S, S, S], "lead": [A, A, A]},
            {"true": [S, S, U], "liar": [S, S, A], "lead": [S]},
            {"true": "use", "liar": "more wrong"},
            id="a system with too many errors is no rival, even if undecided claims of the other could be worse",
        ),
    ],
)  # fmt: skip  # a table
def test_advice(
    facts: Mapping[str, Sequence[WeightedLabel]],
    claims: Mapping[str, Sequence[WeightedLabel]],
    expected: Mapping[str, str],
) -> None:
    assert advice(run(facts, claims, lead="floor")) == expected


def test_reasons_against_all_systems_are_true_of_each() -> None:
    """One system is mostly wrong, and still below its floor; another was checked on one of two articles."""
    wrong = run({"x": [S], "lead": [S]}, {"x": [C, C, C, S, S], "lead": [C, C, S]}, lead="floor")
    assert "Publish none of these summaries unedited: they have wrong or invented claims." in answer(Index(wrong))
    verdicts: Verdicts = {"x": {"a": [S]}, **{name: {"a": [S], "b": [S]} for name in ("y", "lead")}}
    claims: Verdicts = {**verdicts, "y": {"a": [S, C], "b": [S, S]}}
    part = with_roles(memory_run.run(verdicts, claims=claims), lead="floor")
    assert advice(part) == {"x": "incomplete", "y": "more wrong"}
    assert "each system with enough verdicts has a larger share" in answer(Index(part))[0]


def test_system_with_the_fewest_edits_is_the_one_to_start_from() -> None:
    """Without its wrong claims, a summary that lacks most facts is still no good."""
    facts, claims = {"x": [A, A, A], "y": [S, S, S], "lead": [A, A, A]}, {"x": [C, S, S], "y": [C, C, S, S, S]}
    lines = answer(Index(run(facts, claims | {"lead": [S]}, lead="floor")))
    assert "If you edit, start from y: 3 of 3 essential facts kept, 2 of 5 claims wrong or invented." in lines


def test_possible_false_alarm_is_to_be_checked_if_there_is_no_floor() -> None:
    first, *_ = answer(Index(run({"x": [S], "y": [S]}, {"x": [S, S, A], "y": [C, C]})))
    assert first == "Use x only after a check: 1 of 1 essential facts kept, 1 of 3 claims wrong or invented."


def test_few_errors_that_nobody_judged_may_be_false_alarms() -> None:
    """Floors copy, so the verifier supports all of their claims; it also rejects about a tenth of sound claims."""
    claims = {"x": [S] * 9 + [A], "y": [S] * 8 + [C, A], "lead": [S]}
    results = run({"x": [S, A], "y": [S, S], "lead": [S, A]}, claims, lead="floor")
    assert advice(results) == {"x": "to check", "y": "more wrong"}
    first, second, *_ = answer(Index(results))
    assert first == "Use x only after a check: 1 of 2 essential facts kept, 1 of 10 claims wrong or invented."
    assert "false alarms" in second
    assert advice(memory_run.add_labels(results, {("x", "a", "9"): "absent"}))["x"] == "more wrong"
    beaten = run({"x": [S, A], "lead": [S, S]}, {"x": claims["x"], "lead": [S]}, lead="floor")
    assert advice(beaten) == {"x": "second best"}


def test_more_facts_do_not_outweigh_more_errors() -> None:
    results = run({"x": [S, S], "y": [S, A], "lead": [A, A]}, {"x": [S, S, C], "y": [S, S], "lead": [C]}, lead="floor")
    assert answer(Index(results))[0] == "Use y or x: neither is clearly better."


def test_one_essential_fact_more_is_not_better_with_fewer_facts_in_all() -> None:
    results = run({"x": [S, A], "lead": [S, S]}, {"x": [S], "lead": [S]}, lead="floor")
    scores = [Score("x", "a", 0, "fact_recall", 0.9, "s"), Score("lead", "a", 0, "fact_recall", 0.7, "s")]
    metrics = (Metric("fact_recall", "Fact recall", headline=True),)
    assert advice(replace(results, scores=scores, metrics=metrics)) == {"x": "use"}


def test_floor_is_not_better_because_of_suggested_facts() -> None:
    results = run({"x": [S, A, A], "lead": [S, S, A]}, {"x": [S], "lead": [S]}, lead="floor")
    assert advice(suggest(results, 3)) == {"x": "use"}
    floors: dict[str, Role] = {"lead": "floor", "random": "floor"}
    claims = {"x": [S, C, S, S], "lead": [S, S], "random": [C, S]}
    results = run({name: [S, S] for name in claims}, claims, **floors)
    first, second = (answer(Index(suggest(results, number)))[0] for number in (1, 2))
    assert first.endswith("does better, but automatically suggested facts favour copying.")
    assert second.endswith("does better.")


def test_copies_of_articles_are_not_recommended() -> None:
    results = run({"copy": [S, S], "x": [S, A], "y": [A, A]}, {"copy": [S, S, A], "x": [S], "y": [C, S, S]})
    generation = Generation("r", results.items[0].article.text)
    first, *others = results.summaries
    copied = replace(results, summaries=(replace(first, generation=generation), *others))
    assert advice(copied) == {"copy": "too long", "x": "use", "y": "to check"}
    empty = replace(results.items[0], article=Article("empty", ""))
    missing = Summary("x empty", "x", "empty", 0, Generation("r", None, "the article is empty"))
    also = replace(copied, items=(*copied.items, empty), summaries=(*copied.summaries, missing))
    assert advice(also)["x"] == "use"
    assert "Missing summaries, not counted against the system: x 1 of 2." in answer(Index(also))


def test_undecided_claims_do_not_count_as_wrong_but_must_be_read() -> None:
    results = run({"x": [S, U, A]}, {"x": [S, U]})
    assert advice(results) == {"x": "use"}
    first, *others = answer(Index(results))
    assert first == "Use x: 1–2 of 3 essential facts kept, 0–1 of 2 claims wrong or invented."
    assert "1 of its claims is undecided: read it first." in others


def test_without_verdicts_on_claims_nothing_is_recommended() -> None:
    results = run({"x": [S], "y": [A]}, {})
    assert advice(results) == {"x": "unchecked", "y": "unchecked"}
    assert "x keeps the most: 1 of 1 essential facts kept." in answer(Index(results))
    part = memory_run.run({"x": {"a": [S]}, "y": {"a": [S], "b": [A]}})
    assert "y keeps the most: 1 of 2 facts kept." in answer(Index(part)), "x has one of the two articles only"


def test_system_without_checked_claims_is_not_recommended() -> None:
    results = run({"x": [S], "y": [A]}, {"x": [S]})
    assert "Too few verdicts on y (no claim checked)." in answer(Index(results))
    assert "No claim of this system was checked." in render_in_terminal(results, 100)
    refusals = tuple(replace(each, generation=Generation("r", None, "I refuse.")) for each in results.summaries)
    silent = replace(results, checks=list(results.checks)[:1], summaries=refusals)
    assert "This system has no summary: I refuse.\n" in render_in_terminal(silent, 100)


def test_a_system_that_was_checked_on_too_few_articles_is_not_recommended() -> None:
    articles = [f"a{number}" for number in range(10)]
    verdicts: Verdicts = {"x": {article: [S] for article in articles}, "y": {"a0": [S]}}
    assert advice(memory_run.run(verdicts, claims=verdicts)) == {"x": "use", "y": "incomplete"}
    wrong = memory_run.run(verdicts, claims={**verdicts, "y": {"a0": [C, S]}})
    assert advice(wrong)["y"] == "mostly wrong", "missing summaries do not hide that it is to be avoided"
    results = memory_run.run(dict.fromkeys("xy", verdicts["x"]), claims=dict.fromkeys("xy", verdicts["x"]))
    lost = abstain(results, lambda check: (check.system, check.article_id) == ("y", "a0"))
    assert advice(lost) == {"x": "use", "y": "incomplete"}
    few: Verdicts = {"y": {"a0": [S]}, "lead": verdicts["x"]}  # copies are decided in any language
    unread = with_roles(memory_run.run(few, claims=few), lead="floor")
    assert advice(unread) == {"y": "use"}
    (certainty,) = (line for line in answer(Index(unread)) if line.startswith("How sure? One article"))
    assert certainty.endswith("No system under test has verdicts on more than 1 of 10 articles.")


VARIED, SIGNS = [0.02 * number for number in range(12)], [0.1 * (-1) ** number for number in range(12)]


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        pytest.param(
            [0.9 - each for each in VARIED], [0.5 - each for each in VARIED], "second best",
            id="x has the higher recall on each article",
        ),
        pytest.param(
            [0.5 + each for each in SIGNS], [0.51 - each for each in SIGNS], "use",
            id="the sign of the difference varies",
        ),
        pytest.param(
            [0.0] + [0.51] * 19, [None] + [0.5] * 19, "second best",
            id="x has the lower mean, as y lacks the hardest article",
        ),
    ],
)  # fmt: skip  # a table
def test_with_enough_articles_only_significant_differences_on_shared_articles_count(
    x: Sequence[float], y: Sequence[float | None], expected: str
) -> None:
    articles = [f"a{number:02}" for number in range(len(x))]
    row: Verdicts = {name: {article: [S] for article in articles} for name in ("x", "y", "lead")}
    results = with_roles(memory_run.run(row, claims=row), lead="floor")
    scores = [
        Score(system, article, 0, metric, value, "s")
        for system, values in (("x", x), ("y", y))
        for article, kept in zip(articles, values, strict=True)
        for metric, value in (("fact_recall", kept), ("faithfulness", 0.5))
    ]
    scores += [Score("lead", article, 0, "faithfulness", 1.0, "s") for article in articles]  # not fewer wrong claims
    metrics = tuple(Metric(name, name, headline=True) for name in ("fact_recall", "faithfulness"))
    assert advice(replace(results, scores=scores, metrics=metrics)) == {"x": "use", "y": expected}


def test_verdicts_that_the_verifier_could_not_give_are_missing_not_errors() -> None:
    results = run({"x": [S, S], "y": [S, S]}, {"x": [S, S], "y": [S, S]})
    silent = Index(abstain(results, lambda _: True))
    assert warn_of_missing_verdicts(silent).startswith("8 of 8 verdicts are missing: no JSON.")
    assert answer(silent) == ("No verdict could be given, so this report cannot say which summaries to use.",)
    assert warn_of_missing_verdicts(Index(abstain(results, lambda check: check.system == "y"))).startswith("4 of 8 ")
    assert warn_of_missing_verdicts(Index(results)) == ""


def test_system_lacking_most_verdicts_is_neither_recommended_nor_a_rival() -> None:
    """The verdicts that x has are better than those of y."""
    results = run({"x": [S] * 3, "y": [S, A, A]}, {"x": [S] * 3, "y": [S] * 3})
    lost = {("x", "f1"), ("x", "f2"), ("x", "0"), ("x", "1")}
    most_of_x = abstain(results, lambda check: (check.system, check.target) in lost)
    assert advice(most_of_x) == {"x": "incomplete", "y": "use"}


def test_people_overrule_the_verifier() -> None:
    results = run({"x": [A]}, {"x": [S]})
    asked = pair_keys(results)
    labels = tuple(annotation(asked["x", "a", target], given.label) for target, given in (("f0", S), ("0", C)))
    assert advice(replace(results, labels=labels)) == {"x": "mostly wrong"}
    assert advice(results) == {"x": "use"}


def test_runs_without_verdicts_or_systems_say_so() -> None:
    unchecked = replace(run({"x": [S]}, {}), checks=())
    assert answer(Index(unchecked))[0].startswith("Nothing was checked")
    assert ["Add facts" in answer(Index(each))[0] for each in (unchecked, without_facts(unchecked))] == [False, True]
    broken = replace(unchecked.manifest, problems=("verifier judge: 1 of 1 verdict missing: no key",))
    assert answer(Index(replace(unchecked, manifest=broken)))[0].startswith("No verdict could be given")
    assert answer(Index(run({"lead": [S]}, {"lead": [S]}, lead="floor")))[0].startswith("This run has only floor")
    failed = Summary("x a", "x", "a", 0, Generation("r", None, "timed out"))
    assert answer(Index(replace(unchecked, manifest=broken, summaries=(failed,))))[0].startswith("No system wrote")
    floor = run({"lead": [S], "x": []}, {"lead": [S]}, lead="floor")
    copied, *_ = floor.summaries
    first, *rest = answer(Index(replace(floor, summaries=(copied, failed))))
    assert first == "Publish none of these summaries unedited: too few of them were checked."
    assert "Too few verdicts on x (no claim checked)." in rest
    assert not any(line.startswith("How sure?") for line in rest)
