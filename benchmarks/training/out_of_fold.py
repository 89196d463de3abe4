"""What reaches a threshold on calibrated probabilities, each article judged by weights that were fitted without it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from benchmarks.quality.checker_questions import Truth
from benchmarks.training.calibration_fit import LABELS, Row, fit
from benchmarks.training.corpora import opening
from harness.records import Label

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What a table has: a column for each kind of row, a line for each label and threshold."""

    kinds: Mapping[str, frozenset[Truth]]
    thresholds: Mapping[Label, Sequence[float]]


CLAIMS = Shown(
    {"faithful": frozenset({"supported"}), "with an error": frozenset({"contradicted"})},
    {"supported": (0.8, 0.84, 0.86, 0.88, 0.9, 0.92), "contradicted": (0.4, 0.5, 0.6, 0.7)},
)
"""What ``article_threshold`` and ``article_contradiction_threshold`` were chosen by."""
FACTS = Shown(
    {
        "in the summary": frozenset({"supported"}),
        "contradicted": frozenset({"contradicted"}),
        "not there": frozenset({"absent", "unsupported"}),
    },
    {"absent": (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)},
)
"""What ``unrelated_threshold`` was chosen by. Few of REALSumm's facts that are not there are contradicted."""


def probabilities(labelled: Sequence[Row], features: np.ndarray) -> np.ndarray:
    """P(label) of each row, in the order of ``LABELS``: [rows, labels]; folds are dealt by the premise's opening."""
    fold = np.array([zlib.crc32(opening(row.pair.premise).encode()) % FOLDS for row in labelled])
    inputs, found = np.hstack([np.ones((len(labelled), 1)), features]), np.empty((len(labelled), len(LABELS)))
    for each in range(FOLDS):
        fitted, held_out = np.flatnonzero(fold != each), np.flatnonzero(fold == each)
        weights, _ = fit([labelled[at] for at in fitted.tolist()], features[fitted])
        found[held_out] = softmax(inputs[held_out] @ np.array(weights).T, axis=1)
    return found


def table(truths: Sequence[Truth], found: np.ndarray, shown: Shown) -> Iterator[str]:
    """Lines of Markdown: of the rows of each kind, the share that reaches each threshold."""
    columns = {kind: np.array([truth in of for truth in truths]) for kind, of in shown.kinds.items()}
    yield "| from | " + " | ".join(f"{kind} ({chosen.sum()})" for kind, chosen in columns.items()) + " |"
    yield "|---|" + "---|" * len(columns)
    for label, thresholds in shown.thresholds.items():
        reached = found[:, LABELS.index(label)]
        for threshold in thresholds:
            shares = (f"{(reached[chosen] >= threshold).mean():.3f}" for chosen in columns.values())
            yield f"| {label}, {threshold:g} | " + " | ".join(shares) + " |"
