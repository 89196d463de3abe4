"""Tests of the calibration's regressions."""

from __future__ import annotations

import math

import pytest

from benchmarks.training.calibrate import FEATURES, Labelled, fit
from harness.checker_en.calibrator import INTERCEPT, Calibrator
from harness.records import Pair


def test_a_fit_on_well_calibrated_log_odds_changes_nothing() -> None:
    """400 pairs at each of five probabilities, of which just that share is supported: weight 1, intercept 0."""
    rows, values = [], []
    for probability in (0.1, 0.3, 0.5, 0.7, 0.9):
        for at in range(400):
            rows.append(Labelled(Pair(f"p {at}", "h"), "supported" if at < 400 * probability else "absent", "x"))
            log_odds = math.log(probability / (1 - probability))
            values.append(dict.fromkeys(FEATURES["long"]["supported"], 0.0) | {"supported": log_odds})
    weights = fit(rows, values, "long", "supported")
    assert weights["supported"] == pytest.approx(1.0, abs=0.02)
    assert weights[INTERCEPT] == pytest.approx(0.0, abs=0.02)


def test_the_calibrator_splits_what_is_not_supported() -> None:
    steps = {"supported": {INTERCEPT: 0.0, "supported": 1.0}, "contradicted": {INTERCEPT: math.log(3)}}
    calibrator = Calibrator({"short": steps, "long": steps})  # type: ignore[dict-item]  # plain dicts
    found = calibrator.probabilities({"supported": math.log(1 / 4)}, "short")
    assert (found.supported, found.contradicted, found.absent) == pytest.approx((0.2, 0.6, 0.2))
