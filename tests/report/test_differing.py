"""What is undecided is neither different nor wrong."""

from __future__ import annotations

from judged_run import run

from harness.report.report import report


def test_a_verdict_that_is_undecided_differs_from_none() -> None:
    found = run({"x": {"a": ["supported", "supported"]}, "y": {"a": ["uncertain", "absent"]}})
    assert report(found).page(0).differing == {2}


def test_a_summary_counts_its_undecided_claims_apart_from_the_wrong_ones() -> None:
    found = run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["contradicted", "uncertain", "supported", "absent"]}})
    [[card]] = report(found).page(0).cards
    assert card.problems_in_words == "1 wrong, 1 not in the article, 1 undecided of 4 claims"
