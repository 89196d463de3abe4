"""Fit a verifier to people's labels, and write the calibration file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np

from harness import __version__, progress
from harness.data.pairs import Corpus, Judgement, UnsureRow
from harness.document.format import are, plural
from harness.errors import UsageError
from harness.records import LABELS, Agreement
from harness.seams import Verifier
from harness.stats import agreement
from harness.stats.arrays import Integers
from harness.trust.crossfit import Calibrated, Crossfit, LabelledPredictions, Labels, crossfit
from harness.verifiers.calibration import FORMAT, File
from harness.verifiers.prediction import Prediction
from harness.verifiers.predictive import PredictiveVerifier

Row = TypeVar("Row", Judgement, UnsureRow)

FEWEST = 30
FEWEST_OF_AN_ANSWER = 5
"""Minimum number of supported labels, and also of other labels."""


def require_calibratable(verifier: Verifier) -> PredictiveVerifier:
    """Return the verifier; UsageError if it has no probabilities, is calibrated, or sets what calibration fits."""
    if not isinstance(verifier, PredictiveVerifier):
        raise UsageError(f"{verifier.kind()} predicts no probabilities to calibrate; calibrate a verifier that does")
    if verifier.calibration is not None:
        raise UsageError("the verifier has a calibration already; remove the option calibration to fit a new one")
    for name in verifier.changed_band_options:
        raise UsageError(f"a calibration sets {name}; remove this option from the verifier")
    return verifier


def calibrate(verifier: PredictiveVerifier, corpora: Sequence[Corpus], seed: int, cost: float) -> Calibrated:
    """Fit on all judgements; if there are too few, raise a UsageError that says what they show.

    ``cost`` is the cost of an uncertain verdict if a wrong one costs 1.
    """
    every = _remove_repeats([corpus.judgements for corpus in corpora])
    predictions: list[Prediction] = []
    for batch in progress.batches(verifier.kind(), every, verifier.together):
        predictions += verifier.predictions([row.pair for row in batch])
    pairs = [(row, prediction) for row, prediction in zip(every, predictions, strict=True) if not prediction.abstained]
    rows, answers = [row for row, _ in pairs], [prediction for _, prediction in pairs]
    labelled = LabelledPredictions(
        np.array([prediction.probabilities.values for prediction in answers]).reshape(-1, 3),
        Labels.of_people([row.label for row in rows]),
        agreement.numbered([row.group for row in rows]),
        verifier.contradicted_share,
    )
    labels = [verifier.decide(prediction).label for prediction in answers]
    verdicts = np.array([LABELS.index(label) for label in labels], dtype=np.int64)
    counts = sum(row.label == "supported" for row in rows), sum(row.label != "supported" for row in rows)
    if len(rows) < FEWEST:
        raise UsageError(
            f"{plural(len(rows), 'label')} of single statements {are(len(rows))} too few to fit anything; label at "
            f"least {FEWEST}, better 100, of several articles\n{_describe(verifier, labelled, verdicts)}"
        )
    if min(counts) < FEWEST_OF_AN_ANSWER:
        raise UsageError(
            f"{counts[0]} labels are supported and {counts[1]} are not; calibration needs {FEWEST_OF_AN_ANSWER} "
            f"or more of each: label more pairs\n{_describe(verifier, labelled, verdicts)}"
        )
    crossfitted = crossfit(labelled, verdicts, cost, np.random.default_rng(seed))
    edits = sum(len(corpus.edits) for corpus in corpora)
    unsure = len(_remove_repeats([corpus.unsure_rows for corpus in corpora]))
    file = _make_file(verifier, corpora, rows, crossfitted)
    return Calibrated(crossfitted, len(every) - len(rows), edits, unsure, file)


def _remove_repeats(by_corpus: Sequence[Sequence[Row]]) -> list[Row]:
    """List the rows of all corpora without repeats: runs on the same articles share labels."""
    rows: list[Row] = []
    taken: set[tuple[str, ...]] = set()
    for of_corpus in by_corpus:
        keyed = [((row.pair.premise, row.pair.hypothesis, row.group, row.label), row) for row in of_corpus]
        rows += [row for key, row in keyed if key not in taken]
        taken.update(key for key, _ in keyed)
    return rows


def _describe(verifier: PredictiveVerifier, labelled: LabelledPredictions, verdicts: Integers) -> str:
    truth, called, decided = labelled.labels.supported, verdicts == 0, verdicts != LABELS.index("uncertain")
    if not truth.size:
        return "there are no labels"
    measure = agreement.auc(truth, labelled.probabilities[:, 0], labelled.groups)
    area = agreement.value_of(measure, agreement.group_count(labelled.groups))
    ranks = "" if area is None else f" (ROC AUC {area:.2f})"
    return (
        f"{verifier.kind()} calls {int((called & truth).sum())} of {int(truth.sum())} supported pairs supported and "
        f"{int((~called & decided & ~truth).sum())} of {int((~truth).sum())} others not, and leaves "
        f"{int((~decided).sum())} uncertain{ranks}. That may be chance."
    )


def _make_file(
    verifier: PredictiveVerifier, corpora: Sequence[Corpus], rows: Sequence[Judgement], crossfit: Crossfit
) -> File:
    known = verifier.measured()
    learned = next((file for corpus in corpora if known and (file := corpus.among(known.fitted))), None)
    measured = Agreement(
        data=", ".join(corpus.name for corpus in corpora),
        groups=crossfit.groups,
        rows=crossfit.rows,
        balanced_accuracy=crossfit.balanced_accuracy.after.value,
        auc=crossfit.auc.after.value,
        ece=crossfit.calibration_error.after.value,
        source="its calibration",
        date=datetime.now(UTC).date().isoformat(),
        fitted=_name_sources(corpora),
        caution=f"{verifier.kind()} was fitted to {learned}, which may include these labels. If so, it looks too good."
        if learned
        else "",
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


def _name_sources(corpora: Sequence[Corpus]) -> dict[str, str]:
    """Map file names to digests; number files that have the same name."""
    sources: dict[str, str] = {}
    for corpus in corpora:
        for name, digest in corpus.sources.items():
            numbered, number = name, 1
            # the id of an article is enough to identify its labels
            while not corpus.parts and sources.get(numbered, digest) != digest:
                number += 1
                numbered = f"{name} ({number})"
            sources[numbered] = digest
    return sources
