"""The answer of a comparison of two runs: what changed, what is missing, and which systems are unchanged."""

from __future__ import annotations

from pathlib import Path

from stored_runs import Labels, Plan, opened, write

from harness.compare.changes import VerifiedSummaries, attach_verdicts, compare_summaries
from harness.compare.comparison import Comparison, ComparisonOptions, compare
from harness.compare.report import render
from harness.compare.report.document import document
from harness.compare.stored import BriefCheck
from harness.records import Generation, Label, Summary

KEPT: list[Label | None] = ["supported"] * 4
FACTS: Labels = {"lead": {"main": KEPT, "place": KEPT}}
VALUES = {"lead": {"fact_recall": [0.5] * 4, "faithfulness": [1.0] * 4}}


def compared(folder: Path, old: Plan, new: Plan) -> Comparison:
    return compare(opened(write(folder / "old", old), write(folder / "new", new)), ComparisonOptions("run"))


def answer(folder: Path, old: Plan, new: Plan) -> tuple[str, ...]:
    return document(compared(folder, old, new)).answer


def test_run_that_lost_all_summaries_is_not_unchanged(tmp_path: Path) -> None:
    gone = Plan({"lead": {"fact_recall": [None] * 4, "faithfulness": [None] * 4}}, texts={"lead": [None] * 4})
    found = compared(tmp_path, Plan(VALUES, FACTS), gone)
    assert document(found).answer == (
        "lead, old → new: no article has Fact recall on both sides; 4 summaries missing now.",
    )
    text = " ".join(render(found, "terminal").split())
    assert "No article has a value on both sides: lead." in text
    assert "No metric differs" not in text


def test_missing_summaries_are_counted(tmp_path: Path) -> None:
    half = Plan(
        {"lead": {"fact_recall": [0.5, 0.5, 0.5, None], "faithfulness": [1.0, 1.0, None, None]}},
        {"lead": {"main": [*KEPT[:3], None], "place": [*KEPT[:3], None]}},
        {"lead": ["Summary of a00.", "Summary of a01.", "Summary of a02.", None]},
    )
    found = compared(tmp_path, Plan(VALUES, FACTS), half)
    missing = "1 summary missing now, no value of Faithfulness on 2 articles now"
    assert document(found).answer == (f"lead, old → new: Fact recall stays at 0.50; {missing}.",)
    text = " ".join(render(found, "terminal").split())
    assert "No metric differs on any article that has a value on both sides: lead." in text


def test_summaries_that_were_missing_before_are_a_change(tmp_path: Path) -> None:
    """For example after an interrupted run was resumed."""
    old = Plan({"lead": {"fact_recall": [0.5, None]}}, texts={"lead": ["Summary of a00.", None]})
    assert answer(tmp_path, old, Plan({"lead": {"fact_recall": [0.5, 0.5]}})) == (
        "lead, old → new: Fact recall stays at 0.50; 1 summary missing before.",
    )


def test_fallen_metric_is_named_if_the_ranking_metric_is_unchanged(tmp_path: Path) -> None:
    fallen = Plan({"lead": {"fact_recall": [0.5] * 4, "faithfulness": [0.0, 0.0, 0.1, 0.3]}}, FACTS)
    assert answer(tmp_path, Plan(VALUES, FACTS), fallen) == (
        "lead, old → new: Fact recall stays at 0.50; Faithfulness 1.00 → 0.10.",
    )


def test_equal_means_with_different_articles_are_a_change(tmp_path: Path) -> None:
    old, new = (
        Plan({"lead": {"fact_recall": [0.5] * 3, "faithfulness": row}}) for row in ([0.2, 0.4, 1], [0.4, 0.2, 1])
    )
    assert answer(tmp_path, old, new) == (
        "lead, old → new: Fact recall stays at 0.50; Faithfulness differs on 2 articles.",
    )


def test_reworded_summary_is_a_change(tmp_path: Path) -> None:
    reworded = Plan(VALUES, FACTS, {"lead": ["Other words.", *(f"Summary of a0{number}." for number in (1, 2, 3))]})
    assert answer(tmp_path, Plan(VALUES, FACTS), reworded) == (
        "lead, old → new: Fact recall stays at 0.50; the text changed in 1 of 4 summaries.",
    )


def test_other_run_time_is_no_change(tmp_path: Path) -> None:
    """No two runs take the same time."""
    slow, fast = (Plan({"lead": {"fact_recall": [0.5] * 4, "seconds": [each] * 4}}) for each in (2.0, 1.0))
    assert answer(tmp_path, slow, fast) == ("Unchanged: lead.",)


def test_wrong_claims_are_counted_over_shared_summaries(tmp_path: Path) -> None:
    """11 of 12 summaries are unchanged, each with a wrong claim; the twelfth changed and became wrong."""
    values = {"lead": {"fact_recall": [0.5] * 12}}
    texts = [f"Summary of a{number:02}." for number in range(11)]
    old = Plan(values, claims={"lead": [*["contradicted"] * 11, "supported"]})  # type: ignore[list-item]  # a literal
    new = Plan(values, texts={"lead": [*texts, "Other words."]}, claims={"lead": ["contradicted"] * 12})
    assert answer(tmp_path, old, new) == ("lead, old → new: Fact recall stays at 0.50; wrong claims 11 → 12.",)


def test_repeated_wrong_sentence_counts_each_time() -> None:
    def written(text: str, *claims: tuple[str, Label]) -> VerifiedSummaries:
        checks = [
            BriefCheck("m", "a", str(at), claim, 0, "grounding", label, abstained=False, by_people=False)
            for at, (claim, label) in enumerate(claims)
        ]
        return attach_verdicts([Summary("k", "m", "a", 0, Generation("r", text))], checks)

    wrong: tuple[str, Label] = ("The deal was signed.", "contradicted")
    found = compare_summaries(written("x", *[wrong] * 5), written("y", wrong, ("Rain fell.", "supported")))
    (change,) = found.changes
    assert (change.unsupported, found.wrong) == ((5, 1), (5, 1))
