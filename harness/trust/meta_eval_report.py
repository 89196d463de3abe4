"""Report what ``harness meta-eval`` found, in sentences and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter

from harness import __version__
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Paragraph, Table, sentences
from harness.document.labels import AS_IN_FILES
from harness.document.notes import Notes
from harness.records import LABELS
from harness.stats.agreement import BINS, RESAMPLES, Figure
from harness.trust.meta_eval import VerifierComparison, VerifierMetrics

FORMAT = 1
"""Version of the JSON."""


def document(comparisons: Sequence[VerifierComparison], verifiers: Sequence[str]) -> Document:
    """Show the verifiers against people's labels, corpus by corpus."""
    blocks: list[Block] = []
    for comparison in comparisons:
        blocks += (Heading(comparison.corpus), *sentences(tuple(_describe(comparison))))
        for measured in comparison.measured:
            if measured.learned_from:
                what = "these labels" if measured.learned_these else "which, by its name, may contain rows of this file"
                numbers = measured.agreement.out_of_fold if measured.agreement else {}
                elsewhere = ", ".join(f"{name.replace('_', ' ')} {show_number(it)}" for name, it in numbers.items())
                warning = (
                    f"{measured.verifier} was fitted to {measured.learned_from}, {what}. It looks better here than it "
                    "is: do not quote these numbers. Its recorded numbers on rows that it was not fitted to: "
                    f"{elsewhere or 'none'}."
                )
                blocks.append(Paragraph(warning, "warning"))
        blocks += _tabulate(comparison)
    return Document(f"{', '.join(verifiers)} against people's labels", AS_IN_FILES, blocks=tuple(blocks))


def as_json(comparisons: Sequence[VerifierComparison], seed: int) -> str:
    data = TypeAdapter(tuple[VerifierComparison, ...]).dump_python(tuple(comparisons), mode="json")
    header = {"format": FORMAT, "harness": __version__, "seed": seed, "resamples": RESAMPLES}
    return json.dumps({**header, "comparisons": data}, ensure_ascii=False, indent=1) + "\n"


def _describe(comparison: VerifierComparison) -> Iterator[str]:
    judged = next((each.judged for each in comparison.measured if each.judged), None)
    edited = next((each.edited for each in comparison.measured if each.edited), None)
    if judged:
        rows, groups = fmt.plural(comparison.judgements, "human label"), fmt.plural(judged.groups, "group")
        share = judged.two_way.supported / judged.two_way.rows
        yield f"{rows} in {groups}; {share:.0%} are supported."
    if edited:
        groups = fmt.plural(edited.groups, "group")
        yield f"{fmt.plural(comparison.edits, 'pair')} of a faithful and an edited summary in {groups}."
    if comparison.unsure:
        yield f"Left out because people could not tell, or disagreed: {fmt.plural(comparison.unsure, 'row')}."
    if judged and not any(each.judged and each.judged.three_way for each in comparison.measured):
        yield "The labels do not include both contradicted and absent, so there are no three-way numbers."
    yield "In brackets: 95% intervals from resampling groups. No row is scored by a threshold fitted on its own group."


def _tabulate(comparison: VerifierComparison) -> Iterator[Table]:
    notes = Notes()
    columns = [dict(_list_numbers(each, notes)) for each in comparison.measured]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [(name, *(column.get(name, fmt.MISSING) for column in columns)) for name in names]
    yield Table.of(["", *(each.title for each in comparison.measured)], rows, notes=notes.texts)
    for measured in comparison.measured:
        if measured.judged and not measured.is_floor:
            if three_way := measured.judged.three_way:
                counts = [
                    (human, *(f"{said[label]:,}" for label in LABELS)) for human, said in three_way.confusion.items()
                ]
                yield Table.of(("people said", *LABELS), counts, title=f"The verdicts of {measured.verifier}")
            bins = [
                (f"{it.low:.2f} – {it.high:.2f}", f"{it.rows:,}", fmt.share(it.predicted), fmt.share(it.supported))
                for it in measured.judged.two_way.bins
            ]
            title = f"Reliability of {measured.verifier}: how often people said supported, by its probability"
            yield Table.of(("P(supported)", "rows", "predicted", "people"), bins, title=title, left=frozenset({0}))
    for measured in comparison.measured:
        if measured.edited:
            notes = Notes()
            pairs = [
                (it.kind or "all", f"{it.pairs:,}", show_figure(it.consistency, notes), show_number(it.auc.value))
                for it in (measured.edited.every, *measured.edited.kinds)
            ]
            heads = ["kind of error", "pairs", "consistency", "AUC"]
            yield Table.of(heads, pairs, title=f"{measured.title}, by kind of error", notes=notes.texts)


def _list_numbers(measured: VerifierMetrics, notes: Notes) -> Iterator[tuple[str, str | Cell]]:
    if measured.judged:
        two_way, three_way, levels = measured.judged.two_way, measured.judged.three_way, measured.judged.levels
        yield "ROC AUC of P(supported)", show_figure(two_way.auc, notes)
        yield "balanced accuracy, threshold from other groups", show_figure(two_way.balanced_accuracy, notes)
        yield "balanced accuracy of the verdicts, uncertain ones left out", show_figure(two_way.as_decided, notes)
        yield "uncertain verdicts", show_number(two_way.undecided / two_way.rows)
        if two_way.unanswered:
            yield "of these, abstentions", show_number(two_way.unanswered / two_way.rows)
        yield f"expected calibration error, {BINS} bins", show_figure(two_way.calibration_error, notes)
        if three_way:
            yield "three-way macro-F1 of the most likely label", show_figure(three_way.macro_f1, notes)
            yield "three-way macro-F1 of the verdicts, uncertain ones wrong", show_figure(three_way.as_decided, notes)
        if levels:
            yield f"summary-level Pearson, {levels.systems} systems", show_figure(levels.summary_pearson, notes)
            yield "summary-level Spearman", show_figure(levels.summary_spearman, notes)
            yield "system-level Pearson", show_figure(levels.system_pearson, notes)
            yield "system-level Spearman", show_figure(levels.system_spearman, notes)
    if measured.edited:
        yield "consistency of pairs, ties fail", show_figure(measured.edited.every.consistency, notes)
        yield "AUC over both summaries of all pairs", show_figure(measured.edited.every.auc, notes)
    yield "distinct pairs", f"{measured.verdicts:,}"
    yield "verdicts per second", f"{measured.verdicts / measured.seconds:,.0f}" if measured.seconds else fmt.MISSING


def show_figure(estimate: Figure, notes: Notes) -> Cell:
    """Format ``0.841 [0.825, 0.855]``; a note says why a part is missing."""
    return notes.estimate(estimate, show_number)


def show_number(value: float | None) -> str:
    """Format with three decimals."""
    return fmt.MISSING if value is None else f"{value:z.3f}"
