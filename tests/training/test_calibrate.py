"""What claims weigh where the calibration of articles is fitted."""

from __future__ import annotations

import pytest

from benchmarks.training.calibrate import as_common
from benchmarks.training.calibration_fit import Row
from harness.records import Pair


def test_unsound_rows_are_weighed_until_three_in_four_are_sound() -> None:
    """Two sound rows of weight 1; unsound ones of 1 and 3 together come to 2/3, in the same proportion."""
    pair = Pair("p", "h")
    rows = [
        Row(pair, "supported", 1.0),
        Row(pair, "contradicted", 1.0),
        Row(pair, "absent", 3.0),
        Row(pair, "supported", 1.0),
    ]
    weights = [row.weight for row in as_common(rows, 0.75)]
    assert weights == pytest.approx([1.0, 1 / 6, 1 / 2, 1.0])
