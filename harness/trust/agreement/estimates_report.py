"""Automatic, human and combined estimates of a run, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Heading, Table, sentences
from harness.document.notes import Notes
from harness.document.roles import grouped
from harness.records import Results
from harness.stats.ppi import Share
from harness.trust.agreement.estimates import Estimated, Estimates, estimates
from harness.trust.agreement.report import fitted_on_same_labels

TITLE = "What people would find"
_HOW = "harness label draws every second verdict at random: go on labelling."
_NONE_DRAWN = f"No verdict that was drawn at random is labelled yet, so nothing can be estimated. {_HOW}"
_FEW = 100
"""Labels of a system below which its estimates are coarse: their standard error is 0.05 at a half."""


def blocks(results: Results, title: str = TITLE) -> tuple[Block, ...]:
    """The estimates of every system, under a title; nothing where nobody labelled a verdict of the run."""
    estimated = estimates(results)
    if estimated is None:
        return ()
    labelled = [each for each in estimated.estimates if each.labelled]
    if not labelled:
        return (Heading(title, anchor="estimates"), *sentences([_NONE_DRAWN], "quiet"))
    metrics = dict.fromkeys(each.metric for each in labelled)
    systems = [system.name for members in grouped(results.manifest.systems).values() for system in members]
    ordered = sorted(labelled, key=lambda each: systems.index(each.system))
    explained, without = _sentences(estimated, fitted_on_same_labels(results)), _notes(labelled).shared
    if without:
        explained.append(f"No interval: {without}.")
    tables = (_table([each for each in ordered if each.metric == metric], without) for metric in metrics)
    return (Heading(title, anchor="estimates"), *sentences(explained, "quiet"), *tables)


def _table(estimated: Sequence[Estimated], reason: str | None) -> Table:
    """The estimates of a metric. ``reason``: why none has an interval, where it stands above all tables."""
    notes = _notes(estimated)
    rows: list[list[str | Cell]] = [
        [
            each.system,
            *(notes.estimate(share) for share in _shares(each)),
            f"{each.labelled:,} of {each.verdicts:,}",
        ]
        for each in estimated
    ]
    heads = (estimated[0].metric, "verifier alone", "labels alone", "both", "labelled")
    return Table.of(heads, rows, caption="" if reason else notes.shared or "", notes=notes.texts)


def _notes(estimated: Sequence[Estimated]) -> Notes:
    """Why estimates have no interval."""
    return Notes(share.reason for each in estimated for share in _shares(each))


def _shares(each: Estimated) -> tuple[Share, Share, Share]:
    return each.shares.automatic, each.shares.human, each.shares.combined


def _sentences(measured: Estimates, flattery: str) -> list[str]:
    annotator = "annotator" if len(measured.people) == 1 else "annotators"
    names, estimated = fmt.listed([f"“{name}”" for name in measured.people]), measured.estimates
    explained = (
        "Each number is given in three ways. “Verifier alone” takes the verdicts as they are, and its interval leaves "
        f"their errors out. “Labels alone” uses the labels of the {annotator} {names}. “Both” corrects the verdicts by "
        "the labels (prediction-powered inference). Only labels of verdicts that were drawn at random count."
    )
    sentences = [explained, *filter(None, [flattery])]
    if all(each.labelled == each.verdicts for each in estimated):
        return [*sentences, "Every verdict is labelled, so the labels alone are the answer for these summaries."]
    without = [each for each in estimated if not each.labelled]
    if without:
        count = fmt.plural(len(without), "estimate")
        sentences.append(f"For {count} there is no such label yet, so the tables leave them out. {_HOW}")
    few = [each for each in estimated if 0 < each.labelled < min(_FEW, each.verdicts)]
    if few:
        least = min(each.labelled for each in few)
        sentences.append(f"Some rest on few labels, one on {least}: read them as a direction only.")
    return sentences
