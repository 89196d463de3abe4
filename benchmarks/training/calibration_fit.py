"""A multinomial regression from features to labels, where a row may leave open which of two labels is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.quality.checker_questions import Truth
from harness.records import Pair

LABELS = ("supported", "contradicted", "absent")
PENALTY = 2.0
"""Of squared weights, the intercepts apart; features are standardised first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled pair, with how much it weighs."""

    pair: Pair
    truth: Truth
    weight: float


def fit(labelled: Sequence[Row], features: np.ndarray) -> tuple[list[list[float]], float]:
    """Weights for raw features, the intercept first, and the loss; a row of two possible labels counts their sum."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = np.hstack([np.ones((len(labelled), 1)), (features - mean) / scale])
    allowed = np.array(
        [
            [label == row.truth or (row.truth == "unsupported" and label != "supported") for label in LABELS]
            for row in labelled
        ]
    )
    weight = np.array([row.weight for row in labelled])
    shape = (len(LABELS), inputs.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        scores = inputs @ weights.T
        logs = scores - logsumexp(scores, axis=1, keepdims=True)
        right = logsumexp(np.where(allowed, logs, -np.inf), axis=1)
        posterior = np.exp(np.where(allowed, logs, -np.inf) - right[:, None])
        gradient = ((np.exp(logs) - posterior) * weight[:, None]).T @ inputs
        gradient[:, 1:] += PENALTY * weights[:, 1:]
        value = -(weight * right).sum() + PENALTY / 2 * (weights[:, 1:] ** 2).sum()
        return float(value), gradient.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    weights = found.x.reshape(shape)
    plain = weights[:, 1:] / scale
    intercepts = weights[:, 0] - plain @ mean
    return [[float(a), *map(float, row)] for a, row in zip(intercepts, plain, strict=True)], found.fun / weight.sum()
