"""How far people agree with each other and with the verifiers, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.checker.agreement.agreement import ALL, DRAWN, Accord, Between, Confusion
from harness.checker.labelling.corpus import learned_from
from harness.document import format as fmt
from harness.document.notes import Notes
from harness.document.sections import Grid, Section
from harness.records import LABELS, Results
from harness.stats.agreement import Figure

_NAMED = 3
_SHOWN = 20
"""Disputes that a terminal and a document show; the page has all."""


def sections(found: Accord, warnings: Sequence[str] = ()) -> list[Section]:
    """Agreement, confusions and disputes; one that says what to do where there is no label.

    ``warnings``: what stands against the numbers, see ``flattered``.
    """
    if not found.people:
        said = f"Nobody has labelled any of the {found.pairs:,} pairs of this run; harness label asks."
        return [Section("Agreement", (said,), ())]
    return [_agreement(found, warnings), *_confusions(found), *_disputes(found)]


def flattered(results: Results) -> str:
    """That the verifier of a run was fitted to labels of its articles; empty where it was not."""
    learned = sorted(learned_from(results))
    if not learned:
        return ""
    named = fmt.listed(learned[:_NAMED]) + (" and others" if len(learned) > _NAMED else "")
    return f"The verifier of {results.manifest.name} was fitted to the labels of {named}: agreement there flatters it."


def on_own_articles(found: Sequence[Between]) -> str:
    """How often each verifier gives the label that each person gave, as a sentence for a report; empty for none."""
    said = [_compared(each) for each in found if each.same.value is not None]
    return f"On this run's own articles {'; '.join(said)}." if said else ""


def _compared(each: Between) -> str:
    same, kappa = round((each.same.value or 0) * each.pairs), each.kappa
    shown = [] if kappa.value is None else [fmt.share(kappa.value), fmt.interval(kappa.low, kappa.high, "share")]
    beyond = f" (Cohen's κ {' '.join(filter(None, shown))})" if shown else ""
    return (
        f"{each.second.name} gives the reference label of {each.first.name} in {same:,} of "
        f"{fmt.plural(each.pairs, 'pair')} that both decided{beyond}"
    )


def _agreement(found: Accord, warnings: Sequence[str]) -> Section:
    grids = tuple(grid for grid in (between(found), among(found)) if grid.rows)
    return Section("Agreement", tuple(sentences(found)), grids, tuple(warnings))


def sentences(found: Accord) -> Iterator[str]:
    """Who labelled what and how, and what cannot be concluded from it."""
    people = [f"{rater.name} {len(rater.labels):,}" for rater in found.people]
    yield f"Labelled of {found.pairs:,} pairs: {fmt.listed(people)}."
    if found.in_sight:
        seen = fmt.plural(found.in_sight, "label")
        yield f"Given with the verdict in sight: {seen}. They agree with it more readily than blind ones."
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


def between(found: Accord) -> Grid:
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
    return Grid(heads, tuple(rows), left=frozenset({0, 1}), notes=notes.lines)


def among(found: Accord) -> Grid:
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
    return Grid(heads, tuple(rows), left=frozenset({0, 1}), notes=notes.lines)


def figure(found: Figure, notes: Notes) -> str:
    """The value with its interval, and the number of the note that says why there is none."""
    return notes.estimate(found.value, found.low, found.high, found.reason)


def confusion(found: Confusion) -> Grid:
    """What the first said, row by row, against what the second said."""
    labels = [label for label in LABELS if any(found.counts[label].values())]
    rows = [(label, *(f"{found.counts[label][other]:,}" for other in LABELS)) for label in labels]
    return Grid((f"{found.first.name} ↓  {found.second.name} →", *LABELS), tuple(rows))


def _confusions(found: Accord) -> Iterator[Section]:
    grids = tuple(grid for grid in map(confusion, found.confusions) if grid.rows)
    if grids:
        yield Section("Who said what", (), grids)


def _disputes(found: Accord) -> Iterator[Section]:
    if found.disputes:
        rest = len(found.disputes) - _SHOWN
        more = (f"The first {_SHOWN} of {len(found.disputes):,}; harness view shows all.",) if rest > 0 else ()
        names = [rater.name for rater in (*found.people, *found.verifiers)]
        rows = tuple(
            (dispute.task.hypothesis, *(dispute.said.get(name, fmt.MISSING) for name in names))
            for dispute in found.disputes[:_SHOWN]
        )
        left = frozenset(range(len(names) + 1))
        yield Section("In dispute", more, (Grid(("statement", *names), rows, left=left),))
