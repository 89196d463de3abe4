"""What a report says about who gave the verdicts and how often they are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from memory_run import annotation, pair_keys, run

from harness.document import labels
from harness.records import Agreement, Probabilities, Results, Shown, Use, Verdict
from harness.report.index import Index
from harness.report.tally import count_verdicts
from harness.report.trust import assess, describe_tests

AGREEMENT = Agreement("REALSumm", 100, 26_400, 0.774, 0.836, 0.031, "its <card>", "2026-11-25")
CLAIMS = {
    "true_claims": 238.0, "true_passed": 0.54, "true_called_wrong": 0.03,
    "false_claims": 70.0, "false_passed": 0.31, "false_called_wrong": 0.19,
}  # fmt: skip  # a table


def short(results: Results) -> str:
    return assess(results, count_verdicts(Index(results))).short


def test_results_on_claims_come_first_then_facts_then_the_test_data() -> None:
    measured = list(describe_tests(replace(AGREEMENT, out_of_fold=CLAIMS)))
    assert measured[0].startswith(
        "In tests, the verifier marked 54% of true claims as supported and 3% as wrong; "
        "of false claims, 19% as wrong and 31% as supported. "
    )
    assert "77%" in measured[1]
    assert "26,400 facts labelled by people (REALSumm, 100 articles)" in measured[2]
    assert "and 70 claims with an injected error; the verifier's calibration error was 0.03 on facts" in measured[2]


def test_unmeasured_numbers_come_with_the_command_that_measures_them() -> None:
    first, *_ = describe_tests(AGREEMENT)
    assert "77%" in first
    assert first.endswith("Its errors on claims were not measured; harness selftest counts them on your articles.")
    assert "then run harness meta-eval" in next(describe_tests(None))


@pytest.mark.parametrize(
    ("use", "worded"),
    [
        ("coverage", "the summary says 14 where the fact says 40; the premises stay"),
        ("grounding", "the article says 14 where the claim says 40; the premises stay"),
    ],
)
def test_reason_names_summary_and_article(use: Use, worded: str) -> None:
    said = "the premise says 14 where the statement says 40; the premises stay"
    given = Verdict("contradicted", Probabilities(0.1, 0.8, 0.1), None, "entailment", said)
    assert labels.format_reason(given, use) == worded


@pytest.mark.parametrize("annotators", [("ada",), ("ada", "bob")])
def test_verifier_is_compared_with_peoples_labels(annotators: Sequence[str]) -> None:
    judged = run({"x": {"a": ("supported",)}}, claims={"x": {"a": ["absent"]}})
    labelled = [annotation(key, "absent", annotator=name) for key in pair_keys(judged).values() for name in annotators]
    line = short(replace(judged, labels=tuple(labelled)))
    who = "One person (annotator “ada”)" if len(annotators) == 1 else "2 people (annotators “ada” and “bob”)"
    assert line.startswith(f"{who} judged all 2 verdicts; ")
    assert line.endswith("agrees with these labels on 1 of 2 statements, and finds 1 of 1 wrong or invented claim.")
    seen = tuple(replace(label, shown=Shown(False)) for label in labelled)
    assert "with the verdict visible, so they do not show" in short(replace(judged, labels=seen))
    half = short(replace(judged, labels=(*labelled[: len(annotators)], *seen[len(annotators) :])))
    assert "agrees with the labels given with its verdict hidden on" in half
    others = [replace(label, annotator=f"not {label.annotator}", label="contradicted") for label in labelled]
    assert "These labels decide no statement" in short(replace(judged, labels=(*labelled, *others)))


def test_caution_of_the_agreement_follows_the_first_result_even_if_people_judged() -> None:
    results = run({"x": {"a": ["supported"]}})
    changed = replace(AGREEMENT, caution="The code has changed.")
    results = replace(results, manifest=replace(results.manifest, agreement=changed))
    assert short(results).endswith("The code has changed.")
    judged = replace(results, labels=tuple(annotation(key, "absent") for key in pair_keys(results).values()))
    assert assess(judged, count_verdicts(Index(judged))).details[0].endswith("The code has changed.")


def test_two_verifiers_of_one_kind_are_named_by_their_signatures() -> None:
    results = run({"x": {"a": ("supported", "absent")}}, verifier="lexical|code:1a")
    first, second = results.checks
    second = replace(second, verdict=replace(second.verdict, verifier="lexical|threshold:0.5|code:2b"))
    named = short(replace(results, checks=(first, second)))
    assert "lexical|code:1a and lexical|threshold:0.5|code:2b" in named
