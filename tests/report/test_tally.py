"""How verdicts are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import memory_run
import pytest
from memory_run import WeightedLabel

from harness.records import Generation, Importance, Label, Results
from harness.report.index import Index
from harness.report.tally import Split, count_verdicts

LABELS: tuple[Label, ...] = ("supported", "contradicted", "absent", "uncertain")


@pytest.mark.parametrize(("essential", "noun"), [(("essential",) * 4, "essential fact"), ((), "fact")])
def test_each_label_counts_once_and_only_essential_facts_count_if_there_are_any(
    essential: Sequence[Importance], noun: str
) -> None:
    labels = [*LABELS, "absent"] if essential else LABELS
    counts = count_verdicts(Index(memory_run.run({"x": {"a": labels}}, essential)))
    assert (counts.noun, counts.tallies["x"].facts) == (noun, Split(1, 1, 1, 1))


def test_articles_are_summed_and_samples_averaged(results: Results) -> None:
    """``human`` has three references of each article. Of three essential facts on minerals one keeps two, one keeps one
    and one keeps none, with one undecided; of one on flood two keep none and one keeps it."""
    human = count_verdicts(Index(results)).tallies["human"]
    assert human.facts.supported == pytest.approx((2 + 1 + 0) / 3 + 1 / 3)
    assert human.facts.uncertain == pytest.approx(1 / 3)
    assert human.facts.total == pytest.approx(4)
    assert human.several


def test_an_abstention_counts_neither_for_nor_against() -> None:
    results = memory_run.run({"x": {"a": ["supported", "uncertain"]}})
    first, second = results.checks
    silent = replace(second, verdict=replace(second.verdict, abstained=True, reason="unsupported language"))
    counts = count_verdicts(Index(replace(results, checks=(first, silent))))
    assert counts.tallies["x"].facts == Split(supported=1, missing=1)
    assert counts.tallies["x"].facts.total == 1
    assert counts.missing == {"unsupported language": 1}


def test_a_contradicted_fact_is_an_error_and_a_lost_one_only_if_it_is_essential() -> None:
    facts: list[Label] = ["absent", "contradicted", "absent"]
    tally = count_verdicts(Index(memory_run.run({"x": {"a": facts}}, ("essential", "detail", "detail")))).tallies["x"]
    assert [(error.check.target, error.label) for error in tally.fact_errors] == [
        ("f1", "contradicted"),
        ("f0", "absent"),
    ]


def test_claims_are_listed_worst_first_and_likely_errors_before_unlikely_ones() -> None:
    claims = [
        WeightedLabel("uncertain"),
        WeightedLabel("absent"),
        WeightedLabel("supported"),
        WeightedLabel("contradicted"),
    ]
    tally = count_verdicts(Index(memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": claims}}))).tallies["x"]
    assert [error.check.target for error in tally.claim_errors] == ["3", "1", "0"]
    assert tally.claims == Split(1, 1, 1, 1)


def test_lists_are_cut_and_counts_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.tally.NAMED", 1)
    results = memory_run.run({"x": {"a": ["absent"], "b": ["absent"]}}, ("essential",))
    tally = count_verdicts(Index(results)).tallies["x"]
    assert (len(tally.fact_errors), tally.fact_labels["absent"]) == (1, 2)


def test_a_summary_without_text_counts_as_missing() -> None:
    results = memory_run.run({"x": {"a": ["supported"], "b": ["supported"]}})
    one, other = results.summaries
    failed = replace(other, generation=Generation("r", None, "timeout"))
    found = replace(results, summaries=(one, failed), checks=list(results.checks)[:1])
    tally = count_verdicts(Index(found)).tallies["x"]
    assert (tally.without_text, tally.summaries, tally.articles) == ({"timeout": 1}, 2, 1)
    assert tally.facts.total == 1


def test_a_sentence_that_the_token_limit_cut_off_is_counted(results: Results) -> None:
    cut = [
        replace(each, generation=replace(each.generation, text="It is old. It has a", finish="length"))
        for each in results.summaries
    ]
    tallies = count_verdicts(Index(replace(results, summaries=cut))).tallies
    assert tallies["smollm2/key-facts"].cut_off == 2
