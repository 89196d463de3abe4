"""Systems put together into sides."""

from __future__ import annotations

import numpy as np

from harness.compare.table import NO_SCORE, ScoreTable, merge_sides, tabulate
from harness.records import Metric, Score

RECALL = Metric("recall", "Recall")


def table(**systems: list[float | None]) -> ScoreTable:
    scores = [
        Score(system, article, 0, "recall", value, "s", None if value is not None else "refused")
        for system, values in systems.items()
        for article, value in zip("xyz", values, strict=True)
    ]
    return tabulate(scores, [RECALL], ["x", "y", "z"])


def test_side_is_the_mean_of_its_systems_if_all_have_a_value() -> None:
    """x: (0.2 + 0.4) / 2; y: one refused, so the mean would be of another system than on x; z: (1 + 0) / 2."""
    both = merge_sides([table(a=[0.2, 0.9, 1.0], b=[0.4, None, 0.0])], {"side": [(0, "a"), (0, "b")]})
    column = both.column("side", "recall")
    np.testing.assert_allclose(column.values, [0.3, 0.5])
    assert column.missing == 1
    assert both.reasons["side", "recall"] == {"refused": 1}


def test_one_system_in_two_runs_makes_two_sides() -> None:
    runs = [table(a=[0.1, 0.2, 0.3]), table(a=[0.5, None, 0.7])]
    first, second = merge_sides(runs, {"old": [(0, "a")], "new": [(1, "a")]}).pair("new", "old", "recall")
    np.testing.assert_allclose(first - second, [0.4, 0.4])


def test_unknown_system_is_missing_with_a_reason() -> None:
    found = merge_sides([table(a=[0.1, 0.2, 0.3])], {"a": [(0, "a")], "b": [(0, "b")]})
    assert (found.column("b", "recall").values.size, found.column("b", "recall").missing) == (0, 3)
    assert found.reasons["b", "recall"] == {NO_SCORE: 3}
