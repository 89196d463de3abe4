"""Scores as systems × articles × metrics, and systems merged into sides."""

import numpy as np

from harness.compare.table import NO_SCORE, ScoreTable, merge_sides, tabulate
from harness.records import Metric, Score

RECALL, WORDS = Metric("recall", "Recall"), Metric("words", "Words", format="count")


def score(place: str, value: float | None, sample: int = 0, metric: str = "recall", reason: str | None = None) -> Score:
    system, article = place.split("/")
    return Score(system, article, sample, metric, value, "sig", reason)


def table() -> ScoreTable:
    rows = [
        score("a/one", 0.2),
        score("a/one", 0.6, sample=1),
        score("a/two", None, reason="refusal"),
        score("a/three", 1.0),
        score("b/one", 0.5),
        score("b/two", 0.7),
        score("b/two", None, sample=1, reason="timeout"),
        score("a/one", 80, metric="words"),
        score("a/one", 3, metric="other"),
    ]
    return tabulate(rows, [RECALL, WORDS], ["one", "two", "three", "four"], ["a", "b", "silent"])


def test_column_has_means_over_samples_and_counts_missing() -> None:
    column = table().column("a", "recall")
    np.testing.assert_allclose(column.values, [0.4, 1.0])
    assert (column.missing, column.scale) == (2, "share")


def test_pair_has_only_shared_articles() -> None:
    first, second = table().pair("a", "b", "recall")
    np.testing.assert_allclose(first, [0.4])
    np.testing.assert_allclose(second, [0.5])


def test_reasons_count_articles_without_a_score() -> None:
    reasons = table().reasons
    assert reasons["a", "recall"] == {"refusal": 1, NO_SCORE: 1}
    assert reasons["b", "recall"] == {"timeout": 1, NO_SCORE: 2}
    assert reasons["silent", "recall"] == {NO_SCORE: 4}


def test_scale_is_of_the_format_unless_a_value_lies_outside_it() -> None:
    assert table().scale("words") == "count"
    assert make_run(a=[1.2, 0.5, 0.5]).scale("recall") == "plain"


def make_run(**systems: list[float | None]) -> ScoreTable:
    scores = [
        Score(system, article, 0, "recall", value, "s", None if value is not None else "refused")
        for system, values in systems.items()
        for article, value in zip("xyz", values, strict=True)
    ]
    return tabulate(scores, [RECALL], ["x", "y", "z"], list(systems))


def test_side_is_the_mean_of_its_systems_if_all_have_a_value() -> None:
    """x: (0.2 + 0.4) / 2; y: missing, because ``b`` has no value; z: (1 + 0) / 2."""
    both = merge_sides({"run": make_run(a=[0.2, 0.9, 1.0], b=[0.4, None, 0.0])}, {"side": [("run", "a"), ("run", "b")]})
    column = both.column("side", "recall")
    np.testing.assert_allclose(column.values, [0.3, 0.5])
    assert column.missing == 1
    assert both.reasons["side", "recall"] == {"refused": 1}
