"""What thresholds on the probabilities of claims pass, each article judged by weights that were fitted without it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.special import softmax

from benchmarks.training.calibration_fit import LABELS, Row, fit
from benchmarks.training.corpora import opening

FOLDS = 5
SUPPORTED_FROM = (0.8, 0.84, 0.86, 0.88, 0.9, 0.92)
CONTRADICTED_FROM = (0.4, 0.5, 0.6, 0.7)


def probabilities(labelled: Sequence[Row], features: np.ndarray) -> np.ndarray:
    """P(label) of each row, in the order of ``LABELS``: [rows, labels]; folds are dealt by the premise's opening."""
    fold = np.array([zlib.crc32(opening(row.pair.premise).encode()) % FOLDS for row in labelled])
    inputs, found = np.hstack([np.ones((len(labelled), 1)), features]), np.empty((len(labelled), len(LABELS)))
    for each in range(FOLDS):
        fitted, held_out = np.flatnonzero(fold != each), np.flatnonzero(fold == each)
        weights, _ = fit([labelled[at] for at in fitted.tolist()], features[fitted])
        found[held_out] = softmax(inputs[held_out] @ np.array(weights).T, axis=1)
    return found


def table(truths: Sequence[str], found: np.ndarray) -> Iterator[str]:
    """Rows of Markdown: of the supported and of the contradicted hypotheses, the shares that each threshold passes."""
    truth = np.array(truths)
    kinds = {"faithful": truth == "supported", "with an error": truth == "contradicted"}
    yield "| from | " + " | ".join(f"{kind} ({chosen.sum()})" for kind, chosen in kinds.items()) + " |"
    yield "|---|" + "---|" * len(kinds)
    for name, thresholds in (("supported", SUPPORTED_FROM), ("contradicted", CONTRADICTED_FROM)):
        reached = found[:, LABELS.index(name)]
        for threshold in thresholds:
            shares = (f"{(reached[chosen] >= threshold).mean():.3f}" for chosen in kinds.values())
            yield f"| {name}, {threshold:g} | " + " | ".join(shares) + " |"
