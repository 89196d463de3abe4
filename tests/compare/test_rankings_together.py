"""Rankings of several tables as one family, and the order without its differences."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from harness.compare.ranking import orders, rank_all, ranking_metric
from harness.compare.table import ScoreTable, tabulate
from harness.records import Metric, Score
from harness.stats.resampling import Resampler

RECALL = Metric("recall", "Recall")


def table(seed: int, gap: float) -> ScoreTable:
    rng = np.random.default_rng(seed)
    rows = {"a": rng.uniform(0.3, 0.7, 10), "b": rng.uniform(0.3, 0.7, 10) - gap}
    return tabulate(
        [Score(name, str(n), 0, "recall", float(x), "s") for name, row in rows.items() for n, x in enumerate(row)],
        [RECALL],
    )


def test_p_is_corrected_for_the_pairs_of_all_tables() -> None:
    tables = [table(1, 0.3), table(2, 0.02), table(3, 0.2)]
    rankings = rank_all(tables, "recall", Resampler(0))
    raw = [ranking.pair_tests[0].difference.p for ranking in rankings]
    corrected = [ranking.pair_tests[0].p for ranking in rankings]
    np.testing.assert_allclose(np.array(corrected, dtype=float), multipletests(raw, method="holm")[1])
    assert {ranking.tests for ranking in rankings} == {3}


@pytest.mark.parametrize("gap", [0.0, 0.3])
def test_the_order_is_that_of_the_ranking(gap: float) -> None:
    [ranking] = rank_all([table(4, gap)], "recall", Resampler(0))
    found = orders(table(4, gap), ["recall"], Resampler(0))["recall"]
    assert (found.places, found.tests) == (ranking.places, ranking.tests)


def test_fact_recall_ranks_if_it_is_a_headline_else_the_first_metric_with_a_direction() -> None:
    rouge, words = Metric("rouge", "R", headline=True), Metric("words", "W", better="neither", headline=True)
    recall = Metric("fact_recall", "F", headline=True)
    assert ranking_metric([words, rouge, recall]) == recall
    assert ranking_metric([words, rouge, Metric("fact_recall", "F")]) == rouge
    assert ranking_metric([words]) is None
