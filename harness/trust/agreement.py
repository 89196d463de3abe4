"""Measure and report how far people agree with each other and with the verifiers of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from harness.data.labels import PairKey
from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Item, Listing, Notes, Paragraph, Piece, Table, Text
from harness.document.labels import MARKS
from harness.records import LABELS, Annotation, Label, Use
from harness.signature import kind_of
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure
from harness.stats.arrays import Booleans, Integers
from harness.stats.resampling import Resampler
from harness.trust.queue import Task, find_drawn, select_sample

_UNDECIDED, _NOT_ASKED = -1, -2
_NUMBERS: Mapping[Label | None, int] = {
    **{label: number for number, label in enumerate(LABELS)},
    "uncertain": _UNDECIDED,
    None: _NOT_ASKED,
}

ALL, DRAWN = "all", "drawn at random"
"""Parts besides those of ``Task.part``. Only the pairs that were drawn represent the whole run."""
_NO_PAIR = Figure(None, reason="no pair has decided labels from two raters")

Fault = Literal[
    "people differ", "supported by the verifier alone", "supported by people alone", "not supported, labels differ"
]
"""Why a pair is in dispute. ``people differ``: they disagree or cannot tell."""


@dataclass(frozen=True, slots=True)
class Rater:
    name: str
    """The annotator's name, or the verifier's kind, numbered if there are several of a kind."""
    labels: Mapping[PairKey, Label]
    drawn_keys: Collection[PairKey]
    """The pairs that a person labelled because they were drawn at random; for a verifier, all pairs."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    first: Rater
    second: Rater
    part: str
    """``ALL``, ``DRAWN`` or a ``Task.part``."""
    pairs: int
    """Number of pairs that both raters decided."""
    same: Figure
    kappa: Figure


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    raters: tuple[str, ...]
    part: str
    pairs: int
    alpha: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two raters' labels of the same facts, or of the same claims, undecided ones included."""

    first: Rater
    second: Rater
    use: Use
    counts: Mapping[Label, Mapping[Label, int]]
    """Number of pairs, by the first rater's label and then the second's."""


@dataclass(frozen=True, slots=True)
class Dispute:
    task: Task
    labels: Mapping[str, Label]
    """Rater's name → label."""
    fault: Fault


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    pairs: int
    labelled: int
    sampled: int
    """Number of labelled pairs that are a random sample of the run."""
    people: tuple[Rater, ...]
    verifiers: tuple[Rater, ...]
    unblinded: int
    """Number of labels given while a verdict was visible."""
    between: tuple[PairAgreement, ...]
    """The agreement of each two people, and of each person with each verifier, on all pairs and on each part."""
    among: tuple[GroupAgreement, ...]
    """The agreement of all people, and of all people with each verifier; empty for fewer than two people."""
    confusions: tuple[Confusion, ...]
    disputes: tuple[Dispute, ...]
    """Sorted by fault, as listed in ``Fault``; within a fault, the most confident verdict comes first."""


def measure_agreement(
    tasks: Sequence[Task], labels: Sequence[Annotation], rng: np.random.Generator
) -> AnnotatorAgreement:
    """Compare people's labels of these pairs with each other and with the verdicts."""
    asked = {task.question for task in tasks}
    people = _list_people([label for label in labels if label.question in asked and label.label is not None])
    verifiers = _list_verifiers(tasks, {person.name for person in people})
    labelled = frozenset(question for person in people for question in person.labels)
    table = _Table(tasks, labelled, Resampler.of(rng, agreement.RESAMPLES))
    rater_pairs = [*combinations(people, 2), *((person, verifier) for person in people for verifier in verifiers)]
    groups = [people, *([*people, verifier] for verifier in verifiers)] if len(people) > 1 else []
    return AnnotatorAgreement(
        pairs=len(tasks),
        labelled=len(labelled),
        sampled=len(select_sample(tasks, labelled, find_drawn(labels))),
        people=tuple(people),
        verifiers=tuple(verifiers),
        unblinded=sum(label.question in asked and not label.shown.blind for label in labels),
        between=tuple(measured for first, second in rater_pairs for measured in table.compare(first, second)),
        among=tuple(measured for raters in groups for measured in table.compare_all(raters)),
        confusions=tuple(_confuse(first, second, use) for first, second in rater_pairs for use in get_args(Use)),
        disputes=_find_disputes(tasks, people, verifiers),
    )


def _list_people(labels: Sequence[Annotation]) -> list[Rater]:
    by_person: dict[str, list[Annotation]] = {}
    for label in labels:
        by_person.setdefault(label.annotator, []).append(label)
    people = [
        Rater(name, {each.question: each.label for each in own if each.label}, find_drawn(own))
        for name, own in by_person.items()
    ]
    return sorted(people, key=lambda rater: (-len(rater.labels), rater.name))


def _list_verifiers(tasks: Sequence[Task], taken: Collection[str]) -> list[Rater]:
    """List the verifiers of these pairs by first occurrence, under names that are not ``taken`` by annotators."""
    by_verifier: dict[str, dict[PairKey, Label]] = {}
    for task in tasks:
        for check in task.checks:
            by_verifier.setdefault(check.verdict.verifier, {})[task.question] = check.verdict.label
    kinds = Counter(kind_of(signature) for signature in by_verifier)
    numbers: Counter[str] = Counter()
    raters = []
    for signature, labels in by_verifier.items():
        kind = kind_of(signature)
        numbers[kind] += 1
        name = f"{kind} {numbers[kind]}" if kinds[kind] > 1 else kind
        while name in taken:
            name += " (verifier)"
        raters.append(Rater(name, labels, labels.keys()))
    return raters


class _Table:
    """The labelled pairs, one per row."""

    def __init__(self, tasks: Sequence[Task], labelled: Collection[PairKey], resampler: Resampler) -> None:
        self._every = tasks
        self._tasks = [task for task in tasks if task.question in labelled]
        self._resampler = resampler
        self._articles = np.array([task.item.article.id for task in self._tasks], dtype=object)
        self._parts = np.array([task.part for task in self._tasks], dtype=object)

    def compare(self, first: Rater, second: Rater) -> Iterator[PairAgreement]:
        labels = self._number_labels((first, second))
        for part, rows in self._divide((first, second), labels):
            (one, other), groups = labels[rows].T, agreement.number_groups(self._articles[rows])
            same = beyond_chance = _NO_PAIR
            if count := agreement.count_groups(groups):
                same = agreement.figure(agreement.share(one == other, groups), count, self._resampler, noun="article")
                beyond_chance = kappa.figure(kappa.cohen(one, other, groups), count, "article")
            yield PairAgreement(first, second, part, one.size, same, beyond_chance)

    def compare_all(self, raters: Sequence[Rater]) -> Iterator[GroupAgreement]:
        labels = self._number_labels(raters)
        names = tuple(rater.name for rater in raters)
        for part, rows in self._divide(raters, labels):
            groups = agreement.number_groups(self._articles[rows])
            count = agreement.count_groups(groups)
            alpha = kappa.figure(kappa.krippendorff(labels[rows], groups), count, "article") if count else _NO_PAIR
            yield GroupAgreement(names, part, int(rows.sum()), alpha)

    def _number_labels(self, raters: Sequence[Rater]) -> Integers:
        """Return pairs × raters: the label's index in ``LABELS``, ``_UNDECIDED`` or ``_NOT_ASKED``."""
        numbers = [[_NUMBERS[rater.labels.get(task.question)] for rater in raters] for task in self._tasks]
        return np.array(numbers, dtype=np.int64).reshape(-1, len(raters))

    def _divide(self, raters: Sequence[Rater], labels: Integers) -> Iterator[tuple[str, Booleans]]:
        """Yield each part, and the rows of the part that at least two raters decided."""
        second = np.sort(labels, axis=1)[:, -2]  # ≥ 0: two raters decided; _NOT_ASKED: fewer than two gave a label
        counted: Booleans = second >= 0
        yield ALL, counted
        answered = {task.question for task, label in zip(self._tasks, second, strict=True) if label != _NOT_ASKED}
        raters_per_pair = Counter(question for rater in raters for question in rater.drawn_keys)
        drawn = {question for question, count in raters_per_pair.items() if count > 1}
        sample = {task.question for task in select_sample(self._every, answered, drawn)}
        sampled = counted & np.array([task.question in sample for task in self._tasks], dtype=bool)
        if 0 < sampled.sum() < counted.sum():
            yield DRAWN, sampled
        for part in dict.fromkeys(self._parts):
            rows = counted & (self._parts == part)
            if rows.any():
                yield part, rows


def _confuse(first: Rater, second: Rater, use: Use) -> Confusion:
    both = [question for question in first.labels.keys() & second.labels.keys() if question[0] == use]
    counts = Counter((first.labels[question], second.labels[question]) for question in both)
    return Confusion(first, second, use, {one: {other: counts[one, other] for other in LABELS} for one in LABELS})


def _find_disputes(tasks: Sequence[Task], people: Sequence[Rater], verifiers: Sequence[Rater]) -> tuple[Dispute, ...]:
    disputes = []
    for task in tasks:
        by_people, by_verifiers = (
            {rater.name: rater.labels[task.question] for rater in raters if task.question in rater.labels}
            for raters in (people, verifiers)
        )
        human, machine = (set(labels.values()) - {"uncertain"} for labels in (by_people, by_verifiers))
        if not by_people or len(human | machine) < 2:
            continue
        fault: Fault = "not supported, labels differ"
        if len(human) != 1:
            fault = "people differ"
        elif "supported" in human:
            fault = "supported by people alone"
        elif "supported" in machine:
            fault = "supported by the verifier alone"
        disputes.append(Dispute(task, by_people | by_verifiers, fault))

    def rank(dispute: Dispute) -> tuple[int, float, float]:
        surest = max(max(check.verdict.probabilities.values) for check in dispute.task.checks)
        return get_args(Fault).index(dispute.fault), -surest, dispute.task.draw

    return tuple(sorted(disputes, key=rank))


# The report -----------------------------------------------------------------------------------------------------------


def document(
    measured: AnnotatorAgreement,
    warnings: Sequence[str] = (),
    more: Sequence[Block] = (),
    max_disputes: int = 20,
    address: Callable[[Dispute], str] = lambda _: "",
) -> Document:
    """Show the agreement, then the blocks ``more``, confusions and disputes; without labels, say how to start.

    ``address`` returns the link of a dispute.
    """
    title = "Agreement with people"
    if not measured.people:
        text = f"Nobody has labelled any of the {measured.pairs:,} pairs of this run yet. To start: harness label"
        return Document(title, answer=(text,))
    disputes = _list_disputes(measured.disputes, max_disputes, address)
    blocks = (*_tabulate_agreement(measured), *more, *_tabulate_confusions(measured), *disputes)
    return Document(title, answer=tuple(describe(measured)), cautions=tuple(warnings), blocks=blocks)


def describe(measured: AnnotatorAgreement) -> Iterator[str]:
    people = [f"{rater.name} {len(rater.labels):,}" for rater in measured.people]
    yield f"Labels on these {measured.pairs:,} pairs: {fmt.join_words(people)}."
    if measured.unblinded:
        unblinded = fmt.plural(measured.unblinded, "label")
        yield f"Given with the verdict visible: {unblinded}. Such labels agree with verdicts more often."
    if len(measured.people) == 1:
        yield "Only one person gave labels. Agreement among people is unknown until a second person labels some."
    if not measured.sampled:
        yield "The labels contain no random sample of the run yet, so no number here represents all of its verdicts."
    elif measured.sampled < measured.labelled:
        yield (
            "The queue also contains pairs picked for their uncertain verdicts. Only the part "
            f"“{DRAWN}” represents all verdicts of the run: {fmt.plural(measured.sampled, 'pair')}."
        )
    yield "A pair that either rater left undecided does not count. In brackets: 95% intervals over articles."


def _tabulate_agreement(measured: AnnotatorAgreement) -> list[Table]:
    pairs = [
        (f"{each.first.name} · {each.second.name}", each.part, each.pairs, (each.same, each.kappa))
        for each in measured.between
    ]
    groups = [(fmt.join_words(each.raters), each.part, each.pairs, (each.alpha,)) for each in measured.among]
    tables = (
        _tabulate(("between", "pairs", "both decided", "same label", "Cohen's κ"), pairs),
        _tabulate(("together", "pairs", "two decided", "Krippendorff's α"), groups),
    )
    return [table for table in tables if table.rows]


def _tabulate(heads: Sequence[str], lines: Sequence[tuple[str, str, int, Sequence[Figure]]]) -> Table:
    """Show one row per part. If all intervals are missing for one reason, the caption gives the reason."""
    notes = Notes(each.reason for *_, numbers in lines for each in numbers if each.value is not None)
    rows: list[list[str | Cell]] = [
        [who if part == ALL else "", part, f"{count:,}", *(notes.estimate(each) for each in numbers)]
        for who, part, count, numbers in lines
    ]
    return Table.of(heads, rows, caption=notes.shared or "", left=frozenset({0, 1}), notes=notes.texts)


def _tabulate_confusions(measured: AnnotatorAgreement) -> Iterator[Block]:
    """Show one rater's labels against the other's, for every two raters, separately for facts and claims."""
    tables = []
    for each in measured.confusions:
        words = {label: MARKS[label].word(each.use) for label in LABELS}
        labels = [label for label in LABELS if any(each.counts[label].values())]
        rows = [(words[label], *(f"{each.counts[label][other]:,}" for other in LABELS)) for label in labels]
        noun = "facts" if each.use == "coverage" else "claims"
        if rows:
            tables.append(Table.of((f"{noun}: {each.first.name} ↓  {each.second.name} →", *words.values()), rows))
    if tables:
        yield Heading("Who said what", anchor="confusions")
        yield from tables


def _list_disputes(disputes: Sequence[Dispute], most: int, address: Callable[[Dispute], str]) -> Iterator[Block]:
    """Count the disputes, and list the first ``most`` of them by fault and part."""
    if not disputes:
        return
    yield Heading("In dispute", anchor="disputes")
    counts = Counter((dispute.task.part, dispute.fault) for dispute in disputes)
    faults = [fault for fault in get_args(Fault) if any(dispute.fault == fault for dispute in disputes)]
    rows = [
        (part, *(f"{counts[part, fault]:,}" for fault in faults), f"{total:,}")
        for part, total in Counter(dispute.task.part for dispute in disputes).most_common()
    ]
    yield Table.of(("kind", *faults, "all"), rows)
    if len(disputes) > most:
        yield Paragraph(f"The first {most} of {len(disputes):,} follow.", "quiet")
    several = len({dispute.task.item.article.id for dispute in disputes}) > 1
    for fault in faults:
        by_part: dict[str, dict[str, list[Text]]] = {}
        for dispute in disputes[:most]:
            if dispute.fault == fault:
                statements = by_part.setdefault(dispute.task.part, {})
                statements.setdefault(dispute.task.hypothesis, []).append(_show(dispute, several, address(dispute)))
        if by_part:
            yield Heading(fault.capitalize(), level=3)
        for part, statements in by_part.items():
            yield Heading(part.capitalize(), level=4)
            yield Listing(tuple(Item(statement, tuple(summaries)) for statement, summaries in statements.items()))


def _show(dispute: Dispute, name_article: bool, address: str) -> Text:
    """Say who gave which label, e.g. ``smollm2/plain, human (reference short): Ann lost, entailment kept``."""
    task = dispute.task
    reference = next((each.id for each in task.item.references if each.text == task.premise), "")
    summaries = set()
    for check in task.checks:
        sample = f" (sample {check.sample + 1})" if check.sample else ""
        summaries.add(check.system + (f" (reference {reference})" if reference else sample))
    summary = fmt.join_words(sorted(summaries)) + (f" · {task.item.article.id}" if name_article else "")
    pieces = [Piece(summary, href=address), Piece(":")]
    for rater, label in dispute.labels.items():
        pieces.append(Piece(f"{', ' if len(pieces) > 2 else ' '}{rater} "))
        pieces.append(Piece(MARKS[label].word(task.use), label))
    return tuple(pieces)
