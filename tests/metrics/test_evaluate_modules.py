"""Fact recall and faithfulness as ``evaluate.load`` gives them."""

from __future__ import annotations

from typing import Any

import pytest

from harness import config, metrics
from harness.errors import DataError
from harness.scorers.fact_recall import FactRecall
from harness.scorers.faithfulness import Faithfulness

pytestmark = pytest.mark.slow  # evaluate and datasets take seconds to import

SOURCE = "The minerals deal was signed in Kyiv on Monday. The minister thanked the delegation for its patience."
SUMMARY = "The minerals deal was signed in Kyiv."
FACTS = ["The minerals deal was signed in Kyiv.", "Heavy rain closed the airport of Lisbon."]


def load(path: str) -> Any:
    import evaluate

    return evaluate.load(path)


def test_fact_recall_by_hand() -> None:
    """One of two facts is told; with weights 3 and 1, three quarters."""
    module = load(metrics.FACT_RECALL)
    assert module.compute(predictions=[SUMMARY], references=[FACTS])["fact_recall"] == 0.5
    weighed = module.compute(predictions=[SUMMARY], references=[FACTS], importance=[["essential", "detail"]])
    assert weighed["fact_recall"] == 0.75


def test_faithfulness_by_hand() -> None:
    """One of two claims stands in the source."""
    module = load(metrics.FAITHFULNESS)
    summary = f"{SUMMARY} Heavy rain closed the airport of Lisbon."
    assert module.compute(predictions=[summary], references=[SOURCE])["faithfulness"] == 0.5


def test_the_mean_says_over_how_many_and_why_the_others_are_missing() -> None:
    found = load(metrics.FACT_RECALL).compute(predictions=[SUMMARY, SUMMARY, ""], references=[FACTS, [], FACTS])
    assert (found["fact_recall"], found["n"], found["missing"]) == (0.5, 1, 2)
    assert found["values"] == [0.5, None, None]
    assert found["reasons"] == [None, "the article has no facts", "the prediction is empty"]


def test_no_summary_with_a_value_gives_no_mean() -> None:
    found = load(metrics.FAITHFULNESS).compute(predictions=[""], references=[SOURCE])
    assert (found["faithfulness"], found["n"], found["missing"]) == (None, 0, 1)
    assert found["reasons"] == ["the prediction is empty"]


def test_the_signature_names_scorer_and_verifier() -> None:
    verifier = config.load_verifier("lexical").signature()
    recall = load(metrics.FACT_RECALL).compute(predictions=[SUMMARY], references=[FACTS])
    faithful = load(metrics.FAITHFULNESS).compute(predictions=[SUMMARY], references=[SOURCE])
    assert recall["signature"] == f"{FactRecall().signature()}|verifier:{verifier}"
    assert faithful["signature"] == f"{Faithfulness().signature()}|verifier:{verifier}"


@pytest.mark.parametrize(
    ("importance", "message"),
    [
        (
            [["essential", "detail"], ["vital", "detail"]],
            "importance of summary 2: there is no 'vital'; allowed: essential, supporting, detail",
        ),
        (
            [["essential"], ["essential", "detail"]],
            "importance of summary 1: 1 given for 2 facts; give one for each: essential, supporting, detail",
        ),
        ([["essential", "detail"]], "importance: 1 given for 2 summaries; give a list for each"),
    ],
)
def test_importance_that_is_not_that_of_each_fact_is_refused(importance: list[list[str]], message: str) -> None:
    module = load(metrics.FACT_RECALL)
    with pytest.raises(DataError, match=message):
        module.compute(predictions=[SUMMARY] * 2, references=[FACTS] * 2, importance=importance)


@pytest.mark.parametrize(
    ("verifier", "message"),
    [("lexikal", "no verifier of kind 'lexikal'.*entailment"), ("judge", "verifier.model: is missing")],
)
def test_a_verifier_that_cannot_be_used_says_what_to_write(verifier: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        load(metrics.FACT_RECALL).compute(predictions=[SUMMARY], references=[FACTS], verifier=verifier)
