"""The answer of a comparison of two runs: what changed, what is missing, and which systems are unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
from stored_runs import Labels, Plan, compare_plans

from harness.compare.changes import VerifiedSummaries, attach_verdicts, compare_summaries
from harness.compare.report.document import document
from harness.compare.stored import BriefCheck
from harness.document import terminal
from harness.records import Generation, Label, Summary

KEPT: list[Label | None] = ["supported"] * 4
FACTS: Labels = {"lead": {"main": KEPT, "place": KEPT}}
VALUES = {"lead": {"fact_recall": [0.5] * 4, "faithfulness": [1.0] * 4}}
TEXTS = [f"Summary of a{number:02}." for number in range(12)]

PLAN = Plan(VALUES, FACTS)
TWELVE = {"lead": {"fact_recall": [0.5] * 12}}
WRONG: list[Label] = ["contradicted"] * 12
CHANGES = {
    "all summaries are missing": (
        PLAN,
        Plan({"lead": {"fact_recall": [None] * 4, "faithfulness": [None] * 4}}, texts={"lead": [None] * 4}),
        "no article has a value for Fact recall on both sides; 4 summaries missing now",
    ),
    "a summary and a value are missing": (
        PLAN,
        Plan(
            {"lead": {"fact_recall": [0.5, 0.5, 0.5, None], "faithfulness": [1.0, 1.0, None, None]}},
            {"lead": {"main": [*KEPT[:3], None], "place": [*KEPT[:3], None]}},
            {"lead": [*TEXTS[:3], None]},
        ),
        "Fact recall stays at 0.50; 1 summary missing now, no value for Faithfulness on 2 articles now",
    ),
    "a summary was missing before an interrupted run was resumed": (
        Plan({"lead": {"fact_recall": [0.5, None]}}, texts={"lead": [TEXTS[0], None]}),
        Plan({"lead": {"fact_recall": [0.5, 0.5]}}),
        "Fact recall stays at 0.50; 1 summary missing before",
    ),
    "a metric that does not rank fell": (
        PLAN,
        Plan({"lead": {"fact_recall": [0.5] * 4, "faithfulness": [0.0, 0.0, 0.1, 0.3]}}, FACTS),
        "Fact recall stays at 0.50; Faithfulness 1.00 → 0.10",
    ),
    "a metric has the same mean on different articles": (
        Plan({"lead": {"fact_recall": [0.5] * 3, "faithfulness": [0.2, 0.4, 1.0]}}),
        Plan({"lead": {"fact_recall": [0.5] * 3, "faithfulness": [0.4, 0.2, 1.0]}}),
        "Fact recall stays at 0.50; Faithfulness differs on 2 articles",
    ),
    "a summary has other words": (
        PLAN,
        Plan(VALUES, FACTS, {"lead": ["Other words.", *TEXTS[1:4]]}),
        "Fact recall stays at 0.50; the text changed in 1 of 4 summaries",
    ),
    "the last of twelve summaries became wrong": (
        Plan(TWELVE, claims={"lead": [*WRONG[:11], "supported"]}),
        Plan(TWELVE, texts={"lead": [*TEXTS[:11], "Other words."]}, claims={"lead": WRONG}),
        "Fact recall stays at 0.50; wrong claims 11 → 12",
    ),
}  # fmt: skip  # a table


@pytest.mark.parametrize(("old", "new", "change"), CHANGES.values(), ids=CHANGES)
def test_answer_says_what_changed(tmp_path: Path, old: Plan, new: Plan, change: str) -> None:
    found = compare_plans(tmp_path, old, new)
    assert document(found).answer == (f"lead, old → new: {change}.",)
    if change.startswith("no article"):
        text = " ".join(terminal.render(document(found)).split())
        assert "lead: no article has a value on both sides." in text
        assert "no metric differs" not in text


def test_different_run_time_is_not_a_change(tmp_path: Path) -> None:
    """No two runs take the same time."""
    plans = [Plan({"lead": {"fact_recall": [0.5] * 4, "seconds": [seconds] * 4}}) for seconds in (2.0, 1.0)]
    assert document(compare_plans(tmp_path, *plans)).answer == ("Unchanged: lead.",)


@pytest.mark.parametrize(("samples", "missing"), [([], 3), ([0], 0), ([0, 1, 2], 0)])
def test_samples_that_a_run_did_not_request_are_not_missing(samples: list[int], missing: int) -> None:
    def written(numbers: list[int]) -> VerifiedSummaries:
        return attach_verdicts([Summary("k", "m", "a", number, Generation("r", "Text.")) for number in numbers], [])

    assert compare_summaries(written(samples), written([0, 1, 2])).missing == (missing, 0)


def test_repeated_wrong_sentence_counts_each_time_but_no_abstention_and_no_summary_of_one_run() -> None:
    def written(text: str, *claims: tuple[str, Label]) -> VerifiedSummaries:
        checks = [
            BriefCheck("m", "a", str(at), claim, 0, "grounding", label, abstained=label == "uncertain", by_people=False)
            for at, (claim, label) in enumerate(claims)
        ]
        return attach_verdicts([Summary("k", "m", "a", 0, Generation("r", text))], checks)

    wrong: tuple[str, Label] = ("The deal was signed.", "contradicted")
    before = {**written("x", *[wrong] * 5), ("a", 1): written("z", wrong)["a", 0]}
    found = compare_summaries(before, written("y", wrong, ("Rain fell.", "supported"), ("Snow fell.", "uncertain")))
    (change,) = found.changes
    assert (change.unsupported, found.wrong) == ((5, 1), (5, 1))
