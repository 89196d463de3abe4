"""How far people agree with each other and with the verifiers, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.checker.agreement.agreement import ALL, DRAWN, AnnotatorAgreement, Confusion
from harness.checker.labelling.corpus import learned_from
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Paragraph, Table
from harness.document.notes import Notes
from harness.records import LABELS, Results
from harness.stats.agreement import Figure

_NAMED = 3
_SHOWN = 20
"""Disputes that a terminal and a document show; the page has all."""


def document(found: AnnotatorAgreement, warnings: Sequence[str] = (), more: Sequence[Block] = ()) -> Document:
    """Agreement, confusions and disputes; what to do where there is no label.

    ``warnings``: what stands against the numbers, see ``flattered``. ``more``: what else the labels say of the run.
    """
    title = "Agreement with people"
    if not found.people:
        text = f"Nobody has labelled any of the {found.pairs:,} pairs of this run; harness label asks."
        return Document(title, answer=(text,))
    tables = [table for table in (between(found), among(found)) if table.rows]
    blocks = (*tables, *more, *_confusions(found), *_disputes(found))
    return Document(title, answer=tuple(in_words(found)), cautions=tuple(warnings), blocks=blocks)


def flattered(results: Results) -> str:
    """That the verifier of a run was fitted to labels of its articles; empty where it was not."""
    learned = sorted(learned_from(results))
    if not learned:
        return ""
    named = fmt.listed(learned[:_NAMED]) + (" and others" if len(learned) > _NAMED else "")
    return f"The verifier of {results.manifest.name} was fitted to the labels of {named}: agreement there flatters it."


def in_words(found: AnnotatorAgreement) -> Iterator[str]:
    """Who labelled what and how, and what cannot be concluded from it."""
    people = [f"{rater.name} {len(rater.labels):,}" for rater in found.people]
    yield f"Labelled of {found.pairs:,} pairs: {fmt.listed(people)}."
    if found.in_sight:
        in_sight = fmt.plural(found.in_sight, "label")
        yield f"Given with the verdict in sight: {in_sight}. They agree with it more readily than blind ones."
    if len(found.people) == 1:
        yield "One person's labels: how far people agree on these pairs is not known; have some labelled by another."
    if not found.sampled:
        yield "No label is part of a random sample yet, so no number here stands for all of the run's verdicts."
    elif found.sampled < found.labelled:
        yield (
            "Pairs with the least certain verdicts are asked first. What stands for all of the run's verdicts is the "
            f"part “{DRAWN}”: {fmt.plural(found.sampled, 'pair')}."
        )
    yield "Pairs that one of two could not decide (uncertain) are left out. In brackets: 95% intervals over articles."


def between(found: AnnotatorAgreement) -> Table:
    """Share of equal labels and Cohen's kappa of every two, part by part."""
    notes = Notes()
    rows = [
        (
            f"{each.first.name} · {each.second.name}" if each.part == ALL else "",
            each.part,
            f"{each.pairs:,}",
            figure(each.same, notes),
            figure(each.kappa, notes),
        )
        for each in found.between
    ]
    heads = ("two and two", "pairs", "both decided", "same label", "Cohen's κ")
    return Table.of(heads, rows, left=frozenset({0, 1}), notes=notes.texts)


def among(found: AnnotatorAgreement) -> Table:
    """Krippendorff's alpha, part by part."""
    notes = Notes()
    rows = [
        (
            fmt.listed(each.raters) if each.part == ALL else "",
            each.part,
            f"{each.pairs:,}",
            figure(each.alpha, notes),
        )
        for each in found.among
    ]
    heads = ("together", "pairs", "two decided", "Krippendorff's α")
    return Table.of(heads, rows, left=frozenset({0, 1}), notes=notes.texts)


def figure(found: Figure, notes: Notes) -> Cell:
    """The value with its interval, and the number of the note that says why there is none."""
    return notes.estimate(found.value, found.low, found.high, found.reason)


def confusion(found: Confusion) -> Table:
    """What the first said, row by row, against what the second said."""
    labels = [label for label in LABELS if any(found.counts[label].values())]
    rows = [(label, *(f"{found.counts[label][other]:,}" for other in LABELS)) for label in labels]
    return Table.of((f"{found.first.name} ↓  {found.second.name} →", *LABELS), rows)


def _confusions(found: AnnotatorAgreement) -> Iterator[Block]:
    tables = [table for table in map(confusion, found.confusions) if table.rows]
    if tables:
        yield Heading("Who said what")
        yield from tables


def _disputes(found: AnnotatorAgreement) -> Iterator[Block]:
    if found.disputes:
        yield Heading("In dispute")
        if len(found.disputes) > _SHOWN:
            yield Paragraph(f"The first {_SHOWN} of {len(found.disputes):,}; harness view shows all.")
        names = [rater.name for rater in (*found.people, *found.verifiers)]
        rows = [
            (dispute.task.hypothesis, *(dispute.said.get(name, fmt.MISSING) for name in names))
            for dispute in found.disputes[:_SHOWN]
        ]
        yield Table.of(("statement", *names), rows, left=frozenset(range(len(names) + 1)))
