"""How far people agree with each other and with the verifiers on the pairs of a run, and where they do not.

A pair of which a rater could not tell (uncertain) says nothing of how two raters agree; it is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from harness.data.labels.pair_key import PairKey
from harness.records import LABELS, Annotation, Label, Use
from harness.signature import kind_of
from harness.stats import agreement, kappa
from harness.stats.agreement import Figure, Measure
from harness.stats.arrays import Booleans, Integers
from harness.stats.resampling import Resampler
from harness.trust.labelling.queue import Task, drawn, labelled_when_drawn

_UNDECIDED, _NOT_ASKED = -1, -2
_NO_PAIR = "there is no pair that both decided"
_NUMBERS: Mapping[Label | None, int] = {
    **{label: number for number, label in enumerate(LABELS)},
    "uncertain": _UNDECIDED,
    None: _NOT_ASKED,
}

ALL, DRAWN, CLAIMS, REMOVED = "all", "drawn at random", "claims", "removed facts"
"""Parts of the pairs beside the kinds of facts; what is drawn at random stands for the whole run."""


@dataclass(frozen=True, slots=True)
class Rater:
    """A person or a verifier, and what they say of each pair."""

    name: str
    """The annotator's name; the verifier's kind, numbered where several are of one kind. Each rater has another."""
    labels: Mapping[PairKey, Label]
    drawn_keys: Collection[PairKey]
    """What they were asked because it was drawn at random; all of it of a verifier, which is asked everything."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two raters on the pairs that both decided."""

    first: Rater
    second: Rater
    part: str
    """``ALL``, ``DRAWN``, a kind of fact, ``CLAIMS`` or ``REMOVED``."""
    pairs: int
    same: Figure
    """Share of the pairs to which both gave one label."""
    kappa: Figure


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """Several raters on the pairs that at least two of them decided."""

    raters: tuple[str, ...]
    part: str
    pairs: int
    alpha: Figure


@dataclass(frozen=True, slots=True)
class Confusion:
    """What two raters said of the facts, or of the claims, that both were asked of, uncertain ones among them."""

    first: Rater
    second: Rater
    use: Use
    counts: Mapping[Label, Mapping[Label, int]]
    """The first one's label → the second one's → pairs."""


Fault = Literal["people differ", "false support", "missed support", "wrong kind of false"]
"""What went wrong with a pair in dispute: people differ or cannot tell; a verifier supports what people do not; it does
not support what people do; it takes contradicted for absent, or absent for contradicted."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A pair that raters give different labels to."""

    task: Task
    labels: Mapping[str, Label]
    """Rater → label; uncertain ones too."""
    fault: Fault

    @property
    def part(self) -> str:
        """The kind of the fact, ``CLAIMS``, or ``REMOVED`` of a fact that is no longer written."""
        return _part(self.task)


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """All of it; empty where nobody labelled a pair of the run."""

    pairs: int
    """Different pairs of the run."""
    labelled: int
    """Those of them that anybody was asked of."""
    sampled: int
    """Those of them that are a random sample of the run."""
    people: tuple[Rater, ...]
    verifiers: tuple[Rater, ...]
    in_sight: int
    """Labels that were given with a verdict in sight."""
    between: tuple[PairAgreement, ...]
    """Two people, or a person and a verifier; each on all pairs first, then part by part."""
    among: tuple[GroupAgreement, ...]
    """Where there are several people: they, and they with each verifier."""
    confusions: tuple[Confusion, ...]
    disputes: tuple[Dispute, ...]
    """By what went wrong, first those among people; then the verdicts that were surest."""


def agreement_of(tasks: Sequence[Task], labels: Sequence[Annotation], rng: np.random.Generator) -> AnnotatorAgreement:
    """The labels that hold against each other and against the verdicts."""
    humans = _people(tasks, labels)
    machines = _verifiers(tasks, {human.name for human in humans})
    questions = frozenset(question for human in humans for question in human.labels)
    table = _Table(tasks, humans, Resampler.of(rng, agreement.RESAMPLES))
    twos = [*combinations(humans, 2), *((human, machine) for human in humans for machine in machines)]
    return AnnotatorAgreement(
        pairs=len(tasks),
        labelled=len(questions),
        sampled=len(drawn(tasks, questions, labelled_when_drawn(labels))),
        people=tuple(humans),
        verifiers=tuple(machines),
        in_sight=_in_sight(tasks, labels),
        between=tuple(figure for first, second in twos for figure in table.between(first, second)),
        among=tuple(figure for raters in _rater_groups(humans, machines) for figure in table.among(raters)),
        confusions=tuple(_confusion(first, second, use) for first, second in twos for use in get_args(Use)),
        disputes=_disputes(tasks, humans, machines),
    )


def _people(tasks: Sequence[Task], labels: Sequence[Annotation]) -> list[Rater]:
    """The annotators, who gave most labels to these pairs first; a label that does not hold must not be among them."""
    questions = {task.question for task in tasks}
    by_person: dict[str, list[Annotation]] = {}
    for label in labels:
        if label.question in questions and label.label is not None:
            by_person.setdefault(label.annotator, []).append(label)
    people = [
        Rater(name, {each.question: each.label for each in own if each.label}, labelled_when_drawn(own))
        for name, own in by_person.items()
    ]
    return sorted(people, key=lambda rater: (-len(rater.labels), rater.name))


def _verifiers(tasks: Sequence[Task], taken: Collection[str]) -> list[Rater]:
    """The verifiers that judged these pairs, in the order in which they are met; ``taken``: names of people."""
    by_verifier: dict[str, dict[PairKey, Label]] = {}
    for task in tasks:
        for check in task.checks:
            by_verifier.setdefault(check.verdict.verifier, {})[task.question] = check.verdict.label
    kinds = Counter(kind_of(signature) for signature in by_verifier)
    met: Counter[str] = Counter()
    raters = []
    for signature, labels in by_verifier.items():
        kind = kind_of(signature)
        met[kind] += 1
        name = f"{kind} {met[kind]}" if kinds[kind] > 1 else kind
        while name in taken:
            name += " (verifier)"
        raters.append(Rater(name, labels, labels.keys()))
    return raters


class _Table:
    """The labelled pairs as rows, in the parts that numbers are given for."""

    def __init__(self, tasks: Sequence[Task], humans: Sequence[Rater], resampler: Resampler) -> None:
        labelled = {question for human in humans for question in human.labels}
        self._every = sorted(tasks, key=lambda task: task.draw)
        self._tasks = [task for task in tasks if task.question in labelled]
        self._resampler = resampler
        self._articles = np.array([task.item.article.id for task in self._tasks], dtype=object)
        self._parts = np.array([_part(task) for task in self._tasks], dtype=object)

    def between(self, first: Rater, second: Rater) -> Iterator[PairAgreement]:
        """The two on all pairs, and on every part of which both decided a pair."""
        labels = self._labels((first, second))
        for part, rows in self._divided((first, second), labels.min(axis=1)):
            (one, other), groups = labels[rows].T, self._groups(rows)
            same = self._share(one == other, groups)
            beyond = _beyond_chance(kappa.cohen(one, other, groups), groups)
            yield PairAgreement(first, second, part, one.size, same, beyond)

    def among(self, raters: Sequence[Rater]) -> Iterator[GroupAgreement]:
        """The raters on all pairs, and on every part of which two decided a pair."""
        labels = self._labels(raters)
        names = tuple(rater.name for rater in raters)
        for part, rows in self._divided(raters, np.sort(labels, axis=1)[:, -2]):
            groups = self._groups(rows)
            alpha = _beyond_chance(kappa.krippendorff(labels[rows], groups), groups)
            yield GroupAgreement(names, part, int(rows.sum()), alpha)

    def _labels(self, raters: Sequence[Rater]) -> Integers:
        """Pairs × raters: the number of the label, ``_UNDECIDED`` or ``_NOT_ASKED``."""
        numbers = [[_NUMBERS[rater.labels.get(task.question)] for rater in raters] for task in self._tasks]
        return np.array(numbers, dtype=np.int64).reshape(-1, len(raters))

    def _divided(self, raters: Sequence[Rater], least: Integers) -> Iterator[tuple[str, Booleans]]:
        """The rows that count, and those of each part that has one; ``least``: of the labels that a row needs."""
        counted: Booleans = least >= 0
        yield ALL, counted
        sample = self._sample(raters, least > _NOT_ASKED) & counted
        if 0 < sample.sum() < counted.sum():
            yield DRAWN, sample
        for part in dict.fromkeys(self._parts):
            rows = counted & (self._parts == part)
            if rows.any():
                yield part, rows

    def _sample(self, raters: Sequence[Rater], answered: Booleans) -> Booleans:
        """The rows of the random sample of what was answered; two of the raters were asked because it was drawn."""
        questions = {task.question for task, is_answered in zip(self._tasks, answered, strict=True) if is_answered}
        times = Counter(question for rater in raters for question in rater.drawn_keys)
        drawn_keys = {question for question, count in times.items() if count > 1}
        sample = {task.question for task in drawn(self._every, questions, drawn_keys)}
        return np.array([task.question in sample for task in self._tasks], dtype=bool)

    def _groups(self, rows: Booleans) -> Integers:
        return agreement.numbered(self._articles[rows])

    def _share(self, same: Booleans, groups: Integers) -> Figure:
        if not groups.size:
            return Figure(None, reason=_NO_PAIR)
        return agreement.figure(
            agreement.share(same, groups), agreement.group_count(groups), self._resampler, called="article"
        )


def _beyond_chance(measure: Measure, groups: Integers) -> Figure:
    return (
        kappa.figure(measure, agreement.group_count(groups), "article")
        if groups.size
        else Figure(None, reason=_NO_PAIR)
    )


def _in_sight(tasks: Sequence[Task], labels: Sequence[Annotation]) -> int:
    questions = {task.question for task in tasks}
    return sum(label.question in questions and not label.shown.blind for label in labels)


def _rater_groups(humans: Sequence[Rater], machines: Sequence[Rater]) -> Iterator[Sequence[Rater]]:
    """Groups for α: all people, then people with each verifier; none for one person, where κ covers it."""
    if len(humans) > 1:
        yield humans
        yield from ([*humans, machine] for machine in machines)


def _confusion(first: Rater, second: Rater, use: Use) -> Confusion:
    both = [question for question in first.labels.keys() & second.labels.keys() if question[0] == use]
    counts = Counter((first.labels[question], second.labels[question]) for question in both)
    return Confusion(first, second, use, {one: {other: counts[one, other] for other in LABELS} for one in LABELS})


def _disputes(tasks: Sequence[Task], humans: Sequence[Rater], machines: Sequence[Rater]) -> tuple[Dispute, ...]:
    disputes = []
    for task in tasks:
        by_people, by_verifiers = _labels_of(task, humans), _labels_of(task, machines)
        everybody = by_people | by_verifiers
        if by_people and len(_decided(everybody)) > 1:
            disputes.append(Dispute(task, everybody, _fault(_decided(by_people), _decided(by_verifiers))))
    faults = get_args(Fault)
    return tuple(sorted(disputes, key=lambda each: (faults.index(each.fault), -_surest(each.task), each.task.draw)))


def _fault(by_people: set[Label], by_verifiers: set[Label]) -> Fault:
    if len(by_people) != 1:
        return "people differ"
    if "supported" in by_people:
        return "missed support"
    return "false support" if "supported" in by_verifiers else "wrong kind of false"


def _part(task: Task) -> str:
    if task.use == "grounding":
        return CLAIMS
    return task.fact.kind if task.fact else REMOVED


def _labels_of(task: Task, raters: Sequence[Rater]) -> dict[str, Label]:
    return {rater.name: rater.labels[task.question] for rater in raters if task.question in rater.labels}


def _decided(labels: Mapping[str, Label]) -> set[Label]:
    return set(labels.values()) - {"uncertain"}


def _surest(task: Task) -> float:
    return max(max(check.verdict.probabilities.values) for check in task.checks)
