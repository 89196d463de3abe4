"""Columns that are worked out from other columns."""

from __future__ import annotations

from harness import plugins
from harness.compare.table import ScoreTable, tabulate
from harness.records import Metric, Results, Score
from harness.report.derived import DERIVED, Derived, with_derived
from harness.report.report import report
from harness.report.tables import metrics_table
from harness.seams import Scorer

RECALL, WORDS = Metric("fact_recall", "Fact recall"), Metric("words", "Words", format="count")
PER_WORD = Derived(
    Metric("per_word", "Recall per word"), ("fact_recall", "words"), lambda recall, words: recall / words
)


def table(recall: list[float | None], words: list[float | None]) -> ScoreTable:
    """One system, an article a value."""
    scores = [
        Score("lead", f"a{number}", 0, metric.name, value, "s", reason=None if value is not None else "gone")
        for metric, values in ((RECALL, recall), (WORDS, words))
        for number, value in enumerate(values)
    ]
    return tabulate(scores, [RECALL, WORDS])


def test_it_is_worked_out_article_by_article() -> None:
    """1 / 4 and .5 / 10."""
    derived = with_derived(table([1.0, 0.5], [4, 10]), (PER_WORD,))
    assert derived.column("lead", "per_word").values.tolist() == [0.25, 0.05]


def test_what_is_missing_or_divided_by_zero_has_no_value_and_the_reason() -> None:
    derived = with_derived(table([1.0, None, 0.5], [4, 10, 0]), (PER_WORD,))
    column = derived.column("lead", "per_word")
    assert (column.values.tolist(), column.missing) == ([0.25], 2)
    assert derived.reasons["lead", "per_word"] == {"it cannot be worked out from Fact recall and Words there": 2}


def test_what_is_missing_for_one_reason_alone_has_that_reason() -> None:
    assert with_derived(table([1.0, None], [4, 10]), (PER_WORD,)).reasons["lead", "per_word"] == {"gone": 1}


def test_a_run_that_lacks_what_it_is_worked_out_from_lacks_it_too() -> None:
    alone = tabulate([Score("lead", "a", 0, "words", 4, "s")], [WORDS])
    assert with_derived(alone, (PER_WORD,)) is alone


def test_it_stands_in_the_table_of_all_metrics_and_not_among_the_headlines(results: Results) -> None:
    found = report(results)
    assert "Fact recall per 100 words ↑" in [row.cells[0] for row in metrics_table(found.everything).rows]
    assert "recall_per_100_words" not in [metric.name for metric in found.board.metrics]


def test_what_comes_with_harness_is_worked_out_from_metrics_of_its_scorers() -> None:
    """A column whose parts no scorer gives would stand nowhere, without a word."""
    needs_options = {"evaluate"}
    scorers = [plugins.find(Scorer, kind)() for kind in plugins.kinds(Scorer) if kind not in needs_options]
    given = {metric.name for scorer in scorers for metric in scorer.metrics()}
    assert {name for column in DERIVED for name in column.of} <= given
    assert given.isdisjoint(column.metric.name for column in DERIVED)
