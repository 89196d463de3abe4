"""What moved in a run because of a fact."""

from __future__ import annotations

from harness.records import Metric
from harness.view.fact_changes import ArticleState, Shift, changes

RECALL, LENGTH = Metric("fact_recall", "Fact recall"), Metric("words", "Words", better="neither")
BEFORE = ArticleState(
    ("lead", "oracle", "silent"),
    {},
    {("lead", "fact_recall"): 0.5, ("oracle", "fact_recall"): 0.5, ("lead", "words"): 30.0},
    (RECALL, LENGTH),
)


def test_only_metrics_that_moved_are_told_with_what_they_were() -> None:
    after = ArticleState(
        BEFORE.systems,
        {"lead": ("absent",), "oracle": ("absent", "supported")},
        {**BEFORE.values, ("oracle", "fact_recall"): 0.75},
        BEFORE.metrics,
    )
    found = changes(BEFORE, after)
    assert found.metrics == (RECALL,)
    assert [row.values["fact_recall"] for row in found.rows] == [Shift(0.5, 0.5), Shift(0.5, 0.75), Shift(None, None)]
    assert (found.judged, found.kept) == (["lead", "oracle"], ["oracle"])


def test_where_the_verifier_failed_nobody_is_said_to_lose_the_fact() -> None:
    found = changes(BEFORE, BEFORE)
    assert (found.metrics, found.judged, found.kept) == ((), [], [])
