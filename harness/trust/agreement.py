"""Measure how far people agree with each other and with the verifiers of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from harness.data.people import PairKey
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
"""Parts in addition to those of ``Task.part``. Only the drawn pairs represent the whole run."""
_NO_PAIR = Figure(None, reason="no pair has decided labels from two raters")

Fault = Literal["people differ", "false support", "missed support", "wrong kind of false"]
"""Why a pair is in dispute: people disagree or cannot tell; only the verifier says supported; only people say
supported; people and the verifier differ on contradicted and absent."""


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
    """Two raters' labels of the same facts, or of the same claims, including undecided labels."""

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
            if count := agreement.group_count(groups):
                same = agreement.figure(agreement.share(one == other, groups), count, self._resampler, noun="article")
                beyond_chance = kappa.figure(kappa.cohen(one, other, groups), count, "article")
            yield PairAgreement(first, second, part, one.size, same, beyond_chance)

    def compare_all(self, raters: Sequence[Rater]) -> Iterator[GroupAgreement]:
        labels = self._number_labels(raters)
        names = tuple(rater.name for rater in raters)
        for part, rows in self._divide(raters, labels):
            groups = agreement.number_groups(self._articles[rows])
            count = agreement.group_count(groups)
            alpha = kappa.figure(kappa.krippendorff(labels[rows], groups), count, "article") if count else _NO_PAIR
            yield GroupAgreement(names, part, int(rows.sum()), alpha)

    def _number_labels(self, raters: Sequence[Rater]) -> Integers:
        """Return pairs × raters: the label's index in ``LABELS``, ``_UNDECIDED`` or ``_NOT_ASKED``."""
        numbers = [[_NUMBERS[rater.labels.get(task.question)] for rater in raters] for task in self._tasks]
        return np.array(numbers, dtype=np.int64).reshape(-1, len(raters))

    def _divide(self, raters: Sequence[Rater], labels: Integers) -> Iterator[tuple[str, Booleans]]:
        """Yield each part, and the rows of the part that at least two raters decided."""
        second = np.sort(labels, axis=1)[:, -2]  # the second-highest number of each row
        counted: Booleans = second >= 0
        yield ALL, counted
        answered = {task.question for task, label in zip(self._tasks, second, strict=True) if label != _NOT_ASKED}
        times = Counter(question for rater in raters for question in rater.drawn_keys)
        drawn = {question for question, count in times.items() if count > 1}
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
        fault: Fault = "wrong kind of false"
        if len(human) != 1:
            fault = "people differ"
        elif "supported" in human:
            fault = "missed support"
        elif "supported" in machine:
            fault = "false support"
        disputes.append(Dispute(task, by_people | by_verifiers, fault))

    def rank(dispute: Dispute) -> tuple[int, float, float]:
        surest = max(max(check.verdict.probabilities.values) for check in dispute.task.checks)
        return get_args(Fault).index(dispute.fault), -surest, dispute.task.draw

    return tuple(sorted(disputes, key=rank))
