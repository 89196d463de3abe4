from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.training.calibrate import Labelled, fit_supported
from harness.checker_en.calibrator import INTERCEPT, Calibrator, compute_log_odds
from harness.records import Pair, Probabilities


def test_a_fit_on_well_calibrated_log_odds_changes_nothing() -> None:
    """400 pairs at each of five probabilities; exactly that share of them is supported: slope 1, intercept 0."""
    rows, log_odds = [], []
    for probability in (0.1, 0.3, 0.5, 0.7, 0.9):
        for at in range(400):
            rows.append(Labelled(Pair(f"p {at}", "h"), "supported" if at < 400 * probability else "absent", "x"))
            log_odds.append([math.log(probability / (1 - probability))])
    model = fit_supported(rows, np.array(log_odds))
    assert model.coef_[0, 0] == pytest.approx(1.0, abs=0.02)
    assert model.intercept_[0] == pytest.approx(0.0, abs=0.02)


def test_the_calibrator_splits_what_is_not_supported() -> None:
    """P(supported) stays .2; of the rest, log-odds log(4) + log(3) give contradicted 12 of 13. 0 counts as .0001."""
    steps = {"supported": {"supported": 1.0}, "contradicted": {INTERCEPT: math.log(3), "contradicted": 1.0}}
    calibrator = Calibrator({"short": steps, "long": steps})  # type: ignore[dict-item]  # plain dicts
    found = calibrator.calibrate(compute_log_odds(Probabilities(0.2, 0.64, 0.16)), "short")
    assert (found.supported, found.contradicted, found.absent) == pytest.approx((0.2, 0.8 * 12 / 13, 0.8 / 13))
    sure = compute_log_odds(Probabilities(1.0, 0.0, 0.0))
    assert sure == pytest.approx({"supported": math.log(10_000), "contradicted": 0.0})
