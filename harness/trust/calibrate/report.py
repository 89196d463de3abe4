"""What ``harness calibrate`` found, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import format as fmt
from harness.document.blocks import Cell, Document, Table
from harness.document.labels import AS_IN_FILES
from harness.document.notes import Notes
from harness.stats.agreement import SAME
from harness.trust.calibrate.crossfit import FEWEST_GROUPS, Calibrated, Crossfit, MeasureChange
from harness.trust.calibrate.fit import FEW, FEWEST_OF_A_LABEL
from harness.trust.meta_eval.report import figure, number

_METHODS = {
    "temperature": "one temperature, for supported and the rest",
    "two-way": "weights for supported and for the rest, and a bias for supported",
    "vector": "a weight and a bias for each label",
}


def document(verifier: str, calibrated: Calibrated) -> Document:
    """What was fitted on which groups, how agreement changes out of fold, and what cannot be concluded."""
    crossfit = calibrated.crossfit
    notes = Notes()
    rows: list[tuple[str | Cell, ...]] = [
        (each.name, figure(each.before, notes), figure(each.after, notes), _signed(each)) for each in crossfit.changes
    ]
    rows.append(
        (
            "share left uncertain",
            number(crossfit.uncertain_before),
            number(crossfit.uncertain_after),
            f"{crossfit.uncertain_after - crossfit.uncertain_before:+.3f}",
        )
    )
    table = Table.of(("out of fold", "before", "after", "change"), rows, notes=notes.texts)
    return Document(
        f"{verifier} on {calibrated.file.agreement.data}",
        AS_IN_FILES,
        answer=tuple(_sentences(crossfit)),
        cautions=tuple(_cautions(calibrated)),
        blocks=(table,),
    )


def _sentences(crossfit: Crossfit) -> Iterator[str]:
    groups, decision = fmt.plural(crossfit.groups, "group"), crossfit.decision
    yield f"{crossfit.rows:,} labels in {groups}, {crossfit.supported:,} of them supported."
    yield f"Recalibrated by {_METHODS[crossfit.recalibration.method]}."
    low, high = fmt.share(decision.low), fmt.share(decision.high)
    if decision.low < decision.high:
        yield f"Supported from P(supported) = {high} on, not supported below {low}, and uncertain between the two."
    else:
        yield f"Supported from P(supported) = {high} on; leaving some uncertain would cost more than it saves."
    of = "rows" if crossfit.by_rows else "groups"
    yield f"Tried in {crossfit.folds} folds of {of}: each is scored by what was fitted on the others."


def _cautions(calibrated: Calibrated) -> Iterator[str]:
    crossfit = calibrated.crossfit
    if caution := calibrated.file.agreement.caution:
        yield caution
    if calibrated.skipped:
        they_are = "it is" if calibrated.skipped == 1 else "they are"
        yield f"On {fmt.plural(calibrated.skipped, 'row')} the verifier gave no answer at all; {they_are} left out."
    if calibrated.edits:
        pairs, are = fmt.plural(calibrated.edits, "pair"), fmt.are(calibrated.edits)
        yield f"{pairs} of summaries {are} left out: only whole summaries are labelled."
    if calibrated.unsure:
        rows, are = fmt.plural(calibrated.unsure, "row"), fmt.are(calibrated.unsure)
        yield f"{rows} of which people could not tell, or disagreed, {are} left out."
    if crossfit.by_rows:
        groups = fmt.plural(crossfit.groups, "group")
        yield (
            f"The labels come from {groups}. Below {FEWEST_GROUPS}, folds are made of rows, and rows of one article "
            "are alike, so this does not show how well it does on other articles: label pairs of more of them."
        )
    if crossfit.rows < FEW:
        yield (
            f"With {crossfit.rows} labels only a temperature is fitted (from {FEW} on: biases too); threshold and band "
            "rest on few rows, and will move with the next labels."
        )
    if crossfit.macro_f1 is None:
        yield (
            f"Fewer than {FEWEST_OF_A_LABEL} labels say contradicted, or say absent, so nothing is fitted that tells "
            "the two apart."
        )
    yield from _unclear(crossfit.balanced_accuracy)
    yield from _unclear(crossfit.calibration_error)


def _unclear(change: MeasureChange) -> Iterator[str]:
    """That a change cannot be told from none, or is one for the worse."""
    gain = change.difference
    if gain.value == 0:
        return
    low, high = (gain.value, gain.value) if gain.reason == SAME else (gain.low, gain.high)
    if low is None or high is None or low <= 0 <= high:
        yield f"These labels do not show whether the {change.name} is better than before."
    elif (low > 0) != change.higher_is_better:
        yield f"The {change.name} is worse than before; do not use this calibration for it."


def _signed(change: MeasureChange) -> str | Cell:
    difference = change.difference
    if difference.value is None:
        return fmt.MISSING
    if difference.low is None or difference.high is None:
        return f"{difference.value:+.3f}"
    return Cell(f"{difference.value:+.3f}", f"[{difference.low:+.3f}, {difference.high:+.3f}]")
