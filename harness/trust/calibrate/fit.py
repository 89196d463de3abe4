"""Fit what ``harness calibrate`` writes: the recalibration of probabilities, the threshold, and the band around it.

Recalibration is vector scaling (Guo et al. 2017), softmax(weight × log p + bias) label by label, with a ridge that
pulls it to what changes nothing. Labels that do not tell contradicted from absent scale supported against the rest,
whose split stays the verifier's; few labels get one weight for both (a temperature). The threshold on P(supported) is
that of best balanced accuracy. The band is Chow's (1970) reject rule: a verdict is uncertain where leaving it open
costs less than the errors it would make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs.labelled import HumanLabel
from harness.records import Probabilities
from harness.stats import agreement
from harness.stats.arrays import Booleans, Floats
from harness.verifiers.calibration import FLOOR, Method, Recalibration, Scaling
from harness.verifiers.decide import Band

FEW = 60
"""Below so many labels only a temperature is fitted: from here on, more than that did as well or better on samples of
REALSumm and of BUMP by ``lexical``, plain and made over-confident."""
FEWEST_OF_A_LABEL = 10
"""Labels that are rarer than this do not tell contradicted from absent."""
_RIDGE = 1.0
"""What a unit of change costs, squared, in nats of the whole likelihood."""
_LEAST_WEIGHT = 0.05

# Parameters (a weight, then a bias, for each label, or for supported and the rest) as a function of what is fitted:
# those that change nothing + design @ fitted.
_DESIGNS: dict[Method, Floats] = {
    "temperature": np.array([[1.0], [1.0], [0.0], [0.0]]),
    "two-way": np.eye(4)[:, :3],
    "vector": np.eye(6),
}


@dataclass(frozen=True, slots=True)
class Labels:
    """What people said of each row, as far as they said it."""

    possible: Booleans
    """Rows × (supported, contradicted, absent): what may be meant; more than one where people did not say which."""

    @property
    def supported(self) -> Booleans:
        truth: Booleans = self.possible[:, 0]
        return truth

    @property
    def three_way(self) -> bool:
        """Whether any row tells contradicted from absent."""
        return bool((self.possible[:, 1] != self.possible[:, 2]).any())

    @classmethod
    def of_people(cls, labels: Sequence[HumanLabel]) -> Labels:
        """What people said, row by row; where one of contradicted and absent is rare, they did not tell the two."""
        counts = Counter(labels)
        tells_apart = min(counts["contradicted"], counts["absent"]) >= FEWEST_OF_A_LABEL
        either = (False, True, True)
        allowed = {
            "supported": (True, False, False),
            "unsupported": either,
            "contradicted": (False, True, False) if tells_apart else either,
            "absent": (False, False, True) if tells_apart else either,
        }
        return cls(np.array([allowed[label] for label in labels], dtype=bool).reshape(-1, 3))

    def of(self, rows: Booleans) -> Labels:
        """The labels of the rows that are marked True."""
        return Labels(self.possible[rows])


def method_for(labels: Labels) -> Method:
    """How much can be fitted on so many labels of this kind."""
    if len(labels.possible) < FEW:
        return "temperature"
    return "vector" if labels.three_way else "two-way"


def recalibration(probabilities: Floats, labels: Labels, method: Method) -> Recalibration:
    """The scaling under which the labels are likeliest, less the ridge; ``probabilities``: rows × 3."""
    from scipy.optimize import minimize
    from scipy.special import softmax

    possible = labels.possible
    if method != "vector":
        probabilities = np.column_stack([probabilities[:, 0], probabilities[:, 1:].sum(axis=1)])
        possible = np.column_stack([possible[:, 0], possible[:, 1:].any(axis=1)])
    logs, design, count = np.log(np.maximum(probabilities, FLOOR)), _DESIGNS[method], possible.shape[1]
    unchanged = np.repeat([1.0, 0.0], count)

    def loss(fitted: Floats) -> tuple[float, Floats]:
        parameters = unchanged + design @ fitted
        recalibrated = softmax(parameters[:count] * logs + parameters[count:], axis=1)
        of_possible = np.where(possible, recalibrated, 0.0)
        likelihood = of_possible.sum(axis=1)
        slope = recalibrated - of_possible / likelihood[:, None]
        gradient = np.concatenate([(slope * logs).sum(axis=0), slope.sum(axis=0)])
        cost = -float(np.log(likelihood).sum()) + _RIDGE * float(fitted @ fitted)
        return cost, design.T @ gradient + 2 * _RIDGE * fitted

    scales_weights = np.abs(design[:count]).sum(axis=0) > 0
    bounds = [(_LEAST_WEIGHT - 1 if weight else None, None) for weight in scales_weights.tolist()]
    fitted = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights, biases = np.split(np.round(unchanged + design @ fitted, 6), 2)
    return Recalibration(method=method, weights=_scaling(weights), biases=_scaling(biases))


def apply(recalibration: Recalibration, probabilities: Floats) -> Floats:
    """The recalibrated probabilities of many rows, by the rule that a run applies to each."""
    return np.array([recalibration.apply(Probabilities(*row)).values for row in probabilities.tolist()])


def decision(truth: Booleans, scores: Floats, cost: float) -> Band:
    """Threshold and band on P(supported); ``cost``: what an uncertain verdict costs, a wrong one costing 1.

    Supported and other rows weigh the same in all, whatever their numbers.
    """
    threshold = agreement.best_threshold(truth, scores)
    weights = np.where(truth, 0.5 / max(1, truth.sum()), 0.5 / max(1, (~truth).sum()))
    above, below = scores >= threshold, scores < threshold
    high = _edge(scores[above], weights[above] * (cost - ~truth[above]))
    low = _edge(-scores[below], weights[below] * (cost - truth[below]))
    return Band(
        low=threshold if low is None else min(-low, threshold),
        threshold=threshold,
        high=threshold if high is None else max(high, threshold),
    )


def _edge(scores: Floats, gains: Floats) -> float | None:
    """Up to which score verdicts are left open at the least cost, the nearest of equals; None where that is none.

    At least the highest score stays decided, so that there are always two answers.
    """
    order = np.argsort(scores, kind="stable")
    ordered, costs = scores[order], np.cumsum(gains[order])
    ends = np.flatnonzero(np.diff(ordered) > 0)
    if not ends.size or costs[ends].min() >= 0:
        return None
    end = int(ends[np.argmin(costs[ends])])
    return float((ordered[end] + ordered[end + 1]) / 2)


def _scaling(values: Floats) -> Scaling:
    supported, contradicted, absent = map(float, values[[0, 1, -1]])
    return Scaling(supported=supported, contradicted=contradicted, absent=absent)
