from __future__ import annotations

from dataclasses import replace

from memory_run import A, S, add_labels, annotation, pair_keys, run

from harness.records import Agreement, Label, Results
from harness.trust.labelling import build_corpus, find_fitted_articles, name_part
from harness.trust.meta_eval import compare_verifiers
from harness.verifiers.lexical import Lexical


def make_labelled_run(said: dict[str, list[Label]], articles: tuple[str, ...] = ("a",)) -> Results:
    """Make the labels that each person gives to the two facts of every article."""
    results = run({"x": {name: [S, A] for name in articles}})
    for name, labels in said.items():
        places = {("x", article, f"f{at}"): label for article in articles for at, label in enumerate(labels)}
        results = add_labels(results, places, name)
    return results


def test_corpus_has_a_row_per_pair_grouped_by_article() -> None:
    found = build_corpus(make_labelled_run({"ada": [S, A]}))
    assert [(row.pair.hypothesis, row.label, row.group, row.system, row.kind) for row in found.labelled] == [
        ("Fact 0 of a.", "supported", "a", "x", "event"),
        ("Fact 1 of a.", "absent", "a", "x", "number"),
    ]
    assert [row.pair.premise for row in found.labelled] == ["Summary of a by x."] * 2


def test_removed_fact_is_not_a_claim() -> None:
    made = run({"x": {"a": [S]}}, claims={"x": {"a": [S]}})
    labels = tuple(annotation(each, S) for each in pair_keys(made).values())
    without = replace(made, items=(replace(made.items[0], facts=()),), labels=labels)
    assert [row.kind for row in build_corpus(without).labelled] == ["", "claim"]


def test_summary_shared_by_two_systems_counts_for_each() -> None:
    """Two systems share a summary, a third has another; a claim is not a row by system."""
    made = run({"x": {"a": [S, A]}, "y": {"a": [S, A]}, "z": {"a": [A, A]}}, claims={"x": {"a": [S]}})
    first, second, third = made.summaries
    shared = replace(made, summaries=(first, replace(second, generation=first.generation), third))
    found = build_corpus(replace(shared, labels=tuple(annotation(each, S) for each in pair_keys(shared).values())))
    assert [row.system for row in found.labelled] == ["x", "x", "x", "z", "z"]
    assert found.facts_by_system is not None
    assert [(row.system, row.pair.hypothesis) for row in found.facts_by_system] == [
        ("x", "Fact 0 of a."),
        ("y", "Fact 0 of a."),
        ("x", "Fact 1 of a."),
        ("y", "Fact 1 of a."),
        ("z", "Fact 0 of a."),
        ("z", "Fact 1 of a."),
    ]


def test_pair_without_a_majority_is_unsure() -> None:
    given: list[list[Label]] = [[S, A], ["uncertain"]]
    for labels in given:
        found = build_corpus(make_labelled_run({f"p{number}": [label] for number, label in enumerate(labels)}))
        assert (found.labelled, found.unsure) == ((), 1)


def test_each_article_is_a_part_of_the_corpus() -> None:
    """A corpus names the labels of each article, so that a verifier fitted to them is recognised."""
    first, more = build_corpus(make_labelled_run({"ada": [S]})), build_corpus(make_labelled_run({"ada": [S, A]}))
    assert set(first.sources) == {"a/labels.jsonl"}
    assert first.sources != more.sources
    assert more.find_overlap(first.sources) == "a/labels.jsonl"  # although people labelled more pairs since
    assert more.find_overlap({"b/labels.jsonl": "0"}) is None


def test_labels_that_a_verifier_was_fitted_to_are_recognised() -> None:
    first, more = build_corpus(make_labelled_run({"ada": [S]})), build_corpus(make_labelled_run({"ada": [S, A]}))

    class FittedOnLabels(Lexical):
        def agreement(self) -> Agreement:
            return Agreement("labels", 1, 2, 0.8, 0.8, 0.1, "here", "2026-11-25", fitted=first.sources)

    renamed = replace(first, name="others", parts={}, digest=first.sources[name_part("a")])
    corpora = (first, renamed, more)
    found = [compare_verifiers(each, {"x": FittedOnLabels()}, 0).measured[0].learned_these for each in corpora]
    assert found == [True, True, False]


def test_articles_that_the_verifier_was_fitted_to_are_left_out() -> None:
    results = make_labelled_run({"ada": [S, A]}, ("a", "b"))
    known = Agreement("labels", 1, 2, 0.8, 0.8, 0.1, "its calibration", "2026-11-25", fitted={name_part("a"): "0"})
    fitted = replace(results, manifest=replace(results.manifest, agreement=known))
    assert find_fitted_articles(results) == frozenset()
    assert find_fitted_articles(fitted) == {"a"}
