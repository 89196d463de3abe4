"""The benchmarks: distinct statements, measurements that resume, and published correlations."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from resources import FOLDER, labelled_data

from benchmarks.quality import realsumm
from benchmarks.quality.checker import ask
from benchmarks.quality.kinds import read_statements
from harness.records import Case, Pair, Summary
from harness.scorers.rouge import Rouge
from harness.verifiers.lexical import Lexical


def test_statements_are_distinct_and_not_verbatim() -> None:
    pairs = list(chain.from_iterable(read_statements().values()))
    assert len({pair.hypothesis for pair in pairs}) == len(pairs)
    assert not any(pair.hypothesis in pair.premise for pair in pairs)


def test_a_measurement_resumes_after_an_unfinished_line(tmp_path: Path) -> None:
    pairs = [Pair("The ferry costs 3 million.", f"It costs {number} million.") for number in range(3)]
    answers = ask(Lexical(), pairs, tmp_path)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    for missing in (2, 3):  # bytes
        file.write_bytes(whole[:-missing])
        assert [ask(Lexical(), pairs, tmp_path) for _ in range(2)] == [answers] * 2
        assert file.read_bytes() == whole


BY_OTHERS = {"rouge1.recall": (0.5291, 0.5018), "rouge2.recall": (0.4561, 0.4299)}
"""Summary-level Pearson and Spearman by rouge-score 0.1.2 (use_stemmer=True) and scipy's pearsonr and spearmanr."""

PUBLISHED = {"rouge1.recall": (0.524, 0.496), "rouge2.recall": (0.451, 0.419)}
"""The same, computed from the scores that REALSumm ships (ROUGE-1.5.5, single votes): close, but not equal."""


@pytest.mark.slow
def test_correlations_against_scipy_and_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The correlations equal those of independent tools and are close to the published ones."""
    labelled_data("realsumm_coverage.jsonl")
    monkeypatch.setenv("HARNESS_LABELLED_DATA", str(FOLDER))  # ``make_plan`` sets it too
    planned, people = realsumm.make_plan(FOLDER), realsumm.read_human_scores(FOLDER)
    assert (len(planned.systems), len(planned.items), len(people)) == (25, 100, 2500)
    (model,) = planned.config.models.values()
    asked = {each.id: each for system in planned.systems for each in planned.requests(system, planned.items)}
    made = [(asked[each.request_id], each) for each in model.generate([*asked.values()])]
    cases = [Case(it.item, Summary(it.id, it.system, it.item.article.id, it.sample, each)) for it, each in made]
    scores = Rouge().score(cases)
    for metric, expected in BY_OTHERS.items():
        pearson, spearman = realsumm.correlate(scores, metric, people)[0]
        values = (pearson.value, spearman.value)
        assert values == pytest.approx(expected, abs=0.001)
        assert values == pytest.approx(PUBLISHED[metric], abs=0.011)
        assert (pearson.low or 1) < PUBLISHED[metric][0] < (pearson.high or 0)
