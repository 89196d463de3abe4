"""A calibration on all labels, and what it is worth: fitted on some groups, tried on others, fold by fold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from harness.errors import UsageError
from harness.records import LABELS, Probabilities
from harness.stats import agreement
from harness.stats.agreement import Bin, Figure, Measure
from harness.stats.arrays import Booleans, Floats, Integers
from harness.stats.resampling import Resampler
from harness.trust.calibrate import fit
from harness.trust.calibrate.fit import Labels
from harness.verifiers.calibration import File, Method, Recalibration
from harness.verifiers.decide import Band

FEWEST_GROUPS = 5
"""Below so many groups folds are made of rows, which is kinder than new articles will be."""
_ROW_FOLDS = 10
_UNCERTAIN = LABELS.index("uncertain")
_ERROR = "expected calibration error"
"""The one measure that is better lower."""


@dataclass(frozen=True, slots=True)
class LabelledPredictions:
    """What a verifier and people said of the same rows."""

    probabilities: Floats
    """Rows × (supported, contradicted, absent), before calibration."""
    labels: Labels
    groups: Integers
    contradicted_share: float
    """The verifier's option of that name (``decide.py``)."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """A measure of the verifier as it was, calibrated (out of fold), and of the difference."""

    name: str
    before: Figure
    after: Figure
    difference: Figure
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Crossfit:
    """A calibration, and what it changes on groups that it was not fitted on."""

    recalibration: Recalibration
    decision: Band
    rows: int
    supported: int
    groups: int
    by_rows: bool
    """Whether folds are of rows, there being too few groups."""
    folds: int
    balanced_accuracy: MeasureChange
    """Every row decided: at P(supported) = 0.5 before, at the threshold after."""
    auc: MeasureChange
    calibration_error: MeasureChange
    of_verdicts: MeasureChange
    """Balanced accuracy of the rows that are not left uncertain."""
    macro_f1: MeasureChange | None
    """Macro-F1 of the verdicts; None where people did not tell contradicted from absent."""
    uncertain_before: float
    """Share of the rows."""
    uncertain_after: float
    bins: tuple[Bin, ...]
    """Reliability of the recalibrated probabilities, out of fold."""

    @property
    def changes(self) -> tuple[MeasureChange, ...]:
        """All of them, in the order in which they are told."""
        changes = (self.balanced_accuracy, self.auc, self.calibration_error, self.of_verdicts, self.macro_f1)
        return tuple(change for change in changes if change is not None)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was fitted, what was left out, and the file that says so."""

    crossfit: Crossfit
    skipped: int
    """Rows on which the verifier gave no answer at all."""
    edits: int
    """Pairs of summaries, which are no judgements."""
    unsure: int
    """Rows of which people could not tell, or disagreed."""
    file: File


@dataclass(frozen=True, slots=True)
class _Side:
    """Verdicts of every row, on one side of the calibration."""

    probabilities: Floats
    ranks: Floats
    """What orders the rows by P(supported): a row's place among all rows by the fold's own fit. Those of several fits
    cannot be held against each other: where a fold has more supported rows, the others, and so its fit, have fewer."""
    forced: Booleans
    """Called supported, where every row must be decided."""
    verdicts: Integers
    """Numbers of ``LABELS``."""


def crossfit(labelled: LabelledPredictions, verdicts: Integers, cost: float, rng: np.random.Generator) -> Crossfit:
    """Fit on all rows, and report what the fit does to rows that it has not seen.

    ``verdicts``: the verifier's own, before calibration, as numbers of ``LABELS``; ``cost``: of an uncertain verdict.
    """
    groups = agreement.group_count(labelled.groups)
    by_rows = groups < FEWEST_GROUPS
    dealt = (
        agreement.fold_by_group(np.arange(labelled.groups.size), rng, _ROW_FOLDS)
        if by_rows
        else agreement.fold_by_group(labelled.groups, rng)
    )
    supported = labelled.probabilities[:, 0]
    before = _Side(labelled.probabilities, supported, supported >= 0.5, verdicts)
    method = fit.method_for(labelled.labels)  # one for all folds, that of all labels
    after = _out_of_fold(labelled, dealt, method, cost)
    balanced_accuracy, auc, calibration_error, of_verdicts, *macro_f1 = _changes(
        labelled, before, after, Resampler.of(rng, agreement.RESAMPLES)
    )
    recalibrated, decision = _fit(labelled.probabilities, labelled.labels, method, cost)
    return Crossfit(
        recalibration=recalibrated,
        decision=decision,
        rows=labelled.groups.size,
        supported=int(labelled.labels.supported.sum()),
        groups=groups,
        by_rows=by_rows,
        folds=int(dealt.max()) + 1,
        balanced_accuracy=balanced_accuracy,
        auc=auc,
        calibration_error=calibration_error,
        of_verdicts=of_verdicts,
        macro_f1=macro_f1[0] if macro_f1 else None,
        uncertain_before=float((before.verdicts == _UNCERTAIN).mean()),
        uncertain_after=float((after.verdicts == _UNCERTAIN).mean()),
        bins=agreement.reliability(labelled.labels.supported, after.probabilities[:, 0]),
    )


def _fit(probabilities: Floats, labels: Labels, method: Method, cost: float) -> tuple[Recalibration, Band]:
    recalibrated = fit.recalibration(probabilities, labels, method)
    scores = fit.apply(recalibrated, probabilities)[:, 0]
    return recalibrated, fit.decision(labels.supported, scores, cost)


def _out_of_fold(labelled: LabelledPredictions, dealt: Integers, method: Method, cost: float) -> _Side:
    """Each fold by what was fitted on the others."""
    from scipy.stats import rankdata  # takes a second to import

    size = labelled.groups.size
    side = _Side(np.empty((size, 3)), np.empty(size), np.empty(size, dtype=bool), np.empty(size, dtype=np.int64))
    for number in range(int(dealt.max()) + 1):
        inside = dealt == number
        training = labelled.labels.of(~inside)
        if not 0 < training.supported.sum() < training.supported.size:
            raise UsageError(
                "all supported labels, or all others, come from a few groups, so nothing can be tried on other groups; "
                "label pairs of more articles"
            )
        recalibrated, decision = _fit(labelled.probabilities[~inside], training, method, cost)
        every = fit.apply(recalibrated, labelled.probabilities)
        probabilities = every[inside]
        side.probabilities[inside] = probabilities
        side.ranks[inside] = rankdata(every[:, 0])[inside]
        side.forced[inside] = probabilities[:, 0] >= decision.threshold
        share = labelled.contradicted_share
        rows = probabilities.tolist()
        side.verdicts[inside] = [LABELS.index(decision.label(Probabilities(*row), share)) for row in rows]
    return side


def _changes(
    labelled: LabelledPredictions, before: _Side, after: _Side, resampler: Resampler
) -> Iterator[MeasureChange]:
    """Each measure before and after, on one set of resamples, in the order of the fields of ``Crossfit``."""
    groups = agreement.group_count(labelled.groups)
    measures = zip(_measures(labelled, before), _measures(labelled, after), strict=True)
    for (name, first), (_, second) in measures:
        yield MeasureChange(name, *agreement.change(first, second, groups, resampler), name != _ERROR)


def _measures(labelled: LabelledPredictions, side: _Side) -> Iterator[tuple[str, Measure]]:
    labels, groups = labelled.labels, labelled.groups
    yield "balanced accuracy", agreement.balanced_accuracy(labels.supported, side.forced, groups)
    yield "ROC AUC", agreement.auc(labels.supported, side.ranks, groups)
    yield _ERROR, agreement.calibration_error(labels.supported, side.probabilities[:, 0], groups)
    called, decided = side.verdicts == LABELS.index("supported"), side.verdicts != _UNCERTAIN
    of_decided = agreement.balanced_accuracy(labels.supported, called, groups, decided)
    yield "balanced accuracy of what is decided", of_decided
    if labels.three_way:
        certain = labels.possible.sum(axis=1) == 1
        truth = np.where(certain, labels.possible.argmax(axis=1), -1)
        macro_f1 = agreement.macro_f1(truth, np.where(certain, side.verdicts, -1), groups, (0, 1, 2))
        yield "three-way macro-F1 of the verdicts", macro_f1
