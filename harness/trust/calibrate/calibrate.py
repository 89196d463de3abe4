"""Fit a verifier to people's labels: what ``harness calibrate`` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np

from harness import __version__, progress
from harness.data.pairs.labelled import Corpus, Judgement, UnsureRow
from harness.document.format import are, plural
from harness.errors import UsageError
from harness.records import LABELS, Agreement
from harness.seams import Verifier
from harness.stats import agreement
from harness.stats.arrays import Integers
from harness.trust.calibrate.crossfit import Calibrated, Crossfit, LabelledPredictions, crossfit
from harness.trust.calibrate.fit import Labels
from harness.verifiers.calibration import FORMAT, File
from harness.verifiers.prediction import Prediction
from harness.verifiers.predictive import PredictiveVerifier

Row = TypeVar("Row", Judgement, UnsureRow)

FEWEST = 30
"""Labels below which nothing is fitted."""
FEWEST_OF_AN_ANSWER = 5
"""Supported labels, and others, below which nothing is fitted."""


def calibratable(verifier: Verifier) -> PredictiveVerifier:
    """The verifier; UsageError where it has no probabilities to calibrate, is calibrated already, or is given what a
    calibration fits."""
    if not isinstance(verifier, PredictiveVerifier):
        raise UsageError(f"the verifier {verifier.kind()} takes no calibration; calibrate the verifiers that it asks")
    if verifier.calibration is not None:
        raise UsageError("the verifier has a calibration already; leave calibration out to fit a new one")
    for name in verifier.changed_band_options:
        raise UsageError(f"{name} is what a calibration fits; leave it out")
    return verifier


def calibrate(verifier: PredictiveVerifier, corpora: Sequence[Corpus], seed: int, cost: float) -> Calibrated:
    """Fit on all the judgements; UsageError where they are too few, saying what they show all the same.

    ``cost``: what an uncertain verdict costs, a wrong one costing 1; the seed deals folds and draws resamples.
    """
    every = _different([corpus.judgements for corpus in corpora])
    predictions = _predictions(verifier, every)
    pairs = [(row, prediction) for row, prediction in zip(every, predictions, strict=True) if not prediction.abstained]
    rows, answers = [row for row, _ in pairs], [prediction for _, prediction in pairs]
    if reason := _too_few(rows):
        raise UsageError(f"{reason}\n{_shown(verifier, rows, answers)}")
    labelled, verdicts = _labelled(verifier, rows, answers), _verdicts(verifier, answers)
    crossfitted = crossfit(labelled, verdicts, cost, np.random.default_rng(seed))
    edits = sum(len(corpus.edits) for corpus in corpora)
    unsure = len(_different([corpus.unsure_rows for corpus in corpora]))
    return Calibrated(crossfitted, len(every) - len(rows), edits, unsure, _file(verifier, corpora, rows, crossfitted))


def _different(by_corpus: Sequence[Sequence[Row]]) -> list[Row]:
    """The rows of all corpora, each once: runs of the same articles share labels."""
    rows: list[Row] = []
    taken: set[tuple[str, ...]] = set()
    for of_corpus in by_corpus:
        keyed = [((row.pair.premise, row.pair.hypothesis, row.group, row.label), row) for row in of_corpus]
        rows += [row for key, row in keyed if key not in taken]
        taken.update(key for key, _ in keyed)
    return rows


def _predictions(verifier: PredictiveVerifier, rows: Sequence[Judgement]) -> list[Prediction]:
    predictions: list[Prediction] = []
    for batch in progress.batches(verifier.kind(), rows, verifier.together):
        predictions += verifier.predictions([row.pair for row in batch])
    return predictions


def _too_few(rows: Sequence[Judgement]) -> str | None:
    """Why nothing can be fitted; None where something can."""
    supported = sum(row.label == "supported" for row in rows)
    other = len(rows) - supported
    if len(rows) < FEWEST:
        return (
            f"{plural(len(rows), 'label')} of single statements {are(len(rows))} too few to fit anything; label at "
            f"least {FEWEST}, better 100, of several articles"
        )
    if min(supported, other) < FEWEST_OF_AN_ANSWER:
        return (
            f"{supported} labels are supported and {other} are not; it takes at least {FEWEST_OF_AN_ANSWER} of each: "
            "label more pairs"
        )
    return None


def _shown(verifier: PredictiveVerifier, rows: Sequence[Judgement], predictions: Sequence[Prediction]) -> str:
    """What too few labels show all the same, as counts."""
    if not rows:
        return "there is no label at all"
    labelled, verdicts = _labelled(verifier, rows, predictions), _verdicts(verifier, predictions)
    truth, called, decided = labelled.labels.supported, verdicts == 0, verdicts != LABELS.index("uncertain")
    area = agreement.value_of(
        agreement.auc(truth, labelled.probabilities[:, 0], labelled.groups), agreement.group_count(labelled.groups)
    )
    ranks = "" if area is None else f" (ROC AUC {area:.2f})"
    return (
        f"{verifier.kind()} calls {int((called & truth).sum())} of {int(truth.sum())} supported pairs supported and "
        f"{int((~called & decided & ~truth).sum())} of {int((~truth).sum())} others not, and leaves "
        f"{int((~decided).sum())} uncertain{ranks}. That may be chance."
    )


def _labelled(
    verifier: PredictiveVerifier, rows: Sequence[Judgement], predictions: Sequence[Prediction]
) -> LabelledPredictions:
    return LabelledPredictions(
        np.array([prediction.probabilities.values for prediction in predictions]),
        Labels.of_people([row.label for row in rows]),
        agreement.numbered([row.group for row in rows]),
        verifier.contradicted_share,
    )


def _verdicts(verifier: PredictiveVerifier, predictions: Sequence[Prediction]) -> Integers:
    """The verdicts without a calibration, as numbers of ``LABELS``; each prediction is one to decide by."""
    labels = [verifier.decide(prediction).label for prediction in predictions]
    return np.array([LABELS.index(label) for label in labels], dtype=np.int64)


def _file(
    verifier: PredictiveVerifier, corpora: Sequence[Corpus], rows: Sequence[Judgement], crossfit: Crossfit
) -> File:
    measured = Agreement(
        data=", ".join(corpus.name for corpus in corpora),
        groups=crossfit.groups,
        rows=crossfit.rows,
        balanced_accuracy=crossfit.balanced_accuracy.after.value,
        auc=crossfit.auc.after.value,
        ece=crossfit.calibration_error.after.value,
        source="its calibration",
        date=datetime.now(UTC).date().isoformat(),
        fitted=_sources(corpora),
        caution=_fitted_on_same_labels(verifier, corpora),
        out_of_fold={change.name: change.after.value for change in crossfit.changes if change.after.value is not None},
        bins=agreement.filled(crossfit.bins),
    )
    return File(
        format=FORMAT,
        made_by=f"harness {__version__} calibrate",
        verifier=verifier.uncalibrated(),
        recalibration=crossfit.recalibration,
        decision=crossfit.decision,
        agreement=measured,
        groups=tuple(dict.fromkeys(row.group for row in rows)),
        report={change.name: asdict(change) for change in crossfit.changes},
    )


def _sources(corpora: Sequence[Corpus]) -> dict[str, str]:
    """Name → digest of all that was learned from; files of one name are numbered, as each is known by its digest."""
    sources: dict[str, str] = {}
    for corpus in corpora:
        for name, digest in corpus.sources.items():
            numbered, number = name, 1
            # An article's labels are known by its id alone.
            while not corpus.parts and sources.get(numbered, digest) != digest:
                number += 1
                numbered = f"{name} ({number})"
            sources[numbered] = digest
    return sources


def _fitted_on_same_labels(verifier: PredictiveVerifier, corpora: Sequence[Corpus]) -> str:
    """That the verifier itself learned from these labels, or may have; empty where nothing says so."""
    agreement = verifier.measured()
    learned = next((file for corpus in corpora if agreement and (file := corpus.among(agreement.fitted))), None)
    if learned is None:
        return ""
    return f"{verifier.kind()} learned from {learned}, and these labels may be part of it: it looks better than it is."
