"""Fitting a logistic regression on named features, as the verifiers' benchmarks do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from harness.verifiers._regressions import Regression

Floats = npt.NDArray[np.float64]

FALSE = 0.2
"""Of the summaries that speak of a matter, the share taken to say the false version: an assumption, since BUMP, which
the choice is fitted on, is half and half by construction."""


def halved(merged: Sequence[bool]) -> Floats:
    """Row weights that give the rows whose labels merge omitted and contradicted as much as all others, together."""
    share = np.mean(merged)
    return np.where(merged, 0.5 / share, 0.5 / (1 - share))


def regression(
    names: Sequence[str],
    features: Sequence[Mapping[str, float]],
    truth: Sequence[bool],
    *,
    weights: Floats | None = None,
    bias: bool = True,
) -> Regression:
    """A logistic regression with a ridge on standardised features, given back in the features' own units."""
    matrix = np.array([[row[name] for name in names] for row in features])
    scaler = StandardScaler(with_mean=bias).fit(matrix)
    model = LogisticRegression(C=1.0, fit_intercept=bias, max_iter=2000)
    model.fit(scaler.transform(matrix), truth, sample_weight=weights)
    slopes = model.coef_[0] / scaler.scale_
    offset = float(model.intercept_[0] - slopes @ scaler.mean_) if bias else 0.0
    return Regression(
        round(offset, 4), {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    )


def beside(
    known: Floats, features: Sequence[Mapping[str, float]], truth: npt.NDArray[np.bool_], weights: Floats
) -> dict[str, float]:
    """What features, none of them negative, take from log-odds that are ``known``: their slopes, none above 0."""
    names = list(features[0])
    matrix = np.array([[row[name] for name in names] for row in features])

    def loss(slopes: Floats) -> tuple[float, Floats]:
        logits = known + matrix @ slopes
        error = weights * (expit(logits) - truth)
        value = float(weights @ (np.logaddexp(0, logits) - truth * logits)) + float(slopes @ slopes) / 2
        return value, matrix.T @ error + slopes

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=[(None, 0.0)] * len(names)).x
    return {name: round(float(slope), 4) for name, slope in zip(names, best, strict=True)}
