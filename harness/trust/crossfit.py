"""Fit a verifier's probabilities to people's labels, and measure the fit on groups that it was not fitted to.

Recalibration is vector scaling (Guo et al. 2017): softmax(weight × log p + bias), with a weight and a bias for each
label. A ridge penalty keeps the weights near 1 and the biases near 0. If the labels do not distinguish contradicted
from absent, P(supported) is scaled against the sum of the other two, and their ratio does not change. With few labels,
only a temperature is fitted: one weight for all labels, and no bias. The threshold on P(supported) maximises balanced
accuracy. The uncertain band around it is Chow's (1970) reject rule: a verdict is uncertain if abstaining costs less
than the error that a decision would risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.data.pairs import HumanLabel
from harness.errors import UsageError
from harness.records import LABELS, Probabilities
from harness.stats import agreement
from harness.stats.agreement import Figure, Measure
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler
from harness.verifiers.calibration import FLOOR, Method, Recalibration, Scaling
from harness.verifiers.decide import Band

MIN_FOR_BIAS = 60
"""With fewer labels, only a temperature is fitted. With 60, more parameters did no worse on REALSumm and BUMP."""
MIN_PER_LABEL = 10
"""Contradicted and absent are distinguished only if there are at least this many labels of each."""
MIN_GROUPS = 5
"""With fewer groups, folds consist of rows instead of whole groups, so the measured fit is too optimistic."""
_ROW_FOLDS = 10
_RIDGE = 1.0  # penalty per squared unit of change, in nats of log likelihood
_MIN_WEIGHT = 0.05
_UNCERTAIN = LABELS.index("uncertain")

BALANCED_ACCURACY, AUC, CALIBRATION_ERROR = "balanced accuracy", "ROC AUC", "expected calibration error"
OF_DECIDED, MACRO_F1 = "balanced accuracy of decided verdicts", "three-way macro-F1 of the verdicts"
"""The measures. For ``BALANCED_ACCURACY``, every row is decided: before calibration, at P(supported) = 0.5; after, at
the fitted threshold. There is no ``MACRO_F1`` if the labels do not distinguish contradicted from absent."""

_DESIGNS: dict[Method, Floats] = {
    "temperature": np.array([[1.0], [1.0], [0.0], [0.0]]),
    "two-way": np.eye(4)[:, :3],
    "vector": np.eye(6),
}
"""The parameters are ``unchanged + design @ fitted``: weights per label (or supported and the rest), then biases."""


@dataclass(frozen=True, slots=True)
class LabelledPredictions:
    probabilities: Floats
    """Rows × (supported, contradicted, absent), before calibration."""
    possible: Booleans
    """Rows × (supported, contradicted, absent): True for each label that the row may have (``list_possible``)."""
    groups: Integers
    contradicted_share: float
    """The verifier's option ``contradicted_share`` (see ``decide.py``)."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    name: str
    before: Figure
    after: Figure
    difference: Figure
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Crossfit:
    """A calibration, and the agreement with people's labels before and after, on groups that it was not fitted to."""

    recalibration: Recalibration
    decision: Band
    rows: int
    supported: int
    groups: int
    by_rows: bool
    """True if folds consist of rows, because there are few groups."""
    folds: int
    changes: Mapping[str, MeasureChange]
    """By the name of the measure."""
    uncertain_before: float
    uncertain_after: float


@dataclass(frozen=True, slots=True)
class _Predictions:
    """The probabilities and verdicts of all rows, before or after calibration."""

    probabilities: Floats
    ranks: Floats
    """The row's rank by P(supported) among all rows, under its fold's fit; other fits are not comparable."""
    forced: Booleans
    """True for rows that are called supported when no row may be uncertain."""
    verdicts: Integers
    """Indices of ``LABELS``."""


def crossfit(labelled: LabelledPredictions, verdicts: Integers, cost: float, rng: np.random.Generator) -> Crossfit:
    """Fit on all rows, and measure the fit out of fold.

    ``verdicts`` are the verifier's own, as indices of ``LABELS``. ``cost`` is the cost of an uncertain verdict,
    relative to that of a wrong one.
    """
    groups = agreement.count_groups(labelled.groups)
    by_rows = groups < MIN_GROUPS
    units, folds = (np.arange(labelled.groups.size), _ROW_FOLDS) if by_rows else (labelled.groups, agreement.FOLDS)
    fold = agreement.fold_by_group(units, rng, folds)
    supported = labelled.probabilities[:, 0]
    before = _Predictions(labelled.probabilities, supported, supported >= 0.5, verdicts)
    method = choose_method(labelled.possible)  # the same method for all folds
    after = _predict_out_of_fold(labelled, fold, method, cost)
    resampler = Resampler.of(rng, agreement.RESAMPLES)
    old, new = (dict(_list_measures(labelled, predicted)) for predicted in (before, after))
    recalibration, decision = _fit(labelled.probabilities, labelled.possible, method, cost)
    return Crossfit(
        recalibration=recalibration,
        decision=decision,
        rows=labelled.groups.size,
        supported=int(labelled.possible[:, 0].sum()),
        groups=groups,
        by_rows=by_rows,
        folds=int(fold.max()) + 1,
        changes={name: _compare(name, old[name], new[name], groups, resampler) for name in old},
        uncertain_before=float((before.verdicts == _UNCERTAIN).mean()),
        uncertain_after=float((after.verdicts == _UNCERTAIN).mean()),
    )


def list_possible(labels: Sequence[HumanLabel]) -> Booleans:
    """Return rows × (supported, contradicted, absent): True for each label that the row may have.

    If few labels are ``contradicted``, or few are ``absent``, a row with one of the two may have either.
    """
    counts, either = Counter(labels), (False, True, True)
    allowed = {"supported": (True, False, False), "unsupported": either, "contradicted": either, "absent": either}
    if min(counts["contradicted"], counts["absent"]) >= MIN_PER_LABEL:
        allowed |= {"contradicted": (False, True, False), "absent": (False, False, True)}
    return np.array([allowed[label] for label in labels])


def _is_three_way(possible: Booleans) -> bool:
    """True if any row distinguishes contradicted from absent."""
    return bool((possible[:, 1] != possible[:, 2]).any())


def _fit(probabilities: Floats, possible: Booleans, method: Method, cost: float) -> tuple[Recalibration, Band]:
    recalibration = fit_recalibration(probabilities, possible, method)
    scores = apply_recalibration(recalibration, probabilities)[:, 0]
    return recalibration, fit_band(possible[:, 0], scores, cost)


def _predict_out_of_fold(labelled: LabelledPredictions, fold: Integers, method: Method, cost: float) -> _Predictions:
    """Predict each fold with the fit to the other folds."""
    from scipy.stats import rankdata  # takes a second to import

    size = fold.size
    predicted = _Predictions(
        np.empty((size, 3)), np.empty(size), np.empty(size, dtype=bool), np.empty(size, dtype=np.int64)
    )
    for number in range(int(fold.max()) + 1):
        inside = fold == number
        training = labelled.possible[~inside]
        if not 0 < training[:, 0].sum() < len(training):
            raise UsageError(
                "cannot cross-validate: too few groups have a supported label, or too few have another label; label "
                "pairs from more articles"
            )
        recalibration, decision = _fit(labelled.probabilities[~inside], training, method, cost)
        recalibrated = apply_recalibration(recalibration, labelled.probabilities)
        predicted.probabilities[inside] = recalibrated[inside]
        predicted.ranks[inside] = rankdata(recalibrated[:, 0])[inside]
        predicted.forced[inside] = recalibrated[inside, 0] >= decision.threshold
        rows = recalibrated[inside].tolist()
        labels = [decision.label(Probabilities(*row), labelled.contradicted_share) for row in rows]
        predicted.verdicts[inside] = [LABELS.index(label) for label in labels]
    return predicted


def _compare(name: str, before: Measure, after: Measure, groups: int, resampler: Resampler) -> MeasureChange:
    def estimate(measure: Measure, bounds: agreement.Bounds = agreement.SHARE) -> Figure:
        if name == CALIBRATION_ERROR:
            return agreement.bootstrap(measure, groups, resampler, bounds)
        return agreement.jackknife(measure, groups, bounds)

    gain = estimate(agreement.gain(before, after), agreement.CORRELATION)
    return MeasureChange(name, estimate(before), estimate(after), gain, name != CALIBRATION_ERROR)


def _list_measures(labelled: LabelledPredictions, predicted: _Predictions) -> Iterator[tuple[str, Measure]]:
    possible, groups, supported = labelled.possible, labelled.groups, labelled.possible[:, 0]
    yield BALANCED_ACCURACY, agreement.balanced_accuracy(supported, predicted.forced, groups)
    yield AUC, agreement.auc(supported, predicted.ranks, groups)
    yield CALIBRATION_ERROR, agreement.calibration_error(supported, predicted.probabilities[:, 0], groups)
    called, decided = predicted.verdicts == LABELS.index("supported"), predicted.verdicts != _UNCERTAIN
    yield OF_DECIDED, agreement.balanced_accuracy(supported, called, groups, decided)
    if _is_three_way(possible):
        certain = possible.sum(axis=1) == 1
        truth = np.where(certain, possible.argmax(axis=1), -1)
        yield MACRO_F1, agreement.macro_f1(truth, np.where(certain, predicted.verdicts, -1), groups, (0, 1, 2))


def choose_method(possible: Booleans) -> Method:
    """Choose the method with the most parameters that these labels allow."""
    if len(possible) < MIN_FOR_BIAS:
        return "temperature"
    return "vector" if _is_three_way(possible) else "two-way"


def fit_recalibration(probabilities: Floats, possible: Booleans, method: Method) -> Recalibration:
    """Maximise the log likelihood of the labels minus the ridge penalty; ``probabilities``, ``possible``: rows × 3."""
    from scipy.optimize import minimize
    from scipy.special import softmax

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
    bounds = [(_MIN_WEIGHT - 1 if weight else None, None) for weight in scales_weights.tolist()]
    fitted = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights, biases = (
        Scaling(supported=float(each[0]), contradicted=float(each[1]), absent=float(each[-1]))
        for each in np.split(np.round(unchanged + design @ fitted, 6), 2)
    )
    return Recalibration(method=method, weights=weights, biases=biases)


def apply_recalibration(recalibration: Recalibration, probabilities: Floats) -> Floats:
    return np.array([recalibration.apply(Probabilities(*row)).values for row in probabilities.tolist()])


def fit_band(truth: Booleans, scores: Floats, cost: float) -> Band:
    """Fit the threshold and the band on P(supported); supported rows and other rows have equal total weight."""
    threshold = agreement.best_threshold(truth, scores)
    weights = np.where(truth, 0.5 / max(1, truth.sum()), 0.5 / max(1, (~truth).sum()))
    above, below = scores >= threshold, scores < threshold
    high = _find_edge(scores[above], weights[above] * (cost - ~truth[above]))
    low = _find_edge(-scores[below], weights[below] * (cost - truth[below]))
    return Band(
        low=threshold if low is None else min(-low, threshold),
        threshold=threshold,
        high=threshold if high is None else max(high, threshold),
    )


def _find_edge(scores: Floats, extra_costs: Floats) -> float | None:
    """Find the score up to which verdicts should be uncertain, or None if none should. The highest score stays decided.

    ``extra_costs`` says how much more each verdict costs if it is uncertain than if it is decided.
    """
    order = np.argsort(scores, kind="stable")
    ordered, totals = scores[order], np.cumsum(extra_costs[order])
    ends = np.flatnonzero(np.diff(ordered) > 0)
    if not ends.size or totals[ends].min() >= 0:
        return None
    end = int(ends[np.argmin(totals[ends])])
    return float((ordered[end] + ordered[end + 1]) / 2)
