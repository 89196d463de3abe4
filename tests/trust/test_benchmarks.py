"""The statements of the kinds benchmark are distinct; the REALSumm benchmark reproduces published correlations."""

from __future__ import annotations

import importlib
from itertools import chain
from typing import Any

import pytest
from resources import FOLDER, ROOT, labelled_data

from benchmarks.quality.kinds import read_statements


def test_statements_are_distinct_and_not_verbatim() -> None:
    pairs = list(chain.from_iterable(read_statements().values()))
    assert len({pair.hypothesis for pair in pairs}) == len(pairs)
    assert not any(pair.hypothesis in pair.premise for pair in pairs)


BY_OTHERS = {"rouge1.recall": (0.5291, 0.5018), "rouge2.recall": (0.4561, 0.4299)}
"""Summary-level Pearson and Spearman by rouge-score 0.1.2 (use_stemmer=True) and scipy's pearsonr and spearmanr."""

PUBLISHED = {"rouge1.recall": (0.524, 0.496), "rouge2.recall": (0.451, 0.419)}
"""The same, computed from the scores that REALSumm ships (ROUGE-1.5.5, single votes): close, but not equal."""


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    labelled_data("realsumm_coverage.jsonl")
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setenv("HARNESS_LABELLED_DATA", str(FOLDER))
    return importlib.import_module("benchmarks.quality.realsumm")


@pytest.mark.slow
def test_correlations_against_scipy_and_the_paper(benchmark: Any) -> None:
    """The correlations equal those of independent tools and are close to the published ones."""
    planned, people = benchmark.make_plan(FOLDER), benchmark.read_human_scores(FOLDER)
    assert (len(planned.systems), len(planned.items), len(people)) == (25, 100, 2500)
    scores = benchmark.score_rouge(planned)
    for metric, expected in BY_OTHERS.items():
        pearson, spearman = benchmark.correlate(scores, metric, people)[0]
        values = (pearson.value, spearman.value)
        assert values == pytest.approx(expected, abs=0.001)
        assert values == pytest.approx(PUBLISHED[metric], abs=0.011)
        assert pearson.low < PUBLISHED[metric][0] < pearson.high
