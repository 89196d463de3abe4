"""What ``harness meta-eval`` found, in sentences and tables."""

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
from harness.stats.agreement import BINS, RESAMPLES, Bin, Figure
from harness.trust.meta_eval.edits import EditPairs
from harness.trust.meta_eval.judgements import ThreeWay
from harness.trust.meta_eval.meta_eval import VerifierComparison, VerifierMetrics

FORMAT = 1
"""Version of the JSON."""

_BAR = 30
"""Characters of a bar that stands for 1."""

_INTERVALS = "In brackets: 95% intervals by resampling groups. What is fitted is fitted on other groups than it scores."


def document(comparisons: Sequence[VerifierComparison], verifiers: Sequence[str]) -> Document:
    """The verifiers against people's labels, corpus by corpus."""
    blocks = tuple(block for comparison in comparisons for block in _blocks(comparison))
    return Document(f"{', '.join(verifiers)} against people's labels", AS_IN_FILES, blocks=blocks)


def _blocks(comparison: VerifierComparison) -> Iterator[Block]:
    yield Heading(comparison.corpus)
    yield from sentences(tuple(_sentences(comparison)))
    for measured in comparison.measured:
        if measured.learned_from:
            yield Paragraph(_fitted_on_same_labels(measured), "warning")
    yield from _tables(comparison)


def _sentences(comparison: VerifierComparison) -> Iterator[str]:
    judged = next((each.judged for each in comparison.measured if each.judged), None)
    edited = next((each.edited for each in comparison.measured if each.edited), None)
    if judged:
        rows, groups = fmt.plural(comparison.judgements, "judgement"), fmt.plural(judged.groups, "group")
        share = fmt.share(judged.two_way.supported / judged.two_way.rows)
        yield f"{rows} by people in {groups}; they called {share} of them supported."
    if edited:
        groups = fmt.plural(edited.groups, "group")
        yield f"{fmt.plural(comparison.edits, 'pair')} of a faithful and an edited summary in {groups}."
    if comparison.unsure:
        rows, are = fmt.plural(comparison.unsure, "row"), fmt.are(comparison.unsure)
        yield f"{rows} of which people could not tell, or disagreed, {are} left out."
    if judged and not any(each.judged and each.judged.three_way for each in comparison.measured):
        yield "Contradicted and absent are not both among the labels, so there are no three-way numbers."
    yield _INTERVALS


def _fitted_on_same_labels(measured: VerifierMetrics) -> str:
    """That a verifier learned from these rows, or may have, and what it is worth elsewhere."""
    here = "whose labels these are" if measured.learned_these else "and by their name these may be rows of that"
    numbers = measured.agreement.out_of_fold if measured.agreement else {}
    elsewhere = ", ".join(f"{name.replace('_', ' ')} {number(value)}" for name, value in numbers.items())
    return (
        f"{measured.verifier} learned from {measured.learned_from}, {here}. Here it looks better than it is: do not "
        f"quote these numbers. On rows that it did not learn from: {elsewhere or 'nothing is on record'}."
    )


def _tables(comparison: VerifierComparison) -> Iterator[Table]:
    yield _numbers(comparison)
    for measured in comparison.measured:
        if measured.judged and not measured.is_floor:
            if measured.judged.three_way:
                yield _confusion(measured.verifier, measured.judged.three_way)
            yield _reliability(measured.verifier, measured.judged.two_way.bins)
    for measured in comparison.measured:
        if measured.edited:
            yield _pairs(measured.title, (measured.edited.every, *measured.edited.kinds))


def as_json(comparisons: Sequence[VerifierComparison], seed: int) -> str:
    """All of it for programs; a figure without a value, or without an interval, has a reason."""
    data = TypeAdapter(tuple[VerifierComparison, ...]).dump_python(tuple(comparisons), mode="json")
    header = {"format": FORMAT, "harness": __version__, "seed": seed, "resamples": RESAMPLES}
    return json.dumps({**header, "comparisons": data}, ensure_ascii=False, indent=1) + "\n"


# The numbers ----------------------------------------------------------------------------------------------------------


def _numbers(comparison: VerifierComparison) -> Table:
    notes = Notes()
    columns = [dict(_column(each, notes)) for each in comparison.measured]
    names = list(dict.fromkeys(name for column in columns for name in column))
    heads = ["", *(each.title for each in comparison.measured)]
    rows = [(name, *(column.get(name, fmt.MISSING) for column in columns)) for name in names]
    return Table.of(heads, rows, notes=notes.texts)


def _column(measured: VerifierMetrics, notes: Notes) -> Iterator[tuple[str, str | Cell]]:
    if measured.judged:
        two_way, three_way, levels = measured.judged.two_way, measured.judged.three_way, measured.judged.levels
        yield "ROC AUC of P(supported)", figure(two_way.auc, notes)
        yield "balanced accuracy, threshold from other groups", figure(two_way.balanced_accuracy, notes)
        yield "balanced accuracy of the verdicts, uncertain ones left out", figure(two_way.as_decided, notes)
        yield "verdicts that are uncertain", number(two_way.undecided / two_way.rows)
        if two_way.unanswered:
            yield "of these without any answer", number(two_way.unanswered / two_way.rows)
        yield f"expected calibration error, {BINS} bins", figure(two_way.calibration_error, notes)
        if three_way:
            yield "three-way macro-F1 of the likeliest label", figure(three_way.macro_f1, notes)
            yield "three-way macro-F1 of the verdicts, uncertain ones wrong", figure(three_way.as_decided, notes)
        if levels:
            yield f"summary-level Pearson, {levels.systems} systems", figure(levels.summary_pearson, notes)
            yield "summary-level Spearman", figure(levels.summary_spearman, notes)
            yield "system-level Pearson", figure(levels.system_pearson, notes)
            yield "system-level Spearman", figure(levels.system_spearman, notes)
    if measured.edited:
        yield "consistency of pairs, ties fail", figure(measured.edited.every.consistency, notes)
        yield "AUC over both summaries of all pairs", figure(measured.edited.every.auc, notes)
    yield "different pairs judged", f"{measured.verdicts:,}"
    yield "verdicts a second", f"{measured.verdicts / measured.seconds:,.0f}" if measured.seconds else fmt.MISSING


def figure(estimate: Figure, notes: Notes) -> Cell:
    """``0.841 [0.825, 0.855]``, or what there is of it, with the number of the note that says why."""
    return notes.estimate(estimate, number)


def number(value: float | None) -> str:
    """Three decimals, as the literature gives them."""
    return fmt.MISSING if value is None else f"{value:z.3f}"


# Tables ---------------------------------------------------------------------------------------------------------------


def _confusion(verifier: str, metrics: ThreeWay) -> Table:
    rows = [(human, *(f"{metrics.confusion[human][label]:,}" for label in LABELS)) for human in metrics.confusion]
    return Table.of(("people said", *LABELS), rows, title=f"The verdicts of {verifier}")


def _reliability(verifier: str, bins: Sequence[Bin]) -> Table:
    rows = [
        (
            f"{each.low:.2f} – {each.high:.2f}",
            f"{each.rows:,}",
            fmt.share(each.predicted),
            fmt.share(each.supported),
            bar(each),
        )
        for each in bins
    ]
    heads = ("P(supported)", "rows", "said", "people", "█ people   │ said")
    title = f"Reliability of {verifier}: how often people called supported what it gives this probability"
    return Table.of(heads, rows, title=title, left=frozenset({0, 4}))


def bar(bin_: Bin) -> str:
    """People's share as a bar, with a mark where it should end."""
    if bin_.supported is None or bin_.predicted is None:
        return ""
    cells = ["█" if place < round(bin_.supported * _BAR) else "·" for place in range(_BAR)]
    cells[min(_BAR - 1, round(bin_.predicted * _BAR))] = "│"
    return "".join(cells)


def _pairs(verifier: str, kinds: Sequence[EditPairs]) -> Table:
    notes = Notes()
    rows: list[list[str | Cell]] = [
        [
            each.kind or "all",
            f"{each.pairs:,}",
            figure(each.consistency, notes),
            *(number(other.value) for other in (each.auc, each.consistency_of_worst, each.auc_of_worst)),
        ]
        for each in kinds
    ]
    heads = ("kind of error", "pairs", "consistency", "AUC", "consistency, worst", "AUC, worst")
    title = f"{verifier}, by the mean over a summary's sentences, and by its worst sentence"
    return Table.of(heads, rows, title=title, notes=notes.texts)
