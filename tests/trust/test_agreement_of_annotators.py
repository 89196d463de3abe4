from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from memory_run import A, C, S, WeightedLabel, annotation, pair_keys, run

from harness.records import Label, Results
from harness.trust.agreement import ALL, DRAWN, AnnotatorAgreement, PartAgreement, measure_agreement
from harness.trust.queue import list_tasks


def name_raters(measured: PartAgreement) -> tuple[str, ...]:
    return tuple(rater.name for rater in measured.raters)


def measure(results: Results, said: dict[str, list[Label]]) -> AnnotatorAgreement:
    """Label the pairs, in the order of the run's verdicts, as each person said, and measure the agreement."""
    asked = list(dict.fromkeys(pair_keys(results).values()))
    labels = [
        annotation(key, label, name) for name, given in said.items() for key, label in zip(asked, given, strict=False)
    ]
    return measure_agreement(replace(results, labels=tuple(labels)))


def test_agreement_of_a_person_with_the_verifier() -> None:
    """The two agree on 5 of 8 pairs. Chance agreement: (5·6 + 2·1 + 1·1)/64. Ada says supported 5 times, lexical 6."""
    results = run({"x": {"a": [S, S, S, S, A, S, S, C]}})
    found = measure(results, {"ada": [S, S, S, S, A, A, C, S]})
    first = found.between[0]
    assert (*name_raters(first), first.part, first.pairs) == ("ada", "lexical", ALL, 8)
    same, kappa = first.figures
    assert same.value == 5 / 8
    by_chance = (5 * 6 + 2 * 1 + 1 * 1) / 64
    assert kappa.value == pytest.approx((5 / 8 - by_chance) / (1 - by_chance))
    assert kappa.reason == "an interval needs at least 8 articles, and there is 1"


def test_agreement_by_kind_of_fact_and_of_claims() -> None:
    """The kinds of the facts alternate: event, number, event, number."""
    results = run({"x": {"a": [S, A, S, A]}}, claims={"x": {"a": [S, C]}})
    found = measure(results, {"ada": [S, A, A, A, S, C]})
    shares = {part.part: (part.pairs, part.figures[0].value) for part in found.between if part.part != DRAWN}
    assert shares == {ALL: (6, 5 / 6), "event": (2, 0.5), "number": (2, 1.0), "claims": (2, 1.0)}
    without = replace(results, items=(replace(results.items[0], facts=()),))
    found = measure(without, {"ada": [S, A, S, A, S, "uncertain"]})
    assert {part.part: part.pairs for part in found.between} == {ALL: 5, "removed facts": 4, "claims": 1}


def test_people_together_and_with_each_verifier() -> None:
    results = run({"x": {"a": [S, A, S, A]}})
    found = measure(results, {"ada": [S, A, S, A], "bob": [S, A, A], "eve": [S, A]})
    alphas = {(name_raters(among), among.part): among.pairs for among in found.among}
    assert alphas[("ada", "bob", "eve"), ALL] == 3
    assert alphas[("ada", "bob", "eve", "lexical"), ALL] == 4
    people = ("ada", "bob", "eve")
    pairs = {name_raters(each) for each in found.between}
    assert pairs == {*combinations(people, 2), *((name, "lexical") for name in people)}


def test_person_named_like_a_verifier_is_a_separate_rater() -> None:
    results = run({"x": {"a": [S, A]}})
    found = measure(results, {"lexical": [A, A]})
    assert name_raters(found.between[0]) == ("lexical", "lexical (verifier)")
    assert [dispute.labels for dispute in found.disputes] == [{"lexical": A, "lexical (verifier)": S}]


def test_disputes_are_ordered_by_kind_then_confidence() -> None:
    sure = [WeightedLabel(S, probability) for probability in (0.6, 0.9, 0.7, 1.0)]
    results = run({"x": {"a": [*sure, "uncertain"]}})
    found = measure(results, {"ada": [A, A, A, S, A], "bob": [A, A, S]})
    assert [(dispute.task.hypothesis, dispute.kind) for dispute in found.disputes] == [
        ("Fact 2 of a.", "people differ"),
        ("Fact 1 of a.", "supported by the verifier alone"),
        ("Fact 0 of a.", "supported by the verifier alone"),
    ]
    assert found.disputes[0].labels == {"ada": A, "bob": S, "lexical": S}


def test_corrections_by_another_person_are_not_sampled() -> None:
    """Ada labels the first six drawn pairs; Bob corrects the first two."""
    results = run({"x": {"a": [S] * 10}})
    every = sorted(list_tasks(results), key=lambda task: task.draw)
    labels = [annotation(task.pair_key, S) for task in every[:6]]
    labels += [annotation(task.pair_key, A, "bob", drawn=False) for task in every[:2]]
    labels.append(annotation(every[9].pair_key, S, drawn=False))
    found = measure_agreement(replace(results, labels=tuple(labels)))
    sampled = {name_raters(each): each.pairs for each in found.between if each.part == DRAWN}
    assert sampled == {("ada", "lexical"): 6}
