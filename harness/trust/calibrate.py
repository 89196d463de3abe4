"""Fit a verifier to people's labels, make the calibration file, and report how the agreement changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from harness import __version__, plugins, progress
from harness.data.pairs import Corpus, LabelledPair
from harness.document import format as fmt
from harness.document.blocks import Cell, Document, Notes, Table
from harness.document.labels import LABEL_LEGEND
from harness.errors import UsageError
from harness.records import LABELS, Agreement
from harness.seams import Verifier
from harness.stats import agreement
from harness.stats.agreement import SAME
from harness.trust.crossfit import (
    AUC,
    BALANCED_ACCURACY,
    CALIBRATION_ERROR,
    MACRO_F1,
    MIN_FOR_BIAS,
    MIN_GROUPS,
    MIN_PER_LABEL,
    Crossfit,
    LabelledPredictions,
    MeasureChange,
    crossfit,
    list_possible,
)
from harness.trust.estimates import make_cell
from harness.verifiers.calibration import File
from harness.verifiers.decide import Prediction
from harness.verifiers.predictive import PredictiveVerifier

_MIN_LABELS = 30
_MIN_OF_EACH = 5  # minimum number of supported labels, and of all other labels together
_METHODS = {
    "temperature": "one temperature for all labels",
    "two-way": "a weight for supported, a weight for the rest, and a bias for supported",
    "vector": "a weight and a bias for each label",
}


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    crossfit: Crossfit
    skipped: int
    """Number of rows left out because the verifier abstained."""
    edits: int
    """Number of pairs of summaries left out, because their labels are not about single statements."""
    unsure: int
    """Number of rows left out because people could not tell, or disagreed."""
    file: File


def require_calibratable(verifier: Verifier) -> PredictiveVerifier:
    """Return the verifier; raise UsageError if it cannot be calibrated."""
    if not isinstance(verifier, PredictiveVerifier):
        raise UsageError(f"{verifier.kind()} predicts no probabilities to calibrate; choose a verifier that does")
    if verifier.calibration is not None:
        raise UsageError("the verifier already has a calibration; remove the option calibration to fit a new one")
    for name in verifier.changed_band_options:
        raise UsageError(f"the calibration will set the option {name}; remove it from the verifier")
    return verifier


def calibrate(verifier: PredictiveVerifier, corpus: Corpus, seed: int, cost: float) -> CalibrationResult:
    """Fit the verifier to all labels; raise UsageError if there are too few.

    ``cost`` is the cost of an uncertain verdict, relative to that of a wrong one.
    """
    predictions: list[Prediction] = []
    for batch in progress.batches(verifier.kind(), corpus.labelled, verifier.pairs_per_batch):
        with plugins.blame_plugin(type(verifier)):
            predictions += verifier.predict_all([row.pair for row in batch])
    rows = [row for row, each in zip(corpus.labelled, predictions, strict=True) if not each.abstained]
    answers = [prediction for prediction in predictions if not prediction.abstained]
    with plugins.blame_plugin(type(verifier)):
        for prediction in answers:
            prediction.probabilities.require_valid()
    supported = sum(row.label == "supported" for row in rows)
    if len(rows) < _MIN_LABELS:
        raise UsageError(
            f"calibration needs at least {_MIN_LABELS} labelled statements that the verifier can answer, ideally 100 "
            f"from several articles; there {fmt.are(len(rows))} {len(rows)}. To measure the verifier as it is: harness "
            "meta-eval"
        )
    if min(supported, len(rows) - supported) < _MIN_OF_EACH:
        raise UsageError(
            f"{supported} labels are supported and {len(rows) - supported} are not; calibration needs at least "
            f"{_MIN_OF_EACH} of each: label more pairs"
        )
    labelled = LabelledPredictions(
        np.array([prediction.probabilities.values for prediction in answers]),
        list_possible([row.label for row in rows]),
        agreement.number_groups([row.group for row in rows]),
        verifier.contradicted_share,
    )
    verdicts = np.array([LABELS.index(verifier.decide(each).label) for each in answers])
    crossfitted = crossfit(labelled, verdicts, cost, np.random.default_rng(seed))
    file = _make_file(verifier, corpus, rows, crossfitted)
    return CalibrationResult(crossfitted, len(predictions) - len(rows), len(corpus.edits), corpus.unsure, file)


def _make_file(verifier: PredictiveVerifier, corpus: Corpus, rows: Sequence[LabelledPair], crossfit: Crossfit) -> File:
    after = {name: change.after.value for name, change in crossfit.changes.items()}
    known = verifier.read_agreement()
    overlap = corpus.find_overlap(known.fitted) if known else None
    measured = Agreement(
        data=corpus.name,
        groups=crossfit.groups,
        rows=crossfit.rows,
        balanced_accuracy=after[BALANCED_ACCURACY],
        auc=after[AUC],
        ece=after[CALIBRATION_ERROR],
        source="its calibration",
        date=datetime.now(UTC).date().isoformat(),
        fitted=dict(corpus.sources),
        caution=f"{verifier.kind()} was fitted to {overlap}, which may include these labels. If so, it looks too good."
        if overlap
        else "",
        out_of_fold={name: value for name, value in after.items() if value is not None},
    )
    return File(
        made_by=f"harness {__version__} calibrate",
        verifier=verifier.uncalibrated(),
        recalibration=crossfit.recalibration,
        decision=crossfit.decision,
        agreement=measured,
        groups=tuple(dict.fromkeys(row.group for row in rows)),
        report={name: asdict(change) for name, change in crossfit.changes.items()},
    )


# The report -----------------------------------------------------------------------------------------------------------


def document(verifier: str, calibrated: CalibrationResult) -> Document:
    """Show what was fitted, how the agreement changes out of fold, and which conclusions the labels do not allow."""
    crossfit, notes = calibrated.crossfit, Notes()
    rows: list[tuple[str | Cell, ...]] = []
    for each in crossfit.changes.values():
        numbers = (make_cell(figure, notes, 3) for figure in (each.before, each.after))
        rows.append((each.name, *numbers, make_cell(each.difference, notes, 3, signed=True)))
    before, after = crossfit.uncertain_before, crossfit.uncertain_after
    change = fmt.decimal(after - before, 3, signed=True)
    rows.append(("share of uncertain verdicts", fmt.decimal(before, 3), fmt.decimal(after, 3), change))
    table = Table.of(("out of fold", "before", "after", "change"), rows, notes=notes.texts)
    return Document(
        f"{verifier} on {calibrated.file.agreement.data}",
        LABEL_LEGEND,
        answer=tuple(_describe(crossfit)),
        cautions=tuple(_warn(calibrated)),
        blocks=(table,),
    )


def _describe(crossfit: Crossfit) -> Iterator[str]:
    groups, decision = fmt.plural(crossfit.groups, "group"), crossfit.decision
    yield f"{crossfit.rows:,} labels in {groups} (usually articles); {crossfit.supported:,} labels are supported."
    yield f"Recalibrated by {_METHODS[crossfit.recalibration.method]}."
    low, high = fmt.share(decision.low), fmt.share(decision.high)
    if decision.low < decision.high:
        yield f"Supported if P(supported) is at least {high}, not supported below {low}, and uncertain in between."
    else:
        yield f"Supported if P(supported) is at least {high}; uncertain verdicts would cost more than they save."
    units = "rows" if crossfit.by_rows else "groups"
    yield f"Cross-validated in {crossfit.folds} folds of {units}: each is scored by the fit to the others."


def _warn(calibrated: CalibrationResult) -> Iterator[str]:
    crossfit = calibrated.crossfit
    if caution := calibrated.file.agreement.caution:
        yield caution
    left_out = (
        (calibrated.skipped, "row", "the verifier abstained"),
        (calibrated.edits, "pair", "only whole summaries are labelled"),
        (calibrated.unsure, "row", "people could not tell, or disagreed"),
    )
    yield from (f"Left out because {why}: {fmt.plural(count, noun)}." for count, noun, why in left_out if count)
    if crossfit.by_rows:
        yield (
            f"The labels come from {fmt.plural(crossfit.groups, 'group')}, fewer than {MIN_GROUPS}, so single labels "
            "were held out. Labels on one article are alike, so these numbers do not apply to other articles: label "
            "pairs from more articles."
        )
    if crossfit.rows < MIN_FOR_BIAS:
        yield (
            f"With {crossfit.rows} labels only a temperature is fitted; biases need {MIN_FOR_BIAS} labels. The "
            "thresholds also rest on few labels, so they will change as labels are added."
        )
    if MACRO_F1 not in crossfit.changes:
        yield (
            f"Fewer than {MIN_PER_LABEL} labels are contradicted, or fewer than {MIN_PER_LABEL} are absent, so "
            "the fit does not distinguish the two."
        )
    for name in (BALANCED_ACCURACY, CALIBRATION_ERROR):
        yield from _warn_of_change(crossfit.changes[name])


def _warn_of_change(change: MeasureChange) -> Iterator[str]:
    """Warn if a measure did not change significantly, or got worse."""
    gain = change.difference
    if gain.value == 0:
        return
    low, high = (gain.value, gain.value) if gain.reason == SAME else (gain.low, gain.high)
    if low is None or high is None or low <= 0 <= high:
        yield f"These labels do not show whether the {change.name} is better than before."
    elif (low > 0) != change.higher_is_better:
        yield f"This calibration makes the {change.name} worse; do not use it if that number matters to you."
