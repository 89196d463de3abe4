"""Read the model card inside a file of fitted weights: training data, and results on held-out data.

A card has a ``date``, ``data``, ``out_of_fold`` and perhaps a ``caution``. Each entry of ``data`` has the ``name``,
``file``, ``sha256``, ``rows`` and ``groups`` of a file, and what it was ``used_as``. ``out_of_fold`` has measures by
name, among them ``balanced_accuracy``, ``fact_auc`` and ``calibration_error``; ``reliability`` has, per bin of
P(supported), its mean, the share that people called supported, and the number of labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.records import Agreement


def agreement(card: Mapping[str, Any], source: str) -> Agreement:
    """Return the out-of-fold numbers on the data used as ``coverage`` (is the fact in the summary?)."""
    coverage = next(entry for entry in card["data"] if entry["used_as"] == "coverage")
    measured = card["out_of_fold"]
    return Agreement(
        data=coverage["name"],
        groups=coverage["groups"],
        rows=coverage["rows"],
        balanced_accuracy=measured["balanced_accuracy"],
        auc=measured["fact_auc"],
        ece=measured["calibration_error"],
        source=source,
        date=card["date"],
        out_of_fold={
            name: value for name, value in measured.items() if name != "reliability" and not name.endswith("_floor")
        },
        fitted={entry["file"]: entry["sha256"] for entry in card["data"]},
        caution=card.get("caution", ""),
        bins=tuple((across, up, rows) for across, up, rows in measured.get("reliability", ())),
    )
