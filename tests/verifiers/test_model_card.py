"""The agreement with people that a model card reports."""

from __future__ import annotations

from typing import Any

from harness.verifiers.predictive import read_card

CARD: dict[str, Any] = {
    "date": "2026-11-25",
    "data": [
        {"name": "REALSumm", "used_as": "coverage", "rows": 1000, "groups": 100, "file": "r.jsonl", "sha256": "ab"}
    ],
    "out_of_fold": {"balanced_accuracy": 0.77, "fact_auc": 0.84, "calibration_error": 0.03, "fact_auc_floor": 0.5},
}


def test_card_has_the_measures_by_name() -> None:
    bins = [[0.1, 0.05, 900], [0.9, 0.8, 100]]
    found = read_card({**CARD, "out_of_fold": {**CARD["out_of_fold"], "reliability": bins}}, "its card")
    assert (found.rows, found.auc) == (1000, 0.84)
    assert found.out_of_fold == {"balanced_accuracy": 0.77, "fact_auc": 0.84, "calibration_error": 0.03}
