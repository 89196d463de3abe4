"""Measure and report how far people agree with each other and with a run's verifier."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from harness.data.labels import PairKey, find_faults
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Item, Listing, Notes, Paragraph, Piece, Table, Text
from harness.document.labels import MARKS
from harness.records import LABELS, Annotation, Label, Results, Use
from harness.signature import kind_of
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure
from harness.stats.arrays import Booleans, Integers
from harness.trust.estimates import TITLE, make_cell
from harness.trust.labelling import warn_of_fitted_labels
from harness.trust.queue import Task, find_drawn, list_tasks, select_sample

_NUMBERS: Mapping[Label | None, int] = {"supported": 0, "contradicted": 1, "absent": 2, "uncertain": -1, None: -2}
"""Label → its number for the statistics, which skip negative numbers; None stands for no label."""

ALL, DRAWN = "all", "drawn at random"
"""Values of ``PartAgreement.part`` besides ``Task.part``. Only the pairs drawn at random represent the whole run."""
_NO_PAIR = Figure(None, reason="no pair has decided labels from two raters")

Disagreement = Literal[
    "people differ", "supported by the verifier alone", "supported by people alone", "not supported, labels differ"
]
"""Why a pair is in dispute: two raters gave it different labels, neither of them undecided."""


@dataclass(frozen=True, slots=True)
class Rater:
    name: str
    """The annotator's name, or the verifier's kind."""
    labels: Mapping[PairKey, Label]
    drawn_keys: Collection[PairKey]
    """The pairs that a person labelled because they were drawn at random; for a verifier, all pairs."""


@dataclass(frozen=True, slots=True)
class PartAgreement:
    """The agreement of some raters on a part of the pairs."""

    raters: tuple[Rater, ...]
    part: str
    """``ALL``, ``DRAWN`` or a ``Task.part``."""
    pairs: int
    """Number of pairs that at least two of the raters decided."""
    figures: tuple[Figure, ...]
    """For two raters, the share of pairs with the same label, and Cohen's kappa; for a group, Krippendorff's alpha."""


@dataclass(frozen=True, slots=True)
class Dispute:
    task: Task
    labels: Mapping[str, Label]
    """Rater's name → label."""
    kind: Disagreement


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    pairs: int
    labelled: int
    sampled: int
    """Number of labelled pairs that are a random sample of the run."""
    people: tuple[Rater, ...]
    unblinded: int
    """Number of labels given while a verdict was visible."""
    between: tuple[PartAgreement, ...]
    """The agreement between any two people, and of each person with the verifier, on all pairs and on each part."""
    among: tuple[PartAgreement, ...]
    """The agreement of all people, and of all people with the verifier; empty for fewer than two people."""
    disputes: tuple[Dispute, ...]
    """Sorted by kind, as listed in ``Disagreement``; within a kind, the most confident verdict comes first."""
    cautions: tuple[str, ...]


def measure_agreement(results: Results) -> AnnotatorAgreement:
    """Compare people's labels of a run's pairs with each other and with the verdicts."""
    tasks = list_tasks(results)
    asked = {task.pair_key for task in tasks}
    labels = [label for label in results.labels if label.pair_key in asked]
    people = _list_people(labels)
    name = kind_of(results.manifest.verifier)
    if name in {person.name for person in people}:
        name += " (verifier)"
    verifier = Rater(name, {task.pair_key: task.checks[-1].verdict.label for task in tasks}, asked)
    labelled = frozenset(key for person in people for key in person.labels)
    couples = [*combinations(people, 2), *((person, verifier) for person in people)]
    groups = [tuple(people), (*people, verifier)] if len(people) > 1 else []
    fitted = warn_of_fitted_labels(results)
    return AnnotatorAgreement(
        pairs=len(tasks),
        labelled=len(labelled),
        sampled=len(select_sample(tasks, labelled, find_drawn(results.labels))),
        people=tuple(people),
        unblinded=sum(not label.shown.blind for label in labels),
        between=tuple(measured for raters in couples for measured in _compare(raters, tasks)),
        among=tuple(measured for raters in groups for measured in _compare(raters, tasks, is_group=True)),
        disputes=_find_disputes(tasks, people, verifier),
        cautions=(*filter(None, [fitted]), *map(str, find_faults(results))),
    )


def _list_people(labels: Sequence[Annotation]) -> list[Rater]:
    by_person: dict[str, list[Annotation]] = defaultdict(list)
    for label in labels:
        by_person[label.annotator].append(label)
    people = [
        Rater(name, {each.pair_key: each.label for each in given if each.label}, find_drawn(given))
        for name, given in by_person.items()
    ]
    return sorted(people, key=lambda rater: (-len(rater.labels), rater.name))


def _compare(raters: tuple[Rater, ...], tasks: Sequence[Task], is_group: bool = False) -> Iterator[PartAgreement]:
    """Measure the agreement of two raters, or of a group, on all pairs and on each part."""
    numbers = [[_NUMBERS[rater.labels.get(task.pair_key)] for rater in raters] for task in tasks]
    labels = np.array(numbers, dtype=np.int64).reshape(-1, len(raters))
    articles = np.array([task.item.article.id for task in tasks], dtype=object)
    for part, rows in _divide(raters, tasks, labels):
        groups = agreement.number_groups(articles[rows])
        count = agreement.count_groups(groups)
        if is_group:
            measures = [(kappa.krippendorff(labels[rows], groups), agreement.CORRELATION)]
        else:
            one, other = labels[rows].T
            same, beyond_chance = agreement.share(one == other, groups), kappa.cohen(one, other, groups)
            measures = [(same, agreement.SHARE), (beyond_chance, agreement.CORRELATION)]
        figures = [
            agreement.jackknife(each, count, bounds, "article") if count else _NO_PAIR for each, bounds in measures
        ]
        yield PartAgreement(raters, part, int(rows.sum()), tuple(figures))


def _divide(raters: Sequence[Rater], tasks: Sequence[Task], labels: Integers) -> Iterator[tuple[str, Booleans]]:
    """Yield each part, with the rows of ``labels`` (pairs × raters) that are in it and that two raters decided."""
    second = np.sort(labels, axis=1)[:, -2]  # ≥ 0: two raters decided; -2: fewer than two labelled it
    counted: Booleans = second >= 0
    yield ALL, counted
    answered = {task.pair_key for task, label in zip(tasks, second, strict=True) if label != _NUMBERS[None]}
    raters_per_pair = Counter(key for rater in raters for key in rater.drawn_keys)
    drawn = {key for key, count in raters_per_pair.items() if count > 1}
    sample = {task.pair_key for task in select_sample(tasks, answered, drawn)}
    sampled = counted & np.array([task.pair_key in sample for task in tasks], dtype=bool)
    if 0 < sampled.sum() < counted.sum():
        yield DRAWN, sampled
    parts = np.array([task.part for task in tasks], dtype=object)
    for part in dict.fromkeys(parts[counted]):
        yield part, counted & (parts == part)


def _find_disputes(tasks: Sequence[Task], people: Sequence[Rater], verifier: Rater) -> tuple[Dispute, ...]:
    disputes = []
    for task in tasks:
        by_people = {rater.name: rater.labels[task.pair_key] for rater in people if task.pair_key in rater.labels}
        said = verifier.labels[task.pair_key]
        human, machine = set(by_people.values()) - {"uncertain"}, {said} - {"uncertain"}
        if len(human | machine) < 2:
            continue
        kind: Disagreement = "not supported, labels differ"
        if len(human) > 1:
            kind = "people differ"
        elif "supported" in human:
            kind = "supported by people alone"
        elif "supported" in machine:
            kind = "supported by the verifier alone"
        disputes.append(Dispute(task, by_people | {verifier.name: said}, kind))

    def rank(dispute: Dispute) -> tuple[int, float, float]:
        surest = max(max(check.verdict.probabilities.values) for check in dispute.task.checks)
        return get_args(Disagreement).index(dispute.kind), -surest, dispute.task.draw

    return tuple(sorted(disputes, key=rank))


# The report -----------------------------------------------------------------------------------------------------------


def document(
    measured: AnnotatorAgreement,
    estimates: Sequence[Block] = (),
    max_disputes: int = 20,
    judging_url: str = "",
    label_command: str = "harness label",
) -> Document:
    """Show the agreement, the estimates, the confusion tables and the disputes; without labels, say how to start.

    ``judging_url`` is the page that each dispute links to, and ``label_command`` is shown to start labelling.
    """
    title = "Agreement with people"
    if not measured.people:
        text = f"Nobody has labelled any of the {measured.pairs:,} pairs of this run yet. To start: {label_command}"
        return Document(title, answer=(text,), cautions=measured.cautions)
    disputes = _list_disputes(measured.disputes, max_disputes, judging_url)
    titled = (Heading(TITLE, anchor="estimates"), *estimates) if estimates else ()
    blocks = (*_tabulate_agreement(measured), *titled, *_tabulate_confusions(measured), *disputes)
    return Document(title, answer=tuple(describe(measured)), cautions=measured.cautions, blocks=blocks)


def describe(measured: AnnotatorAgreement) -> Iterator[str]:
    people = [f"{rater.name} {len(rater.labels):,}" for rater in measured.people]
    yield f"Labels on these {measured.pairs:,} pairs: {fmt.join_words(people)}."
    if measured.unblinded:
        unblinded = fmt.plural(measured.unblinded, "label")
        yield f"Given with the verdict visible: {unblinded}. Such labels do not show how often the verifier is right."
    if len(measured.people) == 1:
        yield "Only one person gave labels. Agreement among people is unknown until a second person labels some."
    if not measured.sampled:
        yield "The labels contain no random sample of the run yet, so no number here represents all of its verdicts."
    elif measured.sampled < measured.labelled:
        yield (
            "Some labelled pairs were chosen because their verdicts are uncertain. Only the rows "
            f"“{DRAWN}” ({fmt.plural(measured.sampled, 'pair')}) represent all verdicts of the run."
        )
    yield "A pair that either rater left undecided does not count. In brackets: 95% intervals over articles."


def _tabulate_agreement(measured: AnnotatorAgreement) -> Iterator[Table]:
    """Show one row per part. If all intervals are missing for the same reason, the caption says why."""
    for heads, measures, join in (
        (("between", "pairs", "both decided", "same label", "Cohen's κ"), measured.between, " · ".join),
        (("together", "pairs", "two decided", "Krippendorff's α"), measured.among, fmt.join_words),
    ):
        notes = Notes(figure.reason for each in measures for figure in each.figures if figure.value is not None)
        rows: list[list[str | Cell]] = []
        for each in measures:
            raters = join([rater.name for rater in each.raters]) if each.part == ALL else ""
            rows.append([raters, each.part, f"{each.pairs:,}", *(make_cell(figure, notes) for figure in each.figures)])
        if rows:
            yield Table.of(heads, rows, caption=notes.caption, left=frozenset({0, 1}), notes=notes.texts)


def _tabulate_confusions(measured: AnnotatorAgreement) -> Iterator[Block]:
    """Show one rater's labels against another's, for any two raters, separately for facts and claims."""
    tables = []
    for first, second in (each.raters for each in measured.between if each.part == ALL):
        for use in get_args(Use):
            both = [key for key in first.labels.keys() & second.labels.keys() if key[0] == use]
            counts = Counter((first.labels[key], second.labels[key]) for key in both)
            words = {label: MARKS[label].word(use) for label in LABELS}
            given = {label for label, _ in counts}
            rows = [
                (words[label], *(f"{counts[label, other]:,}" for other in LABELS)) for label in LABELS if label in given
            ]
            if rows:
                noun = "facts" if use == "coverage" else "claims"
                tables.append(Table.of((f"{noun}: {first.name} ↓  {second.name} →", *words.values()), rows))
    if tables:
        yield Heading("Who said what", anchor="confusions")
        yield from tables


def _list_disputes(disputes: Sequence[Dispute], most: int, judging_url: str) -> Iterator[Block]:
    """Count the disputes, and list the first ``most`` of them by kind and part."""
    if not disputes:
        return
    yield Heading("In dispute", anchor="disputes")
    counts = Counter((dispute.task.part, dispute.kind) for dispute in disputes)
    kinds = [kind for kind in get_args(Disagreement) if any(dispute.kind == kind for dispute in disputes)]
    rows = [
        (part, *(f"{counts[part, kind]:,}" for kind in kinds), f"{total:,}")
        for part, total in Counter(dispute.task.part for dispute in disputes).most_common()
    ]
    yield Table.of(("kind", *kinds, "all"), rows)
    if len(disputes) > most:
        yield Paragraph(f"The first {most} of {len(disputes):,} follow.", "quiet")
    several = len({dispute.task.item.article.id for dispute in disputes}) > 1
    for kind in kinds:
        by_part: dict[str, dict[str, list[Text]]] = {}
        for dispute in disputes[:most]:
            if dispute.kind == kind:
                statements = by_part.setdefault(dispute.task.part, {})
                statements.setdefault(dispute.task.hypothesis, []).append(_show(dispute, several, judging_url))
        if by_part:
            yield Heading(kind.capitalize(), level=3)
        for part, statements in by_part.items():
            yield Heading(part.capitalize(), level=4)
            yield Listing(tuple(Item(statement, tuple(summaries)) for statement, summaries in statements.items()))


def _show(dispute: Dispute, name_article: bool, judging_url: str) -> Text:
    """Say who gave which label, e.g. ``smollm2/plain, human (reference short): Ann lost, entailment kept``."""
    task = dispute.task
    reference = next((each.id for each in task.item.references if each.text == task.premise), "")
    summaries = set()
    for check in task.checks:
        sample = f" (sample {check.sample + 1})" if check.sample else ""
        summaries.add(check.system + (f" (reference {reference})" if reference else sample))
    summary = fmt.join_words(sorted(summaries)) + (f" · {task.item.article.id}" if name_article else "")
    href = f"{judging_url}?show_verdicts=1&pair={task.id}" if judging_url else ""
    pieces = [Piece(summary, href=href), Piece(":")]
    for rater, label in dispute.labels.items():
        pieces.append(Piece(f"{', ' if len(pieces) > 2 else ' '}{rater} "))
        pieces.append(Piece(MARKS[label].word(task.use), label))
    return tuple(pieces)
