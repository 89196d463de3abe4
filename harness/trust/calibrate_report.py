"""Report what ``harness calibrate`` found, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document import format as fmt
from harness.document.blocks import Cell, Document, Table
from harness.document.labels import AS_IN_FILES
from harness.document.notes import Notes
from harness.stats.agreement import SAME
from harness.trust.crossfit import FEW, FEWEST_GROUPS, FEWEST_OF_A_LABEL, Calibrated, Crossfit, MeasureChange
from harness.trust.meta_eval_report import show_figure, show_number

_METHODS = {
    "temperature": "one temperature, for supported and the rest",
    "two-way": "weights for supported and for the rest, and a bias for supported",
    "vector": "a weight and a bias for each label",
}


def document(verifier: str, calibrated: Calibrated) -> Document:
    """Show what was fitted, how agreement changes out of fold, and what cannot be concluded."""
    crossfit = calibrated.crossfit
    notes = Notes()
    rows: list[tuple[str | Cell, ...]] = []
    for each in crossfit.changes:
        gain = each.difference
        change = fmt.MISSING if gain.value is None else f"{gain.value:+.3f}"
        interval = "" if gain.low is None or gain.high is None else f"[{gain.low:+.3f}, {gain.high:+.3f}]"
        rows.append(
            (each.name, show_figure(each.before, notes), show_figure(each.after, notes), Cell(change, interval))
        )
    before, after = crossfit.uncertain_before, crossfit.uncertain_after
    rows.append(("share of uncertain verdicts", show_number(before), show_number(after), f"{after - before:+.3f}"))
    table = Table.of(("out of fold", "before", "after", "change"), rows, notes=notes.texts)
    return Document(
        f"{verifier} on {calibrated.file.agreement.data}",
        AS_IN_FILES,
        answer=tuple(_describe(crossfit)),
        cautions=tuple(_warn(calibrated)),
        blocks=(table,),
    )


def _describe(crossfit: Crossfit) -> Iterator[str]:
    groups, decision = fmt.plural(crossfit.groups, "group"), crossfit.decision
    yield f"{crossfit.rows:,} labels in {groups}, {crossfit.supported:,} of them supported."
    yield f"Recalibrated by {_METHODS[crossfit.recalibration.method]}."
    low, high = fmt.share(decision.low), fmt.share(decision.high)
    if decision.low < decision.high:
        yield f"Supported from P(supported) = {high} on, not supported below {low}, and uncertain between the two."
    else:
        yield f"Supported from P(supported) = {high} on; uncertain verdicts would cost more than they save."
    of = "rows" if crossfit.by_rows else "groups"
    yield f"Cross-validated in {crossfit.folds} folds of {of}: each is scored by the fit to the others."


def _warn(calibrated: Calibrated) -> Iterator[str]:
    crossfit = calibrated.crossfit
    if caution := calibrated.file.agreement.caution:
        yield caution
    if calibrated.skipped:
        yield f"Left out because the verifier abstained: {fmt.plural(calibrated.skipped, 'row')}."
    if calibrated.edits:
        yield f"Left out because only whole summaries are labelled: {fmt.plural(calibrated.edits, 'pair')}."
    if calibrated.unsure:
        yield f"Left out because people could not tell, or disagreed: {fmt.plural(calibrated.unsure, 'row')}."
    if crossfit.by_rows:
        groups = fmt.plural(crossfit.groups, "group")
        yield (
            f"The labels come from {groups}. Below {FEWEST_GROUPS}, folds are made of rows, which are alike within an "
            "article, so the numbers do not carry over to other articles: label pairs from more articles."
        )
    if crossfit.rows < FEW:
        yield (
            f"With {crossfit.rows} labels only a temperature is fitted (from {FEW} on, biases too). Threshold and band "
            "rest on few rows and will change with the next labels."
        )
    if crossfit.macro_f1 is None:
        yield (
            f"Fewer than {FEWEST_OF_A_LABEL} labels are contradicted, or are absent, so the fit does not distinguish "
            "the two."
        )
    yield from _warn_of_change(crossfit.balanced_accuracy)
    yield from _warn_of_change(crossfit.calibration_error)


def _warn_of_change(change: MeasureChange) -> Iterator[str]:
    """Warn if a measure did not change significantly, or got worse."""
    gain = change.difference
    if gain.value == 0:
        return
    low, high = (gain.value, gain.value) if gain.reason == SAME else (gain.low, gain.high)
    if low is None or high is None or low <= 0 <= high:
        yield f"These labels do not show whether the {change.name} is better than before."
    elif (low > 0) != change.higher_is_better:
        yield f"The {change.name} is worse than before, so do not use this calibration to improve it."
