"""What the systems under test make of a fact differs where both are decided."""

from __future__ import annotations

from judged_run import run

from harness.report.report import report


def test_a_verdict_that_is_undecided_differs_from_none() -> None:
    found = run({"x": {"a": ["supported", "supported"]}, "y": {"a": ["uncertain", "absent"]}})
    assert report(found).page(0).differing == {2}
