"""The statements of the kinds benchmark, and the counts in its table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from benchmarks.quality.kinds import TRUE, list_errors, read_statements, tabulate
from harness.records import Pair, Probabilities
from harness.verifiers.decide import Prediction
from harness.verifiers.predictive import PredictiveVerifier


class Believer(PredictiveVerifier):
    """A verifier that supports every hypothesis without "not"."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [
            Prediction(Probabilities(0.0, 1.0, 0.0) if " not " in pair.hypothesis else Probabilities(1.0, 0.0, 0.0))
            for pair in pairs
        ]


def test_statements_are_distinct_and_not_verbatim() -> None:
    pairs = list(chain.from_iterable(read_statements().values()))
    assert len({pair.hypothesis for pair in pairs}) == len(pairs)
    assert not any(pair.hypothesis in pair.premise for pair in pairs)


def test_table_counts_labels_by_kind_and_lists_errors() -> None:
    found = {
        TRUE: [Pair("a", "It rained."), Pair("a", "It did not snow.")],
        "order": [Pair("a", "It snowed first.")],
        "cause": [Pair("a", "It did not rain because of the wind.")],
    }
    assert tabulate(found, {"believer": Believer()})[2:] == [
        f"| {TRUE} | 2 | 1 | 1 |",
        "| all that are false | 2 | 1 | 1 |",
        "| order | 1 | 1 | 0 |",
        "| cause | 1 | 0 | 1 |",
    ]
    assert list_errors(found, Believer()) == [
        f"- {TRUE}: It did not snow. (contradicted, P(supported) 0.00)",
        "- order: It snowed first. (supported, P(supported) 1.00)",
    ]
